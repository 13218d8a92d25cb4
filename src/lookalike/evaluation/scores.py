"""Raw scores of a verification run, as they are stored."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.errors import EvaluationError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Setting:
    """What was measured.

    Parameters
    ----------
    data : str
        The set, for example ``"lfw"``.
    detector, encoder : str
        Names of model cards.
    views : int
        Views averaged in each vector.
    metric : str
        The distance.
    """

    data: str
    detector: str
    encoder: str
    views: int
    metric: str

    @property
    def slug(self) -> str:
        """A file name that says it all."""
        return f"{self.data}-{self.detector}-{self.encoder}-v{self.views}-{self.metric}"


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Distances of pairs whose answer is known.

    Parameters
    ----------
    setting : Setting
        What was measured.
    distances : ndarray of shape (n,), float64
        Smaller is closer; +inf where a face was not found.
    same : ndarray of shape (n,), bool
        Whether a pair shows one person.
    folds : ndarray of shape (n,), int64
        The fold of each pair.
    photos : int
        Photos that were looked at.
    missed : tuple of str
        Photos in which no face was found.
    ms_a_photo : float
        Mean time for one photo, from file to vector, in milliseconds.
    """

    setting: Setting
    distances: NDArray[np.float64]
    same: NDArray[np.bool_]
    folds: NDArray[np.int64]
    photos: int
    missed: tuple[str, ...]
    ms_a_photo: float

    def save(self, path: Path) -> None:
        """Write the scores as JSON.

        Parameters
        ----------
        path : Path
            The file; its folder is made.

        Raises
        ------
        EvaluationError
            If it cannot be written.
        """
        fields: dict[str, Any] = {
            "setting": asdict(self.setting),
            "photos": self.photos,
            "missed": list(self.missed),
            "ms_a_photo": round(self.ms_a_photo, 2),
            "folds": self.folds.tolist(),
            "same": self.same.astype(int).tolist(),
            "distances": [
                round(float(d), _DIGITS) if np.isfinite(d) else None for d in self.distances
            ],
        }
        lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(v)}" for key, v in fields.items())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{{\n{lines}\n}}\n", "utf-8")
        except OSError as error:
            raise EvaluationError(f"cannot write {path}: {error.strerror}") from error

    @classmethod
    def load(cls, path: Path) -> Scores:
        """Read scores that `save` wrote.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        Scores
            As they were measured, to five digits.

        Raises
        ------
        EvaluationError
            If the file does not hold scores.
        """
        try:
            fields = json.loads(path.read_text("utf-8"))
            return cls(
                Setting(**fields["setting"]),
                np.array([np.inf if d is None else d for d in fields["distances"]], np.float64),
                np.array(fields["same"], bool),
                np.array(fields["folds"], np.int64),
                int(fields["photos"]),
                tuple(fields["missed"]),
                float(fields["ms_a_photo"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"{path} does not hold scores: {error}") from error

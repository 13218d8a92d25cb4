"""Raw scores of pairs whose answer is known, as they are stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.errors import EvaluationError
from lookalike.evaluation.beyond import Beyond
from lookalike.evaluation.cast import Cast
from lookalike.evaluation.stored import Stored, read, write
from lookalike.types._check import check_same_length

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Setting:
    """What was measured.

    Parameters
    ----------
    data : str
        The set, for example ``"lfw"``.
    detector, encoder : str
        Names of model cards; the detector is empty if it is not known.
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


@dataclass(frozen=True, slots=True)
class Origin:
    """What scores can be held against: the same digests, the same numbers.

    Parameters
    ----------
    space : str
        The digest of the space of the vectors, see `lookalike.types.Space`.
    data : str
        SHA-256 of what was measured: of the list of pairs, or of the gallery's photos.
    version : str
        The lookalike that measured.
    options : mapping of str to JSON value
        What else was chosen.
    """

    space: str = ""
    data: str = ""
    version: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)


def _no_sides() -> NDArray[np.int32]:
    return np.empty((0, 2), np.int32)


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
        The fold of each pair; -1 where there are none.
    photos : int
        Photos that were looked at.
    missed : tuple of str
        Photos in which no face was found.
    ms_a_photo : float
        Mean time for one photo, from file to vector, in milliseconds; 0 if it was not measured.
    sides : ndarray of shape (n, 2), int32
        The two photos of each pair: positions in `cast`. Empty if they are not known.
    cast : Cast, optional
        Who is in the photos.
    beyond : Beyond, optional
        If only the nearest pairs of two people are listed: all the others, counted. The list
        then holds every pair of the cast's photos that is nearer, and every pair of one person.
    origin : Origin, optional
        With what, and on what, this was measured.

    Raises
    ------
    ArrayError
        If the columns are of different lengths.
    """

    setting: Setting
    distances: NDArray[np.float64]
    same: NDArray[np.bool_]
    folds: NDArray[np.int64]
    photos: int
    missed: tuple[str, ...]
    ms_a_photo: float
    sides: NDArray[np.int32] = field(default_factory=_no_sides)
    cast: Cast | None = None
    beyond: Beyond | None = None
    origin: Origin = field(default_factory=Origin)

    def __post_init__(self) -> None:
        """Check that every column speaks of the same pairs."""
        check_same_length("Scores", distances=self.distances, same=self.same, folds=self.folds)
        if self.cast is not None:
            check_same_length("Scores", distances=self.distances, sides=self.sides)

    @property
    def strangers(self) -> int:
        """How many pairs of two people there are, listed or counted."""
        listed = int(np.count_nonzero(~self.same))
        return listed + (self.beyond.total if self.beyond else 0)

    @property
    def limit(self) -> float:
        """The distance up to which every pair is listed; infinite if all are."""
        return float(self.beyond.edges[0]) if self.beyond else float("inf")

    def people_of(self, side: int) -> NDArray[np.int32]:
        """Return the person on one side of each pair.

        Parameters
        ----------
        side : {0, 1}
            Which side.

        Returns
        -------
        ndarray of shape (n,), int32
            Positions in the cast's people.

        Raises
        ------
        EvaluationError
            If the scores do not say who is in the photos.
        """
        if self.cast is None:
            raise EvaluationError(
                "these scores do not say who is in the photos",
                "measure again: scores of this version do",
            )
        return np.asarray(self.cast.owners[self.sides[:, side]], np.int32)

    def save(self, path: Path) -> None:
        """Write the scores.

        Parameters
        ----------
        path : Path
            The file; its folder is made. JSON if its name ends so, npz otherwise.

        Raises
        ------
        EvaluationError
            If it cannot be written.
        """
        header: dict[str, Any] = {
            "setting": asdict(self.setting),
            "origin": asdict(self.origin),
            "photos": self.photos,
            "missed": list(self.missed),
            "ms_a_photo": round(self.ms_a_photo, 2),
        }
        arrays: dict[str, NDArray[Any]] = {
            "distances": self.distances.astype(np.float32),
            "same": self.same,
            "folds": self.folds.astype(np.int32),
        }
        if self.cast is not None:
            header["cast"] = self.cast.fields()
            arrays["sides"] = self.sides
            arrays["owners"] = self.cast.owners
            arrays["numbers"] = self.cast.numbers
        if self.beyond is not None:
            arrays["edges"], arrays["counts"] = self.beyond.edges, self.beyond.counts
        write(path, Stored("pairs", header, arrays))

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
            As they were measured, to the seven digits of a float32.

        Raises
        ------
        EvaluationError
            If the file does not hold scores of pairs.
        """
        return cls.of(read(path), path)

    @classmethod
    def of(cls, stored: Stored, path: Path) -> Scores:
        """Make scores of what a file holds.

        Parameters
        ----------
        stored : Stored
            What it holds.
        path : Path
            The file, for errors.

        Returns
        -------
        Scores
            Checked.

        Raises
        ------
        EvaluationError
            If it does not hold scores of pairs.
        """
        header, arrays = stored.header, stored.arrays
        try:
            cast = beyond = None
            if "cast" in header:
                cast = Cast.read(header["cast"], arrays["owners"], arrays["numbers"])
                sides = arrays["sides"]
                if sides.ndim != 2 or (len(sides) and int(sides.max()) >= len(cast.photos)):
                    raise ValueError("pairs of photos that are not there")  # noqa: TRY301
            if "edges" in arrays:
                beyond = Beyond(arrays["edges"], arrays["counts"])
            return cls(
                Setting(**header["setting"]),
                arrays["distances"].astype(np.float64),
                arrays["same"].astype(bool),
                arrays["folds"].astype(np.int64),
                int(header["photos"]),
                tuple(header["missed"]),
                float(header["ms_a_photo"]),
                arrays.get("sides", _no_sides()),
                cast,
                beyond,
                Origin(**header.get("origin", {})),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EvaluationError(f"{path} does not hold scores of pairs: {error}") from error

"""Raw scores of identification: every photo has asked who it is, without being there itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import EvaluationError
from lookalike.evaluation.cast import Cast
from lookalike.evaluation.scores import Origin, Setting
from lookalike.evaluation.stored import Stored, read, write
from lookalike.types._check import check_array

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

#: Nearest people that are kept of every answer: ten, and the right one among them.
KEPT: Final = 11


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What every photo was answered, by one metric and one way to rank people.

    Parameters
    ----------
    metric, rank : str
        How the distance to somebody was taken.
    own : ndarray of shape (n,), float32
        The distance to the photo's own person, by that person's other photos; +inf if there are
        none.
    other : ndarray of shape (n,), float32
        The distance to the nearest other person.
    place : ndarray of shape (n,), int32
        The rank of the own person, from 1; 0 if there is no other photo. Of two people at one
        distance the wrong one comes first.
    top : ndarray of shape (n, k), int32
        The nearest people, positions in the cast, nearest first; padded with -1.
    distances : ndarray of shape (n, k), float32
        Their distances; padded with +inf.
    of_first : ndarray of shape (n, k), float32
        The distances, by this metric and ranking, of the people in `top` of the first answers
        that were measured together with these.

    Raises
    ------
    ArrayError
        If a column has another shape or dtype.
    """

    metric: str
    rank: str
    own: NDArray[np.float32]
    other: NDArray[np.float32]
    place: NDArray[np.int32]
    top: NDArray[np.int32]
    distances: NDArray[np.float32]
    of_first: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Check shapes and dtypes."""
        n, k = len(self.own), self.top.shape[-1]
        for name in ("own", "other"):
            check_array(f"Answers.{name}", getattr(self, name), (n,), np.float32)
        check_array("Answers.place", self.place, (n,), np.int32)
        check_array("Answers.top", self.top, (n, "k"), np.int32)
        for name in ("distances", "of_first"):
            check_array(f"Answers.{name}", getattr(self, name), (n, k), np.float32)

    @property
    def key(self) -> str:
        """The metric and the ranking."""
        return f"{self.metric}, {self.rank}"


_COLUMNS: Final = ("own", "other", "place", "top", "distances", "of_first")


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Every photo of a gallery has asked who it is.

    Parameters
    ----------
    setting : Setting
        What was measured; its metric is empty.
    cast : Cast
        Who is in the photos.
    answers : tuple of Answers
        For each metric and ranking.
    origin : Origin
        With what, and on what, this was measured.
    """

    setting: Setting
    cast: Cast
    answers: tuple[Answers, ...]
    origin: Origin = field(default_factory=Origin)

    def of(self, metric: str, rank: str = "nearest") -> Answers:
        """Return the answers of one metric and ranking.

        Parameters
        ----------
        metric, rank : str
            Which.

        Returns
        -------
        Answers
            Those.

        Raises
        ------
        EvaluationError
            If they were not measured.
        """
        for one in self.answers:
            if (one.metric, one.rank) == (metric, rank):
                return one
        there = "; ".join(one.key for one in self.answers)
        raise EvaluationError(f"{metric}, {rank} was not measured", f"there are: {there}")

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
            "cast": self.cast.fields(),
            "answers": [[one.metric, one.rank] for one in self.answers],
        }
        arrays: dict[str, NDArray[Any]] = {"owners": self.cast.owners, "numbers": self.cast.numbers}
        for at, one in enumerate(self.answers):
            arrays |= {f"{at}_{name}": getattr(one, name) for name in _COLUMNS}
        write(path, Stored("asked", header, arrays))

    @classmethod
    def load(cls, path: Path) -> Asked:
        """Read scores that `save` wrote.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        Asked
            The same.

        Raises
        ------
        EvaluationError
            If the file does not hold such scores.
        """
        return cls.read(read(path), path)

    @classmethod
    def read(cls, stored: Stored, path: Path) -> Asked:
        """Make scores of what a file holds.

        Parameters
        ----------
        stored : Stored
            What it holds.
        path : Path
            The file, for errors.

        Returns
        -------
        Asked
            Checked.

        Raises
        ------
        EvaluationError
            If it does not hold such scores.
        """
        header, arrays = stored.header, stored.arrays
        try:
            cast = Cast.read(header["cast"], arrays["owners"], arrays["numbers"])
            answers = tuple(
                Answers(metric, rank, *(arrays[f"{at}_{name}"] for name in _COLUMNS))
                for at, (metric, rank) in enumerate(header["answers"])
            )
            if any(len(one.own) != len(cast.photos) for one in answers):
                raise ValueError("answers of other photos")  # noqa: TRY301
            origin = Origin(**header.get("origin", {}))
            return cls(Setting(**header["setting"]), cast, answers, origin)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EvaluationError(
                f"{path} does not hold scores of identification: {error}",
                "such scores come from: lookalike evaluate gallery GALLERY -o scores.npz",
            ) from error

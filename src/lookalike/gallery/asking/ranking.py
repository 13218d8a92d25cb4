"""How people are ranked.

A person with many photos is one person. Three ways to say how far a face is from somebody:
to the nearest photo, on average to the nearest few, or to the mean of all photos.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from lookalike.errors import OptionError
from lookalike.gallery.where import parse

if TYPE_CHECKING:
    from numpy.typing import NDArray


Rank = Literal["nearest", "mean", "centroid"]

#: How many photos of a match are given as evidence, and how many the mean takes.
EVIDENCE: Final = 3


@dataclass(frozen=True, slots=True)
class FindOptions:
    """How look-alikes are ranked.

    Parameters
    ----------
    k : int
        How many people, 1 and up.
    metric : str
        A name of the registry.
    rank : {"nearest", "mean", "centroid"}
        A person's distance: to the nearest photo, the mean over the nearest `EVIDENCE` photos,
        or to the mean of all photos.
    everyone : bool
        Whether to rank everybody, where a gallery says who is well known.
    min_quality : float
        The quality that a face must have to be answered, 0 to 1; 0 answers all.
    where : str
        Who may be named, see `lookalike.gallery.where`; empty for no condition.
    fair : bool
        Whether people who are near to everybody count as much farther away, see
        `lookalike.gallery.asking.fairness`.
    like_me : str
        An attribute that those who are named must share with the face, guessed from it; empty for
        none. See `lookalike.gallery.asking.probe`.
    sure : float
        How sure the guess must be, 0.5 to 1; where it is not, everybody is ranked.
    """

    k: int = 5
    metric: str = "euclidean"
    rank: Rank = "nearest"
    everyone: bool = False
    min_quality: float = 0.0
    where: str = ""
    fair: bool = False
    like_me: str = ""
    sure: float = 0.9

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.k < 1:
            raise OptionError(f"k must be at least 1, got {self.k}", "ask for one person or more")
        if self.rank not in get_args(Rank):
            choices = ", ".join(get_args(Rank))
            raise OptionError(f"there is no ranking named {self.rank!r}", f"known: {choices}")
        if not 0.5 <= self.sure <= 1:
            raise OptionError(f"sure must be from 0.5 to 1, got {self.sure}")
        if self.where:
            parse(self.where)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person as ranked for one face.

    Parameters
    ----------
    group : int
        The person's position in the gallery.
    distance : float
        Smaller is closer.
    faces : tuple of int
        The positions of the faces that the distance rests on, nearest first.
    """

    group: int
    distance: float
    faces: tuple[int, ...]


def centroids(vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean vector of each person.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    groups : ndarray of shape (n,), int64
        The person of each row, numbered from 0 without gaps.

    Returns
    -------
    ndarray of shape (p, d), float32
        Means of the raw rows.
    """
    sums = np.zeros((int(groups.max(initial=-1)) + 1, vectors.shape[1]))
    np.add.at(sums, groups, vectors)
    counts = np.bincount(groups, minlength=len(sums))
    return (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)

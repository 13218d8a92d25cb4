"""From nearest photos to nearest people.

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

    from lookalike.protocols import Index
    from lookalike.types import Neighbors

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
        `lookalike.gallery.fairness`.
    like_me : str
        An attribute that those who are named must share with the face, guessed from it; empty for
        none. See `lookalike.gallery.probe`.
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


def nearest_people(
    index: Index, queries: NDArray[np.float32], groups: NDArray[np.int64], k: int
) -> list[list[Ranked]]:
    """Rank people by their nearest photo.

    Parameters
    ----------
    index : Index
        Over all photos.
    queries : ndarray of shape (m, d), float32
        Raw rows.
    groups : ndarray of shape (n,), int64
        The person of each photo.
    k : int
        How many people.

    Returns
    -------
    list of list of Ranked
        For each query, nearest first.

    Notes
    -----
    The search widens until `k` different people have come up.
    """
    people = min(k, int(groups.max(initial=-1)) + 1)  # numbered without gaps
    width = min(4 * k, len(index))
    while True:
        neighbors = index.search(queries, width)
        ranked = [
            _by_nearest(rows, distances, groups)[:k]
            for rows, distances in zip(neighbors.rows, neighbors.distances, strict=True)
        ]
        if width >= len(index) or all(len(found) >= people for found in ranked):
            return ranked
        width = min(4 * width, len(index))


def _by_nearest(
    rows: NDArray[np.int64], distances: NDArray[np.float32], groups: NDArray[np.int64]
) -> list[Ranked]:
    """Group one query's neighbors by person, in order of each person's nearest."""
    found: dict[int, list[int]] = {}
    best: dict[int, float] = {}
    for row, distance in zip(rows.tolist(), distances.tolist(), strict=True):
        if row < 0:
            break
        group = int(groups[row])
        best.setdefault(group, distance)
        found.setdefault(group, []).append(row)
    return [Ranked(group, best[group], tuple(faces[:EVIDENCE])) for group, faces in found.items()]


def mean_people(
    index: Index, queries: NDArray[np.float32], groups: NDArray[np.int64], k: int
) -> list[list[Ranked]]:
    """Rank people by the mean distance to their nearest few photos.

    Parameters
    ----------
    index : Index
        Over all photos.
    queries : ndarray of shape (m, d), float32
        Raw rows.
    groups : ndarray of shape (n,), int64
        The person of each photo.
    k : int
        How many people.

    Returns
    -------
    list of list of Ranked
        For each query, nearest first. Somebody with fewer photos is judged by those there are.
    """
    neighbors = index.search(queries, len(index))
    return [
        _by_mean(rows, distances, groups)[:k]
        for rows, distances in zip(neighbors.rows, neighbors.distances, strict=True)
    ]


def _by_mean(
    rows: NDArray[np.int64], distances: NDArray[np.float32], groups: NDArray[np.int64]
) -> list[Ranked]:
    # Neighbors come nearest first: a stable sort by person leaves each person's photos so.
    order = np.argsort(groups[rows], kind="stable")
    sorted_groups = groups[rows][order]
    starts = np.flatnonzero(np.r_[True, np.diff(sorted_groups) > 0])
    ends = np.minimum(np.r_[starts[1:], len(rows)], starts + EVIDENCE)
    ranked = [
        Ranked(
            int(sorted_groups[start]),
            float(distances[order[start:end]].mean()),
            tuple(rows[order[start:end]].tolist()),
        )
        for start, end in zip(starts, ends, strict=True)
    ]
    return sorted(ranked, key=lambda person: person.distance)


def direct_people(neighbors: Neighbors, groups: NDArray[np.int64]) -> list[list[Ranked]]:
    """Rank people where the rows of the index are people already.

    Parameters
    ----------
    neighbors : Neighbors
        Rows are people.
    groups : ndarray of shape (n,), int64
        The person of each photo.

    Returns
    -------
    list of list of Ranked
        For each query, nearest first; the evidence is the person's first photos.
    """
    return [
        [
            Ranked(group, distance, tuple(np.flatnonzero(groups == group)[:EVIDENCE].tolist()))
            for group, distance in zip(rows.tolist(), distances.tolist(), strict=True)
            if group >= 0
        ]
        for rows, distances in zip(neighbors.rows, neighbors.distances, strict=True)
    ]


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

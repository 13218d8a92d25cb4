"""From nearest photos to nearest people: the search widens until enough of them are certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from lookalike.gallery.asking.ranking import EVIDENCE, Ranked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.protocols import Index
    from lookalike.search.options import Filter


class _Judge(Protocol):
    """Says who is certain to be the nearest, from some neighbors of one query."""

    def __call__(
        self, rows: NDArray[np.int64], distances: NDArray[np.float32], *, all_seen: bool
    ) -> list[Ranked] | None:
        """Return the nearest people; None if more neighbors must be seen, and there are more."""
        ...


#: Photos that are looked at first for each person who is wanted, and by how much that grows.
_FIRST: Final = 4
_FIRST_FOR_MEANS: Final = 24
_WIDER: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Who may be named.

    Parameters
    ----------
    groups : ndarray of shape (n,), int64
        The person of each photo of the gallery, numbered from 0 without gaps.
    counts : ndarray of shape (p,), int64
        How many photos each person has.
    people : ndarray of shape (p,), bool, optional
        Who may be; default everybody.
    photos : ndarray of shape (n,), bool, or ndarray of shape (r,), int64, optional
        Their photos: a mask, or their numbers.
    """

    groups: NDArray[np.int64]
    counts: NDArray[np.int64]
    people: NDArray[np.bool_] | None = None
    photos: Filter | None = None

    @property
    def among(self) -> int:
        """How many people may be named."""
        return len(self.counts) if self.people is None else int(np.count_nonzero(self.people))

    @property
    def size(self) -> int:
        """How many photos they have."""
        chosen = self.counts if self.people is None else self.counts[self.people]
        return int(chosen.sum())


def nearest_people(
    index: Index, queries: NDArray[np.float32], pool: Pool, k: int
) -> list[list[Ranked]]:
    """Rank people by their nearest photo.

    Parameters
    ----------
    index : Index
        Over all photos.
    queries : ndarray of shape (m, d), float32
        Raw rows.
    pool : Pool
        Who may be named.
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
    people = min(k, pool.among)

    def judge(
        rows: NDArray[np.int64], distances: NDArray[np.float32], *, all_seen: bool
    ) -> list[Ranked] | None:
        ranked = _by_nearest(rows, distances, pool.groups)
        return ranked[:k] if all_seen or len(ranked) >= people else None

    return _widening(index, queries, pool, _FIRST * k, judge)


def mean_people(
    index: Index, queries: NDArray[np.float32], pool: Pool, k: int
) -> list[list[Ranked]]:
    """Rank people by the mean distance to their nearest few photos.

    Parameters
    ----------
    index : Index
        Over all photos.
    queries : ndarray of shape (m, d), float32
        Raw rows.
    pool : Pool
        Who may be named.
    k : int
        How many people.

    Returns
    -------
    list of list of Ranked
        For each query, nearest first. Somebody with fewer photos is judged by those there are.

    Notes
    -----
    A photo that has not come up is at least as far as the last one that has. So nobody's mean is
    below that of the photos found and, for those that are missing, the last distance. The search
    widens until `k` means are known that are below all such bounds.
    """

    def judge(
        rows: NDArray[np.int64], distances: NDArray[np.float32], *, all_seen: bool
    ) -> list[Ranked] | None:
        return _by_mean(rows, distances, pool, k, all_seen=all_seen)

    return _widening(index, queries, pool, _FIRST_FOR_MEANS * k, judge)


def direct_people(
    index: Index, queries: NDArray[np.float32], pool: Pool, k: int, firsts: NDArray[np.int64]
) -> list[list[Ranked]]:
    """Rank people where the rows of the index are people already.

    Parameters
    ----------
    index : Index
        Over people.
    queries : ndarray of shape (m, d), float32
        Raw rows.
    pool : Pool
        Who may be named.
    k : int
        How many people.
    firsts : ndarray of shape (p, EVIDENCE), int64
        As `first_photos` gives them.

    Returns
    -------
    list of list of Ranked
        For each query, nearest first; the evidence is the person's first photos.
    """
    neighbors = index.search(queries, k, pool.people)
    return [
        [
            Ranked(group, distance, tuple(face for face in firsts[group].tolist() if face >= 0))
            for group, distance in zip(rows.tolist(), distances.tolist(), strict=True)
            if group >= 0
        ]
        for rows, distances in zip(neighbors.rows, neighbors.distances, strict=True)
    ]


def first_photos(groups: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first photos of each person.

    Parameters
    ----------
    groups : ndarray of shape (n,), int64
        The person of each photo, numbered from 0 without gaps.
    counts : ndarray of shape (p,), int64
        How many photos each person has, 1 and up.

    Returns
    -------
    ndarray of shape (p, EVIDENCE), int64
        Positions of photos, padded with -1.
    """
    order = np.argsort(groups, kind="stable")
    starts = np.cumsum(counts) - counts
    at = starts[:, None] + np.arange(EVIDENCE)
    there = np.arange(EVIDENCE) < counts[:, None]
    return np.where(there, order[np.where(there, at, 0)], -1)


def _widening(
    index: Index, queries: NDArray[np.float32], pool: Pool, width: int, judge: _Judge
) -> list[list[Ranked]]:
    """Ask for more and more photos, of the queries that need more."""
    answers: list[list[Ranked]] = [[] for _ in queries]
    size, left = pool.size, np.arange(len(queries))
    while len(left) and size:
        width = min(width, size)
        found = index.search(queries[left], width, pool.photos)
        unsure = []
        for at, rows, distances in zip(left, found.rows, found.distances, strict=True):
            there = rows >= 0
            ranked = judge(rows[there], distances[there], all_seen=width == size)
            if ranked is None:
                unsure.append(at)
            else:
                answers[at] = ranked
        left = np.array(unsure, np.int64)
        width *= _WIDER
    return answers


def _by_nearest(
    rows: NDArray[np.int64], distances: NDArray[np.float32], groups: NDArray[np.int64]
) -> list[Ranked]:
    """Group one query's neighbors by person, in order of each person's nearest."""
    found: dict[int, list[int]] = {}
    best: dict[int, float] = {}
    for group, row, distance in zip(
        groups[rows].tolist(), rows.tolist(), distances.tolist(), strict=True
    ):
        best.setdefault(group, distance)
        found.setdefault(group, []).append(row)
    return [Ranked(group, best[group], tuple(faces[:EVIDENCE])) for group, faces in found.items()]


def _by_mean(
    rows: NDArray[np.int64],
    distances: NDArray[np.float32],
    pool: Pool,
    k: int,
    *,
    all_seen: bool,
) -> list[Ranked] | None:
    # Neighbors come nearest first: a stable sort by person leaves each person's photos so.
    order = np.argsort(pool.groups[rows], kind="stable")
    people, starts, counts = np.unique(
        pool.groups[rows][order], return_index=True, return_counts=True
    )
    counted = np.arange(len(order)) - np.repeat(starts, counts) < EVIDENCE
    sums = np.add.reduceat(np.where(counted, distances[order].astype(np.float64), 0), starts)
    found, wanted = np.minimum(counts, EVIDENCE), np.minimum(pool.counts[people], EVIDENCE)
    farthest = float(distances[-1])
    means = (sums + (wanted - found) * farthest) / wanted
    known = found == wanted
    if not all_seen:
        least = min(farthest, float(means[~known].min(initial=np.inf)))
        if np.count_nonzero(means[known] < least) < min(k, pool.among):
            return None
    # By distance, among equals whoever was added first.
    best = np.flatnonzero(known)[np.lexsort((people[known], means[known]))[:k]]
    return [
        Ranked(
            int(people[at]),
            float(means[at]),
            tuple(rows[order[starts[at] : starts[at] + found[at]]].tolist()),
        )
        for at in best.tolist()
    ]

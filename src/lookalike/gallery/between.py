"""How far known people are from each other, measured without holding all distances at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from lookalike.protocols import Metric

#: A distance, whose it is, and the pairs of rows that it rests on.
Found: TypeAlias = tuple[float, int, tuple[tuple[int, int], ...]]

#: Numbers in the largest matrix that is held at one time (64 MB of float32).
_BUDGET: Final = 1 << 24

#: How many more people are measured at one time than are looked for.
_SPARE: Final = 3


class Between:
    """Distances between people, by their photos: sorted by person once, compared in blocks.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
        Projected rows, see `Metric.project`.
    groups : ndarray of shape (n,), int64
        The person of each row, numbered from 0 without gaps.
    metric : Metric
        How a squared distance of projected rows is read.
    pairs : int
        The distance of two people is the mean over so many of their nearest pairs of rows; over
        all of them if there are fewer.

    Notes
    -----
    Products of matrices are quick but lose digits, so they only say how near somebody may be, if
    rounding were as bad as it can be. People are then measured in this order, with all pairs of
    rows and in float64, until nobody who is left can be among the nearest. No pair of rows is
    farther apart than the nearest one, so this holds for the mean over several pairs, too.
    """

    def __init__(
        self, rows: NDArray[np.float32], groups: NDArray[np.int64], metric: Metric, pairs: int
    ) -> None:
        self._order = np.argsort(groups, kind="stable")
        self._rows = np.ascontiguousarray(rows[self._order], np.float32)
        self._squares = np.einsum("nd,nd->n", self._rows, self._rows)
        self._starts = np.searchsorted(groups[self._order], np.arange(groups.max() + 2))
        self._metric, self._pairs = metric, pairs

    def bounds(self, asked: Sequence[int]) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Go through people with how near everybody may be to them.

        Parameters
        ----------
        asked : sequence of int
            Whom to go through.

        Yields
        ------
        person : int
            One of `asked`, in this order.
        bounds : ndarray of shape (p,), float32
            For everybody a distance that is not larger than the true one.
        """
        most = max(1, _BUDGET // len(self._rows))
        # A sum of d products is off by at most d roundings of the largest value it can have.
        slack = 8 * (self._rows.shape[1] + 2) * np.finfo(np.float32).eps * self._squares.max()
        block: list[int] = []
        for number, person in enumerate(asked, 1):
            block.append(person)
            if number == len(asked) or self._size(block) + self._size([asked[number]]) > most:
                yield from self._block(block, most, float(slack))
                block = []

    def _size(self, people: list[int]) -> int:
        return sum(int(self._starts[one + 1] - self._starts[one]) for one in people)

    def _block(
        self, people: list[int], most: int, slack: float
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        mine = np.concatenate([self._span(person) for person in people])
        least = np.empty((len(mine), len(self._starts) - 1), np.float32)
        # Somebody with very many photos may alone be more than there is room for.
        for at in range(0, len(mine), most):
            part = mine[at : at + most]
            squared = self._squares[part, None] - 2 * (self._rows[part] @ self._rows.T)
            squared += self._squares
            least[at : at + most] = np.minimum.reduceat(squared, self._starts[:-1], axis=1)
        sizes = [len(self._span(person)) for person in people]
        nearest = np.minimum.reduceat(least, np.cumsum([0, *sizes[:-1]]), axis=0)
        for person, row in zip(people, nearest, strict=True):
            yield person, self._metric.distances(np.maximum(row - slack, 0))

    def _span(self, person: int) -> NDArray[np.int64]:
        return np.arange(self._starts[person], self._starts[person + 1])

    def nearest(self, person: int, bounds: NDArray[np.float32], k: int) -> list[Found]:
        """Find the people who are nearest to somebody.

        Parameters
        ----------
        person : int
            To whom.
        bounds : ndarray of shape (p,), float32
            As `bounds` gave them; changed.
        k : int
            How many, fewer than there are people.

        Returns
        -------
        list of (float, int, tuple of (int, int))
            Distance, person, and the pairs of rows that the distance rests on; the nearest first.
        """
        # Nobody is one of the own neighbors.
        bounds[person] = np.inf
        found: list[Found] = []
        for part in _from_near(bounds, k + _SPARE):
            if len(found) == k and found[-1][0] < bounds[part[0]]:
                break
            found += [self._between(person, int(other)) for other in part]
            found = sorted(found, key=lambda one: one[:2])[:k]
        return found

    def _between(self, person: int, other: int) -> Found:
        """Return the distance of two people, and the pairs of faces that it rests on."""
        mine, theirs = self._span(person), self._span(other)
        a, b = (self._rows[span].astype(np.float64) for span in (mine, theirs))
        # Summed up from differences, row by row: exact where two photos are nearly the same.
        squared = np.stack([((b - row) ** 2).sum(axis=1) for row in a])
        chosen = np.argsort(squared, axis=None, kind="stable")[: self._pairs]
        distances = self._metric.distances(squared.ravel()[chosen])
        pairs = tuple(
            (int(self._order[mine[one]]), int(self._order[theirs[two]]))
            for one, two in zip(*np.unravel_index(chosen, squared.shape), strict=True)
        )
        return float(distances.mean()), other, pairs


def _from_near(bounds: NDArray[np.float32], step: int) -> Iterator[NDArray[np.int64]]:
    """Yield everybody with a finite bound, from near to far, a few at one time.

    Hardly ever are more than a few wanted, so that all are not sorted for their sake.
    """
    there, done = int(np.isfinite(bounds).sum()), 0
    while done < there:
        wanted = min(4 * (done + step), there)
        # Those who are equally far come together.
        chosen = np.flatnonzero(bounds <= np.partition(bounds, wanted - 1)[wanted - 1])
        chosen = chosen[np.argsort(bounds[chosen], kind="stable")]
        for start in range(done, len(chosen), step):
            yield chosen[start : start + step]
        done = len(chosen)

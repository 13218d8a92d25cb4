"""An index whose rows come and go after it was built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.search.exact import ExactIndex
from lookalike.search.options import checked_filter
from lookalike.types import Neighbors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.protocols import Metric
    from lookalike.search.metric_index import MetricIndex
    from lookalike.search.options import Filter

#: The part of all rows that may have changed before an index is better built again, and the
#: number of rows that may always have.
CHANGED: Final = 0.1
CHANGED_ROWS: Final = 1000


class GrowingIndex:
    """A built index, less the rows that are gone, and a small exact one of those that are new.

    Parameters
    ----------
    built : MetricIndex
        Over the rows as they once were.
    places : ndarray of shape (len(built),), int64
        The number that each of them has now; -1 for one that is gone.
    vectors : ndarray of shape (n, d), float32
        The raw rows as they are now.
    metric : Metric
        The distance, the one of `built`.

    Notes
    -----
    Rows are numbered as in `vectors`. What is not found in `places` is new.
    """

    def __init__(
        self,
        built: MetricIndex,
        places: NDArray[np.int64],
        vectors: NDArray[np.float32],
        metric: Metric,
    ) -> None:
        self._built = built
        self._places = places
        self._size = len(vectors)
        new = np.ones(len(vectors), bool)
        new[places[places >= 0]] = False
        self._new = np.flatnonzero(new)
        self._tail = ExactIndex(vectors[self._new], metric, threads=built.scan.threads)
        self._left = places >= 0
        self._gone = int((~self._left).sum())

    @property
    def changed(self) -> int:
        """How many rows have come or gone since the index was built."""
        return self._gone + len(self._new)

    def __len__(self) -> int:
        """Return the number of rows as they are now."""
        return self._size

    def search(
        self,
        queries: NDArray[np.float32],
        k: int,
        rows: Filter | None = None,
    ) -> Neighbors:
        """Find the nearest rows.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Raw rows.
        k : int
            How many, 1 and up.
        rows : ndarray of shape (n,), bool, or ndarray of shape (r,), int64, optional
            Only these rows: a mask, or their numbers.

        Returns
        -------
        Neighbors
            Of shape (m, k), nearest first; among equals the earlier row first.

        Raises
        ------
        OptionError
            If `k` is below 1.
        ArrayError
            If queries are not finite or of another length, or `rows` is no filter.
        """
        chosen = checked_filter(rows, len(self))
        if chosen is None:
            before, after = self._of_those_left(queries, k), self._tail.search(queries, k)
        else:
            allowed = np.zeros(len(self), bool)
            allowed[chosen] = True
            before = self._built.search(queries, k, self._left & allowed[self._places])
            after = self._tail.search(queries, k, allowed[self._new])
        found = np.column_stack([_at(self._places, before.rows), _at(self._new, after.rows)])
        distances = np.column_stack([before.distances, after.distances])
        # Padding is infinitely far, so it stays behind.
        order = np.lexsort((found, distances))[:, :k]
        return Neighbors(
            np.take_along_axis(found, order, axis=1),
            np.take_along_axis(distances, order, axis=1),
        )

    def _of_those_left(self, queries: NDArray[np.float32], k: int) -> Neighbors:
        """Search the built index; a few more than asked for make up for those that are gone."""
        if not self._gone:
            return self._built.search(queries, k)
        more = self._built.search(queries, k + min(self._gone, k + 16))
        usable = (more.rows >= 0) & self._left[more.rows]
        if (usable.sum(axis=1) < min(k, len(self._built) - self._gone)).any():
            return self._built.search(queries, k, self._left)
        order = np.argsort(~usable, axis=1, kind="stable")[:, :k]
        rows = np.where(usable, more.rows, -1)
        distances = np.where(usable, more.distances, np.float32(np.inf))
        return Neighbors(
            np.take_along_axis(rows, order, axis=1), np.take_along_axis(distances, order, axis=1)
        )


def _at(places: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where rows are now; -1 stays."""
    return np.where(rows >= 0, places[rows], -1) if len(places) else rows


def places_now(
    ids: NDArray[np.int64],
    stamps: NDArray[np.uint64],
    ids_now: NDArray[np.int64],
    stamps_now: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Find rows of an index among those that there are now.

    Parameters
    ----------
    ids, stamps : ndarray of shape (n,)
        What the rows were called, and their `row_stamps`.
    ids_now, stamps_now : ndarray of shape (m,)
        The same as it is now; each id once.

    Returns
    -------
    ndarray of shape (n,), int64
        The number of each row now; -1 for one that is gone or has other numbers in it.
    """
    if not len(ids_now):
        return np.full(len(ids), -1, np.int64)
    order = np.argsort(ids_now, kind="stable")
    at = order[np.minimum(np.searchsorted(ids_now, ids, sorter=order), len(order) - 1)]
    same = (ids_now[at] == ids) & (stamps_now[at] == stamps)
    return np.where(same, at, -1)


def outgrown(changed: int, rows: int) -> bool:
    """Say whether an index is better built again.

    Parameters
    ----------
    changed : int
        Rows that have come or gone.
    rows : int
        Rows that there are.

    Returns
    -------
    bool
        Whether more than a tenth has changed, and not only a few.
    """
    return changed > max(CHANGED_ROWS, CHANGED * rows)

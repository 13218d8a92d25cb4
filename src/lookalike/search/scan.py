"""Exhaustive search that is exact, and quicker than reading all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.search.bounds import bounds_for, bounds_of
from lookalike.search.threads import threads_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lookalike.search.bounds import Bounds
    from lookalike.search.options import Filter

#: Numbers in the largest matrix that is held at one time (256 MB of float32).
_BUDGET: Final = 1 << 26

#: Rows that are measured at one time.
_ROWS: Final = 1 << 14

#: Bounds of which the lowest is taken first where a place among many is looked for.
_BLOCK: Final = 64

#: Up to this part of all rows it is quicker to pick out the allowed than to pass over the others.
_FEW: Final = 0.15

#: The bound of a row that is not allowed: no other is so large.
_BARRED: Final = np.finfo(np.float32).max

_EPS: Final = float(np.finfo(np.float32).eps)


class Scan:
    """Nearest rows by squared Euclidean distance. Safe to share between threads.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
        Rows, contiguous and finite; not copied.
    threads : int, optional
        Of the matrix product, see `threads_for`.
    bounds : PlainBounds or PrincipalBounds, optional
        If there are some already.

    Notes
    -----
    The rows of the lowest bounds are measured: differences, summed up in float64. The k-th
    nearest of them is as far as an answer can be, so every other row whose bound is not above
    that is measured too. Bounds allow for rounding at its worst, so the answer is exact.
    """

    def __init__(
        self,
        rows: NDArray[np.float32],
        threads: int | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self.rows = rows
        self.threads = threads
        self._bounds = bounds or bounds_for(rows)
        # Twice the rounding of a sum of squares: of the one compared, and of the limit.
        self._tolerance = 1 + 4 * (rows.shape[1] + 4) * _EPS

    @property
    def parts(self) -> dict[str, NDArray[Any]]:
        """What it takes to have this again, see `of_parts`."""
        return {"rows": self.rows, **self._bounds.parts}

    @classmethod
    def of_parts(cls, parts: Mapping[str, NDArray[Any]], threads: int | None = None) -> Scan:
        """Return a scan whose parts have been kept.

        Parameters
        ----------
        parts : mapping of str to ndarray
            As `parts` gave them.
        threads : int, optional
            Of the matrix product.

        Returns
        -------
        Scan
            The same.
        """
        return cls(parts["rows"], threads, bounds_of(parts["rows"], parts))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def nearest(
        self, queries: NDArray[np.float32], k: int, allowed: Filter | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find the nearest rows.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Finite.
        k : int
            How many, 1 and up.
        allowed : ndarray of shape (n,), bool, or ndarray of shape (r,), int64, optional
            The rows to choose from: a mask, or each number once, ascending; default all.

        Returns
        -------
        rows : ndarray of shape (m, k), int64
            Nearest first, among equals the earlier; padded with -1.
        squared : ndarray of shape (m, k), float64
            Padded with infinity.
        """
        rows = np.full((len(queries), k), -1, np.int64)
        squared = np.full((len(queries), k), np.inf)
        picked, barred, there = self._sides(allowed)
        if not there:
            return rows, squared
        step = max(1, _BUDGET // (len(self) if picked is None else there))
        threads = threads_for(len(queries), self.threads)
        for start in range(0, len(queries), step):
            part = queries[start : start + step]
            bounds, shifts = self._bounds.of(part, picked, threads)
            if barred is not None:
                np.maximum(bounds, barred, out=bounds)
            for at, (query, row, shift) in enumerate(zip(part, bounds, shifts, strict=True), start):
                found, values = self._of_one(query, row, float(shift), min(k, there), picked)
                rows[at, : len(found)] = found
                squared[at, : len(found)] = values
        return rows, squared

    def _sides(
        self, allowed: Filter | None
    ) -> tuple[NDArray[np.int64] | None, NDArray[np.float32] | None, int]:
        """Return the rows to pick out if they are few; else the least bound that each may have.

        And how many are left.
        """
        if allowed is None:
            return None, None, len(self)
        masked = allowed.dtype == np.bool_
        there = int(np.count_nonzero(allowed)) if masked else len(allowed)
        if there <= _FEW * len(self):
            return np.flatnonzero(allowed) if masked else np.asarray(allowed, np.int64), None, there
        barred = np.ones(len(self), np.float32)
        # Arithmetic, because branches on a mask without order take longer than all the rest.
        if masked:
            barred -= 2 * allowed.view(np.int8)
        else:
            barred[allowed] = -1
        barred *= _BARRED
        return None, barred, there

    def _of_one(
        self,
        query: NDArray[np.float32],
        bounds: NDArray[np.float32],
        shift: float,
        k: int,
        picked: NDArray[np.int64] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the k nearest rows of one query, given a bound for each row or each picked one."""
        low = _low(bounds, min(4 * k + 32, len(bounds)), k)
        found = np.flatnonzero(bounds <= low)
        found = found if picked is None else picked[found]
        squared = self.measure(query, found)
        farthest = float(np.partition(squared, k - 1)[k - 1])
        limit = farthest - shift
        if limit > low:
            more = np.flatnonzero((bounds > low) & (bounds <= limit))
            more = more if picked is None else picked[more]
            more = more[self.roughly(query, more) <= farthest * self._tolerance]
            found = np.concatenate([found, more])
            squared = np.concatenate([squared, self.measure(query, more)])
        order = np.lexsort((found, squared))[:k]
        return found[order], squared[order]

    def refine(
        self, query: NDArray[np.float32], rows: NDArray[np.int64], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the nearest of some rows.

        Parameters
        ----------
        query : ndarray of shape (d,), float32
            Where to measure from.
        rows : ndarray of shape (r,), int64
            The rows to choose from, each once, in any order; -1 stands for none.
        k : int
            How many, 1 and up.

        Returns
        -------
        rows : ndarray of shape (min(k, r),), int64
            Nearest first, among equals the earlier.
        squared : ndarray of shape (min(k, r),), float64
            Squared distances.
        """
        rows = rows[rows >= 0]
        if len(rows) > k:
            rough = self.roughly(query, rows)
            limit = float(np.partition(rough, k - 1)[k - 1])
            rows = rows[rough <= limit * self._tolerance]
        squared = self.measure(query, rows)
        order = np.lexsort((rows, squared))[:k]
        return rows[order], squared[order]

    def roughly(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return squared distances in float32, each off by a part of itself only.

        Parameters
        ----------
        query : ndarray of shape (d,), float32
            Where to measure from.
        rows : ndarray of shape (r,), int64
            The rows to measure.

        Returns
        -------
        ndarray of shape (r,), float32
            Squared Euclidean distances.
        """
        if len(rows) <= _ROWS:
            difference = self.rows.take(rows, axis=0)
            difference -= query
            return np.asarray(np.einsum("nd,nd->n", difference, difference), np.float32)
        parts = range(0, len(rows), _ROWS)
        return np.concatenate([self.roughly(query, rows[at : at + _ROWS]) for at in parts])

    def measure(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return squared distances, summed up in float64.

        Parameters
        ----------
        query : ndarray of shape (d,), float32
            Where to measure from.
        rows : ndarray of shape (r,), int64
            The rows to measure.

        Returns
        -------
        ndarray of shape (r,), float64
            Squared Euclidean distances.
        """
        squared = np.empty(len(rows))
        for start in range(0, len(rows), _ROWS):
            difference = self.rows.take(rows[start : start + _ROWS], axis=0).astype(np.float64)
            difference -= query
            squared[start : start + _ROWS] = np.einsum("nd,nd->n", difference, difference)
        return squared


def _low(bounds: NDArray[np.float32], count: int, least: int) -> float:
    """Return a bound that about `count` others are not above, and `least` of allowed rows."""
    whole = len(bounds) // _BLOCK
    if whole > 4 * count:
        lowest = bounds[: whole * _BLOCK].reshape(whole, _BLOCK).min(axis=1)
        low = float(np.partition(lowest, count - 1)[count - 1])
        if low < _BARRED:
            return low
    ordered = np.partition(bounds, [least - 1, count - 1])
    return min(float(ordered[count - 1]), float(np.nextafter(_BARRED, np.float32(0))))

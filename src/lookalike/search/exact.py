"""The reference: every row is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import OptionError
from lookalike.types import Neighbors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lookalike.protocols import Metric

#: Numbers in the largest matrix that is held at one time (256 MB of float32).
_BUDGET: Final = 1 << 26


class ExactIndex:
    """Exhaustive search by matrix product. Safe to share between threads.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    metric : Metric
        The distance.

    Notes
    -----
    ``|q - x|² = |q|² + |x|² - 2 <q, x>`` is quick but loses digits when q and x are close. It
    therefore only picks candidates: every row that could be among the nearest k if rounding were
    as bad as it can be. Their distances are then summed up from the differences in float64.
    """

    def __init__(self, vectors: NDArray[np.float32], metric: Metric) -> None:
        self.metric = metric
        self._rows = np.ascontiguousarray(metric.project(vectors), dtype=np.float32)
        self._squares = np.einsum("nd,nd->n", self._rows, self._rows)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def search(self, queries: NDArray[np.float32], k: int) -> Neighbors:
        """Find the nearest rows.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Raw rows.
        k : int
            How many, 1 and up.

        Returns
        -------
        Neighbors
            Of shape (m, k), nearest first; among equals the earlier row first.

        Raises
        ------
        OptionError
            If `k` is below 1.
        """
        if k < 1:
            raise OptionError(f"k must be at least 1, got {k}")
        rows = np.full((len(queries), k), -1, np.int64)
        distances = np.full((len(queries), k), np.inf, np.float32)
        step = max(1, _BUDGET // max(len(self), 1))
        projected = self.metric.project(queries)
        for start in range(0, len(queries), step):
            stop = min(start + step, len(queries))
            for at, candidates in enumerate(self._candidates(projected[start:stop], k), start):
                chosen, squared = self._measured(projected[at], candidates, k)
                rows[at, : len(chosen)] = chosen
                distances[at, : len(chosen)] = self.metric.distances(squared)
        return Neighbors(rows, distances)

    def _candidates(self, queries: NDArray[np.float32], k: int) -> Iterator[NDArray[np.int64]]:
        """Yield, for each query, every row that may be among its nearest, by the quick formula."""
        if k >= len(self):
            yield from np.broadcast_to(np.arange(len(self)), (len(queries), len(self)))
            return
        # |q|² is the same for all rows and does not change the order.
        quick = self._squares - 2 * (queries @ self._rows.T)
        farthest = np.partition(quick, k - 1, axis=1)[:, k - 1]
        # A sum of d products is off by at most d roundings of the largest value it can have.
        longest = np.sqrt(self._squares.max())
        largest = longest * (longest + 2 * np.linalg.norm(queries, axis=1))
        slack = 2 * (queries.shape[1] + 2) * np.finfo(np.float32).eps * largest
        for row, limit in zip(quick, farthest + slack, strict=True):
            yield np.flatnonzero(row <= limit)

    def _measured(
        self, query: NDArray[np.float32], candidates: NDArray[np.int64], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the k nearest candidates and their squared distances, exactly."""
        difference = self._rows[candidates].astype(np.float64) - query
        squared = np.einsum("nd,nd->n", difference, difference)
        order = np.argsort(squared, kind="stable")[:k]
        return candidates[order], squared[order]

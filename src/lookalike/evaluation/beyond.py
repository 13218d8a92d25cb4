"""Pairs of strangers that are only counted: the many that are far apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Beyond:
    """A fine histogram of the distances of all pairs that are not listed one by one.

    Parameters
    ----------
    edges : ndarray of shape (b + 1,), float64
        Rising; nothing that is counted here is below the first.
    counts : ndarray of shape (b,), int64
        How many pairs of two people are between two edges.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many pairs are counted."""
        return int(self.counts.sum())

    def below(self, distances: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return how many pairs are at most as far apart.

        Parameters
        ----------
        distances : ndarray of shape (n,)
            In the metric of the scores.

        Returns
        -------
        ndarray of shape (n,), float64
            Exact at the edges, interpolated between them.
        """
        sums = np.concatenate([[0.0], np.cumsum(self.counts, dtype=np.float64)])
        return np.asarray(np.interp(distances, self.edges, sums), np.float64)

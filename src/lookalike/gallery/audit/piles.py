"""Faces sorted into piles: of a pile, only the sum and the count matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Piles:
    """The sums of rows that belong together.

    Parameters
    ----------
    sums : ndarray of shape (p, d), float64
        The sum of each pile's rows.
    counts : ndarray of shape (p,), float64
        How many rows each pile has; 0 is allowed.
    """

    sums: NDArray[np.float64]
    counts: NDArray[np.float64]

    @classmethod
    def of(cls, rows: NDArray[np.floating], groups: NDArray[np.int64], size: int = 0) -> Piles:
        """Sort rows into piles.

        Parameters
        ----------
        rows : ndarray of shape (n, d), float
            What to add up.
        groups : ndarray of shape (n,), int64
            The pile of each row, numbered from 0; -1 is no pile.
        size : int, default 0
            How many piles to make at least.

        Returns
        -------
        Piles
            Some may be empty.
        """
        kept = np.flatnonzero(groups >= 0)
        kept = kept[np.argsort(groups[kept], kind="stable")]
        counts = np.bincount(groups[kept], minlength=size).astype(np.float64)
        sums = np.zeros((len(counts), rows.shape[1]))
        used = np.flatnonzero(counts)
        if len(used):
            starts = np.searchsorted(groups[kept], used)
            sums[used] = np.add.reduceat(rows[kept].astype(np.float64), starts, axis=0)
        return cls(sums, counts)

    @classmethod
    def single(cls, rows: NDArray[np.floating]) -> Piles:
        """Make a pile of every row.

        Parameters
        ----------
        rows : ndarray of shape (n, d), float
            The rows.

        Returns
        -------
        Piles
            As many as rows.
        """
        return cls(rows.astype(np.float64), np.ones(len(rows)))

    def means(self) -> NDArray[np.float64]:
        """Return the mean of each pile, 0 for an empty one."""
        return np.asarray(self.sums / np.maximum(self.counts, 1)[:, None], np.float64)

    def pick(self, chosen: NDArray[np.int64]) -> Piles:
        """Return some piles.

        Parameters
        ----------
        chosen : ndarray of shape (k,), int64
            Which, in which order.

        Returns
        -------
        Piles
            As many as chosen.
        """
        return Piles(self.sums[chosen], self.counts[chosen])

    def less(self, others: Piles) -> Piles:
        """Take a part out of each pile.

        Parameters
        ----------
        others : Piles
            As many, each a part of the pile in its place.

        Returns
        -------
        Piles
            What is left.
        """
        return Piles(self.sums - others.sums, self.counts - others.counts)

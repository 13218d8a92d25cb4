"""Principal components: the directions along which rows vary, those of most variance first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Rows from which the directions are estimated.
_SAMPLE: Final = 20_000

#: Numbers that are turned at one time (16 MB of float32).
_STEP: Final = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """A rotation about the mean of the rows.

    Parameters
    ----------
    center : ndarray of shape (d,), float32
        The mean.
    basis : ndarray of shape (d, m), float32
        Orthonormal columns; m = d keeps every distance, fewer make all distances shorter.

    Notes
    -----
    The columns are the eigenvectors of the covariance of the rows.

    References
    ----------
    Pearson, "On Lines and Planes of Closest Fit to Systems of Points in Space", Philosophical
    Magazine, 1901.
    """

    center: NDArray[np.float32]
    basis: NDArray[np.float32]

    @classmethod
    def fit(cls, rows: NDArray[np.float32], share: float = 1.0, most: int = 1 << 30) -> Components:
        """Estimate the directions from a sample of the rows.

        Parameters
        ----------
        rows : ndarray of shape (n, d), float32
            Two rows or more.
        share : float, default 1.0
            The part of the variance that shall be kept, 0 to 1.
        most : int
            The most directions to keep.

        Returns
        -------
        Components
            As many directions as that takes.
        """
        sample = some(rows, _SAMPLE).astype(np.float64)
        center = sample.mean(axis=0)
        variances, basis = np.linalg.eigh(np.atleast_2d(np.cov(sample.T)))
        variances, basis = np.maximum(variances[::-1], 0), basis[:, ::-1]
        left_out = 1 - np.cumsum(variances) / max(float(variances.sum()), 1e-300)
        kept = len(variances) if share >= 1 else int((left_out > 1 - share).sum()) + 1
        kept = min(kept, most, len(variances))
        basis = np.ascontiguousarray(basis[:, :kept], np.float32)
        return cls(center.astype(np.float32), basis)

    def of(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the components of rows.

        Parameters
        ----------
        rows : ndarray of shape (n, d), float32
            Rows.

        Returns
        -------
        ndarray of shape (n, m), float32
            Their components.
        """
        if rows.size <= _STEP:
            return np.asarray((rows - self.center) @ self.basis, np.float32)
        turned = np.empty((len(rows), self.basis.shape[1]), np.float32)
        step = max(1, _STEP // rows.shape[1])
        for start in range(0, len(rows), step):
            turned[start : start + step] = (rows[start : start + step] - self.center) @ self.basis
        return turned


def some(rows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Draw rows, the same ones every time.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
        All rows.
    count : int
        How many at most.

    Returns
    -------
    ndarray of shape (min(n, count), d), float32
        A sample without repetition, in the order of the rows.
    """
    if len(rows) <= count:
        return rows
    chosen = np.random.default_rng(0).choice(len(rows), count, replace=False)
    return rows[np.sort(chosen)]

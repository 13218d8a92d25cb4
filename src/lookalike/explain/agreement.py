"""How far to believe an explanation: whether what was measured in several ways agrees."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def correlation(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Return how well two rows of numbers agree.

    Parameters
    ----------
    one, other : ndarray of shape (n,), float
        The rows.

    Returns
    -------
    float
        Pearson's correlation, -1 to 1; 0 if either is constant.
    """
    first, second = one - one.mean(), other - other.mean()
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / size) if size > 1e-12 else 0.0


def stability(changes: NDArray[np.floating]) -> float:
    """Return how well several measurements agree on the order of things.

    Parameters
    ----------
    changes : ndarray of shape (m, n), float
        A row for each measurement.

    Returns
    -------
    float
        The mean rank correlation of all pairs of rows, and 0 where it is negative.

    Notes
    -----
    Spearman's rho is Pearson's correlation of the ranks.

    References
    ----------
    Spearman, "The Proof and Measurement of Association between Two Things", American Journal of
    Psychology, 1904.
    """
    ranks = np.argsort(np.argsort(changes, axis=1), axis=1).astype(np.float64)
    pairs = [correlation(one, other) for one, other in combinations(ranks, 2)]
    return max(float(np.mean(pairs)), 0.0) if pairs else 1.0


def under_parts(grid: NDArray[np.floating], masks: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return what a grid says of each part.

    Parameters
    ----------
    grid : ndarray of shape (g, g), float
        A number for each cell.
    masks : ndarray of shape (n, S, S), float32
        The parts.

    Returns
    -------
    ndarray of shape (n,), float64
        The sum of the cells, each by how much of it the part covers.
    """
    cells, side = len(grid), masks.shape[1]
    row = np.minimum((np.arange(side) * cells) // side, cells - 1)
    spread = grid[row][:, row]
    return np.asarray((masks * spread).sum(axis=(1, 2)) * (cells / side) ** 2, np.float64)

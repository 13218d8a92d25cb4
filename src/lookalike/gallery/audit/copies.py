"""One picture filed under two people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Numbers in the largest matrix that is held at one time (32 MB of float32).
_BUDGET: Final = 1 << 23


def nearest_copies(
    vectors: NDArray[np.float32], groups: NDArray[np.int64], limit: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find for each face the nearest one of another person, if it is very near.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    groups : ndarray of shape (n,), int64
        The person of each.
    limit : float
        The largest distance of interest.

    Returns
    -------
    nearest : ndarray of shape (n,), int64
        Positions; -1 where there is none.
    distances : ndarray of shape (n,), float64
        Distances; infinite where there is none.

    Notes
    -----
    ``|x - y|² = |x|² + |y|² - 2 <x, y>`` picks candidates, with room for its rounding; their
    distances are then taken from the differences. Each pair is looked at once.
    """
    count = len(vectors)
    found = np.full(count, -1, np.int64), np.full(count, np.inf)
    rows = vectors - vectors.mean(axis=0) if count else vectors
    squares = np.einsum("nd,nd->n", rows, rows)
    slack = 4 * (rows.shape[1] + 2) * np.finfo(np.float32).eps * float(squares.max(initial=0))
    # <x, y> - |y|² / 2 as one product, to be compared with one number for each x.
    left = np.concatenate([rows, np.ones((count, 1), np.float32)], axis=1)
    right = np.concatenate([rows, -squares[:, None] / 2], axis=1).T
    least = (squares - np.float32(limit**2 + slack)) / 2
    step = max(1, _BUDGET // max(count, 1))
    for start in range(0, count, step):
        near = left[start : start + step] @ right[:, start:] >= least[start : start + step, None]
        one, two = (at + start for at in np.nonzero(near))
        foreign = groups[one] != groups[two]
        one, two = one[foreign], two[foreign]
        _keep_nearest(vectors, one, two, limit, found)
        _keep_nearest(vectors, two, one, limit, found)
    return found


def _keep_nearest(
    vectors: NDArray[np.float32],
    one: NDArray[np.int64],
    two: NDArray[np.int64],
    limit: float,
    found: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> None:
    """Enter the nearest of each face's candidates."""
    for start in range(0, len(one), 1 << 16):
        a, b = one[start : start + (1 << 16)], two[start : start + (1 << 16)]
        measured = np.linalg.norm(vectors[a].astype(np.float64) - vectors[b], axis=1)
        # The last one written wins.
        order = np.lexsort((-b, -measured))
        order = order[(measured[order] <= limit) & (measured[order] < found[1][a[order]])]
        found[0][a[order]] = b[order]
        found[1][a[order]] = measured[order]

"""The two halves of a pile: where it would come apart if it were two people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TURNS: Final = 10


def smaller_half(
    rows: NDArray[np.float32], between: NDArray[np.float64]
) -> NDArray[np.bool_] | None:
    """Cut a pile in two where its rows are furthest apart, by 2-means.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
        Projected rows, at least one.
    between : ndarray of shape (d,), float64
        The variance between people: directions in which people do not differ count less.

    Returns
    -------
    ndarray of shape (n,), bool, or None
        The rows of the smaller part; None if there is nothing to cut.
    """
    scaled = rows * np.sqrt(between / (1 + between)).astype(np.float32)
    one = scaled[_squares(scaled, scaled.mean(axis=0)).argmax()]
    two = scaled[_squares(scaled, one).argmax()]
    before = np.zeros(len(rows), bool)
    for _ in range(_TURNS):
        part = _squares(scaled, one) < _squares(scaled, two)
        if part.all() or not part.any():
            return None
        if np.array_equal(part, before):
            break
        before = part
        one, two = scaled[part].mean(axis=0), scaled[~part].mean(axis=0)
    return ~before if 2 * before.sum() > len(before) else before


def _squares(rows: NDArray[np.float32], point: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(((rows - point) ** 2).sum(axis=1), np.float32)

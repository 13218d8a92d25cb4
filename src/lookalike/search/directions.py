"""Rows at length 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def directions(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return where rows point: how long a row is says how good the photo is, not who.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.

    Returns
    -------
    ndarray of shape (n, d), float32
        Rows of length 1; a row of zeros stays one.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-30)), np.float32)

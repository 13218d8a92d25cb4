"""How much a distance counts: 1 for no distance, next to nothing for that of two strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.search.metrics import Euclidean

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The reach of a vote, as a part of the distance that is usual between two people.
_REACH: Final = 0.5

#: People among whom the usual distance is looked for.
_LOOKED_AT: Final = 1_000


def reach_of(centers: NDArray[np.float32]) -> float:
    """Return the distance at which closeness has fallen to 1/e.

    Parameters
    ----------
    centers : ndarray of shape (p, d), float32
        A vector of each of several people.

    Returns
    -------
    float
        Half the median distance between two of them; 1 if all are in one place.
    """
    # Evenly spread over all, and the same every time.
    picked = centers[:: -(-len(centers) // _LOOKED_AT)]
    gaps = distances(picked, picked)[np.triu_indices(len(picked), k=1)]
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    return _REACH * usual if usual > 0 else 1.0


def distances(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the Euclidean distances of all rows to all rows.

    Parameters
    ----------
    one, other : ndarray of shape (n, d) and (m, d), float32
        Raw rows.

    Returns
    -------
    ndarray of shape (n, m), float32
        From one matrix product.
    """
    squared = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    return Euclidean().distances(squared)


def closeness(distance: NDArray[np.floating], reach: float) -> NDArray[np.float32]:
    """Return how much distances count.

    Parameters
    ----------
    distance : ndarray, float
        Euclidean distances.
    reach : float
        See `reach_of`.

    Returns
    -------
    ndarray, float32
        Of the same shape, 0 to 1.

    Notes
    -----
    ``exp(-(distance / reach)²)``.
    """
    parts = np.asarray(distance, np.float32) / np.float32(reach)
    return np.asarray(np.exp(-(parts**2)), np.float32)

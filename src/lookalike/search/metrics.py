"""Distances, each as a map into Euclidean space and a reading of the squared distance there.

Written so, every metric runs on one matrix product, and on every index that knows Euclidean
distance. The names and the values are SciPy's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import OptionError
from lookalike.registry import load
from lookalike.search.directions import directions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.protocols import Metric


class Euclidean:
    """Straight-line distance.

    Notes
    -----
    ``d(x, y) = sqrt(sum((x - y)²))``.
    """

    name = "euclidean"

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows as they are.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.

        Returns
        -------
        ndarray of shape (n, d), float32
            The same.
        """
        return vectors

    def distances(self, squared: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the square root.

        Parameters
        ----------
        squared : ndarray, float
            Squared Euclidean distances of projected rows.

        Returns
        -------
        ndarray, float32
            Of the same shape, 0 and up.
        """
        return np.asarray(np.sqrt(np.maximum(squared, 0)), np.float32)


class SquaredEuclidean(Euclidean):
    """Squared straight-line distance, as FaceNet uses it.

    Notes
    -----
    ``d(x, y) = sum((x - y)²)``.
    """

    name = "sqeuclidean"

    def distances(self, squared: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the squares.

        Parameters
        ----------
        squared : ndarray, float
            Squared Euclidean distances of projected rows.

        Returns
        -------
        ndarray, float32
            Of the same shape, 0 and up.
        """
        return np.asarray(np.maximum(squared, 0), np.float32)


class Cosine:
    """One minus the cosine of the angle.

    Notes
    -----
    ``d(x, y) = 1 - <x, y> / (|x| |y|)``, which is half the squared distance of the two
    directions. A row of zeros has no direction and should not be there: its value means nothing.
    """

    name = "cosine"

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows at length 1.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.

        Returns
        -------
        ndarray of shape (n, d), float32
            Directions.
        """
        return directions(vectors)

    def distances(self, squared: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return half the squares.

        Parameters
        ----------
        squared : ndarray, float
            Squared Euclidean distances of projected rows.

        Returns
        -------
        ndarray, float32
            Of the same shape, 0 to 2.
        """
        return np.asarray(np.maximum(squared, 0) / 2, np.float32)


def ready_made(name: str) -> Metric:
    """Return a metric that needs no gallery to be fitted on, for two vectors alone.

    Parameters
    ----------
    name : str
        For example ``"cosine"``.

    Returns
    -------
    Metric
        The metric.

    Raises
    ------
    UnknownName
        If there is none of that name.
    OptionError
        If it must be fitted first.
    """
    kind = load("metric", name)
    if hasattr(kind, "fit"):
        raise OptionError(
            f"{name} distance must be fitted on a gallery",
            "use euclidean, sqeuclidean or cosine for photos alone",
        )
    metric: Metric = kind()
    return metric

"""People as rows of an index, each with an own mean and own variances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.search.metric_index import MetricIndex
from lookalike.search.metrics import Euclidean
from lookalike.search.person_scan import PersonScan

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Standardized(Euclidean):
    """Distance after every number has been centered and scaled, so that products keep digits.

    Parameters
    ----------
    center, scale : ndarray of shape (d,), float64
        What is taken off each number, and what it is then divided by.

    Notes
    -----
    ``z_i = (x_i - c_i) / s_i``.
    """

    name = "standardized"

    def __init__(self, center: NDArray[np.float64], scale: NDArray[np.float64]) -> None:
        self._center = center
        self._scale = scale

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows centered and scaled.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.

        Returns
        -------
        ndarray of shape (n, d), float32
            Numbers near 1 in size.
        """
        return np.asarray((vectors - self._center) / self._scale, np.float32)


def person_index(
    means: NDArray[np.float64], variances: NDArray[np.float64], threads: int | None = None
) -> MetricIndex:
    """Make an index over people. It is exact: people are few beside photos.

    Parameters
    ----------
    means, variances : ndarray of shape (p, d), float64
        Of each person.
    threads : int, optional
        Of one search; default 1, and all cores for large batches.

    Returns
    -------
    MetricIndex
        Its rows are people, its distances are Mahalanobis distances to them.
    """
    center, scale = means.mean(axis=0), np.sqrt(variances.mean(axis=0))
    scan = PersonScan((means - center) / scale, scale**2 / variances, threads)
    return MetricIndex(Standardized(center, scale), scan, None, means.shape[1])

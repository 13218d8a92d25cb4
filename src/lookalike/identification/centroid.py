"""Nearest centroid: somebody is where the middle of their photos is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from lookalike.gallery.asking.ranking import centroids
from lookalike.identification.closeness import closeness, distances, reach_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


class CentroidHead:
    """Scores a face by how close it is to the mean of each person's photos.

    Parameters
    ----------
    centers : ndarray of shape (p, d), float32
        The mean of each person's raw rows.
    reach : float
        The distance at which a score has fallen to 1/e.

    Notes
    -----
    The score of person p is ``exp(-(|x - m_p| / reach)²)``.
    """

    name = "centroid"

    def __init__(self, centers: NDArray[np.float32], reach: float) -> None:
        self._centers = centers
        self._reach = reach

    @classmethod
    def fit(cls, vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> Self:
        """Learn from labelled vectors.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.
        groups : ndarray of shape (n,), int64
            The person of each row, numbered from 0 without gaps.

        Returns
        -------
        CentroidHead
            Ready.
        """
        centers = centroids(vectors, groups)
        return cls(centers, reach_of(centers))

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Say how surely each face is each person.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.

        Returns
        -------
        ndarray of shape (n, p), float32
            0 to 1; higher is surer.
        """
        return closeness(distances(vectors, self._centers), self._reach)

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what was learned.

        Returns
        -------
        dict of str to ndarray
            For `restore`.
        """
        return {"centers": self._centers, "reach": np.array([self._reach], np.float32)}

    @classmethod
    def restore(
        cls,
        arrays: Mapping[str, NDArray[np.float32]],
        vectors: NDArray[np.float32],
        groups: NDArray[np.int64],
    ) -> Self:
        """Make a head of what was learned.

        Parameters
        ----------
        arrays : mapping of str to ndarray
            What `arrays` gave.
        vectors, groups : ndarray
            What `fit` was given.

        Returns
        -------
        CentroidHead
            The same.
        """
        del vectors, groups
        return cls(arrays["centers"], float(arrays["reach"][0]))

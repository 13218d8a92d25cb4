"""k nearest photos, each of which votes for its person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import numpy as np

from lookalike.gallery.asking.ranking import centroids
from lookalike.identification.closeness import closeness, reach_of
from lookalike.search.exact import ExactIndex
from lookalike.search.metrics import Euclidean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

#: How many photos vote.
VOTERS: Final = 5


class KnnHead:
    """Scores a face by the votes of the photos that are nearest to it.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows of known people.
    groups : ndarray of shape (n,), int64
        The person of each row.
    reach : float
        The distance at which a vote has fallen to 1/e.

    Notes
    -----
    A photo at distance d has ``exp(-(d / reach)²)`` votes. The score of a person is the sum over
    their photos among the five nearest, divided by five, or by the number of their photos if that
    is less: who has one photo can get full votes, too.

    References
    ----------
    Dudani, "The Distance-Weighted k-Nearest-Neighbor Rule", IEEE Transactions on Systems, Man, and
    Cybernetics, 1976.
    """

    name = "knn"

    def __init__(
        self, vectors: NDArray[np.float32], groups: NDArray[np.int64], reach: float
    ) -> None:
        self._groups = groups
        self._reach = reach
        self._index = ExactIndex(vectors, Euclidean())
        self._most = np.minimum(np.bincount(groups), VOTERS).astype(np.float32)

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
        KnnHead
            Ready.
        """
        return cls(vectors, groups, reach_of(centroids(vectors, groups)))

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Say how surely each face is each person.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.

        Returns
        -------
        ndarray of shape (n, p), float32
            0 to 1; higher is surer. Who has no vote has 0.
        """
        k = min(VOTERS, len(self._groups))
        near = self._index.search(np.ascontiguousarray(vectors), k)
        result = np.zeros((len(vectors), len(self._most)), np.float32)
        rows = np.arange(len(vectors))[:, None]
        np.add.at(result, (rows, self._groups[near.rows]), closeness(near.distances, self._reach))
        return result / self._most

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what was learned beside the vectors themselves.

        Returns
        -------
        dict of str to ndarray
            For `restore`.
        """
        return {"reach": np.array([self._reach], np.float32)}

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
        KnnHead
            The same.
        """
        return cls(vectors, groups, float(arrays["reach"][0]))

"""Mahalanobis distance: differences count by how unusual they are within one person.

Two forms. *Pooled*: one covariance for everybody, estimated from how the photos of each person
scatter about that person's mean. *Per person*: each person's own mean and variances, held near
the pooled ones as long as there are few photos.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import OptionError
from lookalike.search.metrics import Euclidean
from lookalike.search.person_index import person_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.search.options import Filter
    from lookalike.types import Neighbors

#: How many photos' worth of trust the pooled variance has against a person's own.
PRIOR_PHOTOS: Final = 10.0

#: The least pooled variance of a number, as a part of the mean over all numbers: a number that
#: never changes would otherwise count infinitely.
_LEAST_VARIANCE: Final = 1e-6


def _centers(
    vectors: NDArray[np.float32], groups: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the mean of each group 0, 1, 2, … and the number of its rows."""
    counts = np.bincount(groups)
    sums = np.zeros((len(counts), vectors.shape[1]))
    np.add.at(sums, groups, vectors)
    return sums / np.maximum(counts, 1)[:, None], counts


def _scatter(
    vectors: NDArray[np.float32], groups: NDArray[np.int64]
) -> tuple[NDArray[np.float64], int]:
    """Return how rows differ from their group's mean, and how many of them are free to."""
    centers, counts = _centers(vectors, groups)
    several = counts[groups] > 1
    freedom = int(several.sum() - (counts > 1).sum())
    if freedom < 2:
        raise OptionError(
            "Mahalanobis distance needs people with several photos each",
            "add photos, or use --metric euclidean",
        )
    scatter = vectors[several] - centers[groups[several]]
    if not scatter.any():
        raise OptionError(
            "Mahalanobis distance needs photos of one person that differ",
            "use --metric euclidean",
        )
    return scatter, freedom


def within_person_covariance(
    vectors: NDArray[np.float32], groups: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Estimate how the photos of one person scatter, from everybody together.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    groups : ndarray of shape (n,), int64
        The person of each row, numbered from 0.

    Returns
    -------
    ndarray of shape (d, d), float64
        Positive definite.

    Raises
    ------
    OptionError
        If hardly anybody has several photos.

    Notes
    -----
    ``S = sum((x - m_p)(x - m_p)^T) / (n - P)`` over the P people with several photos, then
    ``(1 - a) S + a trace(S)/d I`` with the shrinkage a of Ledoit and Wolf, so that it can be
    inverted however few photos there are.

    References
    ----------
    Ledoit, Wolf, "A Well-Conditioned Estimator for Large-Dimensional Covariance Matrices",
    Journal of Multivariate Analysis, 2004.
    """
    from sklearn.covariance import ledoit_wolf

    scatter, freedom = _scatter(vectors, groups)
    covariance, _ = ledoit_wolf(scatter, assume_centered=True)
    return np.asarray(covariance * (len(scatter) / freedom), np.float64)


class PooledMahalanobis(Euclidean):
    """Mahalanobis distance with one within-person covariance for everybody.

    Parameters
    ----------
    covariance : ndarray of shape (d, d), float
        Positive definite, see `within_person_covariance`.

    Notes
    -----
    ``d(x, y) = sqrt((x - y)^T S^-1 (x - y))``. With ``S = L L^T`` this is the Euclidean distance
    of ``L^-1 x`` and ``L^-1 y``.
    """

    name = "mahalanobis"

    def __init__(self, covariance: NDArray[np.floating]) -> None:
        factor = np.linalg.cholesky(np.asarray(covariance, np.float64))
        self._whiten = np.linalg.inv(factor).T.astype(np.float32)

    @classmethod
    def fit(cls, vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> PooledMahalanobis:
        """Estimate the covariance from labelled vectors.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.
        groups : ndarray of shape (n,), int64
            The person of each row, numbered from 0.

        Returns
        -------
        PooledMahalanobis
            The metric.

        Raises
        ------
        OptionError
            If hardly anybody has several photos.
        """
        return cls(within_person_covariance(vectors, groups))

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows in whitened space.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.

        Returns
        -------
        ndarray of shape (n, d), float32
            Rows whose within-person covariance is the identity.
        """
        return vectors @ self._whiten


class PersonMahalanobis:
    """An index over people, each with an own mean and own variances.

    Parameters
    ----------
    means : ndarray of shape (p, d), float
        The mean of each person's photos.
    variances : ndarray of shape (p, d), float
        The variance that a new photo of the person is expected to have about that mean.
    threads : int, optional
        Of one search; default 1, and all cores for large batches.

    Notes
    -----
    ``d(x, p) = sqrt(sum_i (x_i - m_pi)² / v_pi)``. A person's variance is
    ``(k v0 + sum (x - m)²) / (k + n - 1) * (1 + 1/n)``: the pooled variance v0 counts like k
    photos, so that one photo is enough for a sensible value, and ``1 + 1/n`` is the uncertainty
    of a mean of n photos.
    """

    name = "mahalanobis-person"

    def __init__(
        self,
        means: NDArray[np.floating],
        variances: NDArray[np.floating],
        threads: int | None = None,
    ) -> None:
        self.means = np.asarray(means, np.float64)
        self.variances = np.asarray(variances, np.float64)
        self._index = person_index(self.means, self.variances, threads)

    @classmethod
    def fit(
        cls,
        vectors: NDArray[np.float32],
        groups: NDArray[np.int64],
        prior_photos: float = PRIOR_PHOTOS,
    ) -> PersonMahalanobis:
        """Estimate means and variances from labelled vectors.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.
        groups : ndarray of shape (n,), int64
            The person of each row, numbered from 0 without gaps.
        prior_photos : float
            How many photos' worth of trust the pooled variance has, above 0.

        Returns
        -------
        PersonMahalanobis
            The index; its rows are the groups.

        Raises
        ------
        OptionError
            If hardly anybody has several photos.
        """
        scatter, freedom = _scatter(vectors, groups)
        pooled = (scatter**2).sum(axis=0) / freedom
        pooled = np.maximum(pooled, _LEAST_VARIANCE * pooled.mean())
        means, counts = _centers(vectors, groups)
        own = np.zeros_like(means)
        np.add.at(own, groups, (vectors - means[groups]) ** 2)
        n = counts[:, None]
        variances = (prior_photos * pooled + own) / (prior_photos + n - 1) * (1 + 1 / n)
        return cls(means, variances)

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.means)

    def search(
        self,
        queries: NDArray[np.float32],
        k: int,
        rows: Filter | None = None,
    ) -> Neighbors:
        """Find the nearest people.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Raw rows.
        k : int
            How many, 1 and up.
        rows : ndarray of shape (p,), bool, or ndarray of shape (r,), int64, optional
            Only these people: a mask, or their numbers.

        Returns
        -------
        Neighbors
            Of shape (m, k); rows are people.

        Raises
        ------
        OptionError
            If `k` is below 1.
        ArrayError
            If queries are not finite or of another length, or `rows` is no filter.
        """
        return self._index.search(queries, k, rows)

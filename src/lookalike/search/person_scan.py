"""Everybody's own mean and variances as one matrix product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.search.products import products
from lookalike.search.scan import Scan

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EPS: Final = float(np.finfo(np.float32).eps)


class PersonForm:
    """Squared distances to people as products, less what rounding may add.

    Parameters
    ----------
    means, precisions : ndarray of shape (p, d), float64
        Of each person: the mean, and one over the variances. Both near 1 in size, or digits go.

    Notes
    -----
    ``sum_i w_i (z_i - m_i)² = <(z², z, 1), (w, -2 w m, sum w m²)>``.
    """

    def __init__(self, means: NDArray[np.float64], precisions: NDArray[np.float64]) -> None:
        constants = (means**2 * precisions).sum(axis=1)
        columns = [precisions, -2 * means * precisions, constants]
        self.table = np.column_stack(columns).astype(np.float32)
        self._steepest = precisions.max(axis=0, initial=0)
        self._largest = float(constants.max(initial=0))

    @property
    def parts(self) -> dict[str, NDArray[np.float32]]:
        """Nothing: it is made in no time."""
        return {}

    def of(
        self, queries: NDArray[np.float32], rows: NDArray[np.int64] | None = None, threads: int = 1
    ) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Bound the squared distances of queries to people from below.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Where to measure from.
        rows : ndarray of shape (r,), int64, optional
            The people to look at; default all.
        threads : int, default 1
            Of the matrix product.

        Returns
        -------
        bounds : ndarray of shape (m, r), float32
            Bounds as soon as `shifts` is added.
        shifts : ndarray of shape (m,), float64
            One number for each query.
        """
        table = self.table if rows is None else self.table[rows]
        # The summands are no larger than w (|z| + |m|)² <= 2 w z² + 2 w m² together.
        sizes = 2 * (queries.astype(np.float64) ** 2 @ self._steepest + self._largest)
        return products(_lifted(queries), table, threads), -2 * (table.shape[1] + 4) * _EPS * sizes


class PersonScan(Scan):
    """Nearest people by their own variances.

    Parameters
    ----------
    means, precisions : ndarray of shape (p, d), float64
        See `PersonForm`.
    threads : int, optional
        Of the matrix product.

    Notes
    -----
    The product picks candidates; their distances are summed up in float64 from the differences.
    """

    def __init__(
        self,
        means: NDArray[np.float64],
        precisions: NDArray[np.float64],
        threads: int | None = None,
    ) -> None:
        form = PersonForm(means, precisions)
        super().__init__(form.table, threads, form)
        self._means = means
        self._precisions = precisions

    def measure(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return squared distances, summed up in float64.

        Parameters
        ----------
        query : ndarray of shape (d,), float32
            Where to measure from.
        rows : ndarray of shape (r,), int64
            The people to measure.

        Returns
        -------
        ndarray of shape (r,), float64
            Squared distances.
        """
        difference = self._means[rows] - query
        difference *= difference
        difference *= self._precisions[rows]
        return np.asarray(difference.sum(axis=1), np.float64)

    def roughly(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return squared distances in float32, each off by a part of itself only.

        Parameters
        ----------
        query : ndarray of shape (d,), float32
            Where to measure from.
        rows : ndarray of shape (r,), int64
            The people to measure.

        Returns
        -------
        ndarray of shape (r,), float32
            Squared distances.
        """
        return self.measure(query, rows).astype(np.float32)


def _lifted(queries: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what the form is multiplied with: squares, numbers, one."""
    return np.column_stack([queries**2, queries, np.ones(len(queries), np.float32)])

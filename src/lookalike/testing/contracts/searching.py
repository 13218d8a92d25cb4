"""What every metric and every index must do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from lookalike.protocols import Index, Metric

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _vectors(n: int, d: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


class MetricContract(ABC):
    """What every metric must do."""

    @abstractmethod
    def metric(self) -> Metric:
        """Return a metric for rows of eight numbers."""

    @abstractmethod
    def reference(self, one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
        """Return the distance of two vectors by somebody else's code."""

    def between(self, one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the distances of all rows to all rows through the seam.

        Parameters
        ----------
        one, other : ndarray of shape (n, 8) and (m, 8), float32
            Raw rows.

        Returns
        -------
        ndarray of shape (n, m), float32
            Distances.
        """
        metric = self.metric()
        gap = metric.project(one)[:, None].astype(np.float64) - metric.project(other)[None]
        return metric.distances((gap**2).sum(axis=2))

    def test_is_a_metric(self) -> None:
        """It has the seam's names."""
        assert isinstance(self.metric(), Metric)

    def test_agrees_with_the_reference(self) -> None:
        """Value by value."""
        one, other = _vectors(7, 8, seed=1), _vectors(9, 8, seed=2)
        found = self.between(one, other)
        for i in range(7):
            for j in range(9):
                expected = self.reference(one[i].astype(np.float64), other[j].astype(np.float64))
                np.testing.assert_allclose(found[i, j], expected, rtol=2e-4, atol=1e-6)

    def test_nothing_is_nearer_than_itself(self) -> None:
        """Zero on the diagonal, symmetric, never negative."""
        rows = _vectors(6, 8)
        found = self.between(rows, rows)
        np.testing.assert_allclose(np.diag(found), 0, atol=1e-5)
        np.testing.assert_allclose(found, found.T, atol=1e-5)
        assert (found >= 0).all()


class IndexContract(ABC):
    """What every index must do."""

    @abstractmethod
    def index(self, vectors: NDArray[np.float32]) -> Index:
        """Return an index over rows, by Euclidean distance or its square."""

    def test_is_an_index(self) -> None:
        """It has the seam's names and knows its size."""
        index = self.index(_vectors(10, 8))
        assert isinstance(index, Index)
        assert len(index) == 10

    def test_finds_each_row_itself_first(self) -> None:
        """A row that is in the index is its own nearest."""
        vectors = _vectors(300, 8)
        neighbors = self.index(vectors).search(vectors, 1)
        np.testing.assert_array_equal(neighbors.rows[:, 0], np.arange(300))
        np.testing.assert_allclose(neighbors.distances[:, 0], 0, atol=1e-3)

    def test_finds_the_nearest_in_order(self) -> None:
        """The same rows as a plain loop, nearest first."""
        vectors, queries = _vectors(200, 8, seed=1), _vectors(20, 8, seed=2)
        neighbors = self.index(vectors).search(queries, 7)
        for query, rows, distances in zip(
            queries, neighbors.rows, neighbors.distances, strict=True
        ):
            expected = np.argsort(((vectors - query) ** 2).sum(axis=1), kind="stable")[:7]
            np.testing.assert_array_equal(rows, expected)
            assert (np.diff(distances) >= 0).all()

    def test_pads_what_is_not_there(self) -> None:
        """More neighbors than rows: -1 and infinity."""
        neighbors = self.index(_vectors(3, 8)).search(_vectors(2, 8), 5)
        assert neighbors.rows.shape == (2, 5)
        assert (neighbors.rows[:, 3:] == -1).all()
        assert np.isinf(neighbors.distances[:, 3:]).all()

    def test_no_queries_no_answers(self) -> None:
        """An empty batch is fine."""
        assert len(self.index(_vectors(3, 8)).search(_vectors(0, 8), 2)) == 0

    def test_a_filter_leaves_only_its_rows(self) -> None:
        """The same rows as a plain loop over the allowed ones, by mask or by numbers."""
        vectors, queries = _vectors(200, 8, seed=1), _vectors(10, 8, seed=2)
        index = self.index(vectors)
        for share in (0.02, 0.5, 1):
            mask = np.random.default_rng(3).random(200) < share
            allowed = np.flatnonzero(mask)
            found = index.search(queries, 3, mask)
            for query, rows in zip(queries, found.rows, strict=True):
                squared = ((vectors[allowed] - query) ** 2).sum(axis=1)
                expected = allowed[np.argsort(squared, kind="stable")[:3]]
                np.testing.assert_array_equal(rows[: len(expected)], expected)
                assert (rows[len(expected) :] == -1).all()
            by_number = index.search(queries, 3, allowed)
            np.testing.assert_array_equal(by_number.rows, found.rows)
            np.testing.assert_array_equal(by_number.distances, found.distances)

    def test_no_row_allowed_none_found(self) -> None:
        """A filter that nothing passes is fine."""
        index = self.index(_vectors(5, 8))
        found = index.search(_vectors(2, 8), 2, np.zeros(5, bool))
        assert (found.rows == -1).all()
        assert np.isinf(found.distances).all()

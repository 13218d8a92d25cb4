"""The exact index finds what a plain search over all rows in float64 finds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from lookalike.errors import OptionError
from lookalike.search import scan
from lookalike.search.exact import ExactIndex
from lookalike.search.mahalanobis import PooledMahalanobis
from lookalike.search.metrics import Cosine, Euclidean, SquaredEuclidean

N, D = 90, 24
METRICS = [
    Euclidean(),
    SquaredEuclidean(),
    Cosine(),
    PooledMahalanobis(np.diag(np.geomspace(0.1, 2, D)) + 0.05),
]


def by_hand(metric, rows, queries, k):
    """Rank all rows by SciPy's distances of the projected rows; pad with -1 and infinity."""
    squared = cdist(
        metric.project(queries).astype("f8"), metric.project(rows).astype("f8"), "sqeuclidean"
    )
    order = np.argsort(squared, axis=1, kind="stable")[:, :k]
    distances = metric.distances(np.take_along_axis(squared, order, axis=1))
    missing = ((0, 0), (0, k - order.shape[1]))
    return (
        np.pad(order, missing, constant_values=-1),
        np.pad(distances, missing, constant_values=np.inf),
    )


@pytest.mark.parametrize("k", [1, 5, N, N + 3])
@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_finds_what_a_plain_search_finds(metric, k, vectors):
    rows, queries = vectors(N, D, 1), vectors(9, D, 2)
    found = ExactIndex(rows, metric).search(queries, k)
    order, distances = by_hand(metric, rows, queries, k)
    np.testing.assert_array_equal(found.rows, order)
    # Equal but for the last bit of float32.
    np.testing.assert_allclose(found.distances, distances, rtol=1.2e-7)


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_rounding_hides_no_neighbor_where_rows_nearly_coincide(metric, k, vectors):
    # The quick formula alone cannot tell these rows apart.
    rows = vectors(400, D, 1, center=10, spread=1e-4)
    queries = vectors(5, D, 2, center=10, spread=1e-4)
    found = ExactIndex(rows, metric).search(queries, k)
    np.testing.assert_array_equal(found.rows, by_hand(metric, rows, queries, k)[0])


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
@pytest.mark.parametrize("k", [1, 40, 199])
def test_among_equals_the_earlier_row_comes_first(metric, k, vectors):
    # Copies of one row, shuffled among rows that are all farther away.
    near, far = vectors(1, D, 1), vectors(100, D, 2)
    rows = np.concatenate([np.repeat(near, 100, axis=0), -np.abs(far) * np.sign(near)])
    shuffled = np.random.default_rng(3).permutation(200)
    found = ExactIndex(rows[shuffled], metric).search(near, k)
    equals = np.flatnonzero(shuffled < 100)
    np.testing.assert_array_equal(found.rows[0, :100], equals[: min(k, 100)])
    np.testing.assert_allclose(found.distances[0, : min(k, 100)], 0, atol=1e-6)


@pytest.mark.parametrize("budget", [1, N, 4 * N, 1 << 26])
def test_the_memory_at_hand_does_not_change_the_answer(budget, vectors, monkeypatch):
    rows, queries = vectors(N, D, 1), vectors(11, D, 2)
    index = ExactIndex(rows, Euclidean())
    whole = index.search(queries, 4)
    monkeypatch.setattr(scan, "_BUDGET", budget)
    sizes = []
    bounds = index.scan._bounds.of

    def counted(queries, *others):
        sizes.append(len(queries))
        return bounds(queries, *others)

    monkeypatch.setattr(index.scan._bounds, "of", counted)
    parts = index.search(queries, 4)
    np.testing.assert_array_equal(parts.rows, whole.rows)
    np.testing.assert_array_equal(parts.distances, whole.distances)
    assert sum(sizes) == 11
    assert max(sizes) == min(11, max(1, budget // N))


def test_one_by_one_is_as_good_as_together(vectors):
    rows, queries = vectors(N, D, 1), vectors(6, D, 2)
    index = ExactIndex(rows, Cosine())
    together = index.search(queries, 3)
    for at in range(6):
        np.testing.assert_array_equal(
            index.search(queries[at : at + 1], 3).rows[0], together.rows[at]
        )


def test_an_empty_index_finds_nothing(vectors):
    found = ExactIndex(np.empty((0, D), np.float32), Euclidean()).search(vectors(2, D, 1), 3)
    assert (found.rows == -1).all()
    assert np.isinf(found.distances).all()


@pytest.mark.parametrize("k", [0, -1])
def test_no_neighbors_cannot_be_asked_for(k, vectors):
    with pytest.raises(OptionError, match="at least 1"):
        ExactIndex(vectors(3, D, 1), Euclidean()).search(vectors(1, D, 2), k)

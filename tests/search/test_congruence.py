"""Every index, with every metric and all its bits, against SciPy's distances in float64."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from lookalike.errors import ArrayError
from lookalike.search import bounds, inverted_lists
from lookalike.search.choice import BITS
from lookalike.search.inverted_lists import InvertedLists
from lookalike.search.mahalanobis import PersonMahalanobis, PooledMahalanobis
from lookalike.search.making import make_index
from lookalike.search.metrics import Cosine, Euclidean, SquaredEuclidean
from lookalike.search.options import IndexOptions

N, D = 6000, 48
KINDS = [(kind, bits) for kind, known in BITS.items() for bits in known]
METRICS = [
    Euclidean(),
    SquaredEuclidean(),
    Cosine(),
    PooledMahalanobis(np.diag(np.geomspace(0.1, 2, D)) + 0.05),
]


@pytest.fixture(scope="module")
def people():
    """Return photos of 300 people whose numbers are correlated, as embeddings are, and queries."""
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.normal(size=(D, D)))[0] * np.geomspace(1, 0.05, D)
    centers = rng.normal(size=(320, D))
    photos = centers[rng.integers(0, 300, N)] + 0.6 * rng.normal(size=(N, D))
    asked = np.concatenate([photos[:20] + 0.1 * rng.normal(size=(20, D)), centers[300:]])
    return (photos @ turn.T).astype("f4"), (asked @ turn.T).astype("f4")


@pytest.fixture(autouse=True)
def bounds_from_components(monkeypatch):
    """Let small rows be searched as many rows are."""
    monkeypatch.setattr(bounds, "_LEAST_NUMBERS", 10_000)
    monkeypatch.setattr(bounds, "_WIDTHS", (16, 24))


def by_scipy(metric, rows, queries, k, allowed=None):
    """Return rows and distances, in float64."""
    allowed = np.arange(len(rows)) if allowed is None else allowed
    projected = metric.project(rows[allowed]).astype("f8")
    squared = cdist(metric.project(queries).astype("f8"), projected, "sqeuclidean")
    order = np.argsort(squared, axis=1, kind="stable")[:, :k]
    return allowed[order], metric.distances(np.take_along_axis(squared, order, axis=1))


def recall(found, expected):
    return np.mean(
        [len(np.intersect1d(a, b)) / len(b) for a, b in zip(found, expected, strict=True)]
    )


@pytest.fixture(scope="module")
def indexes(people):
    """Return a function that makes each index once."""
    made = {}

    def get(kind, bits, metric):
        key = (kind, bits, metric.name)
        if key not in made:
            made[key] = make_index(people[0], metric, IndexOptions(kind, bits, 1))
        return made[key]

    return get


@pytest.mark.parametrize("k", [1, 10, 50])
@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
@pytest.mark.parametrize(("kind", "bits"), KINDS)
def test_finds_what_scipy_finds(kind, bits, metric, k, people, indexes):
    rows, queries = people
    found = indexes(kind, bits, metric).search(queries, k)
    expected, distances = by_scipy(metric, rows, queries, k)
    if kind == "exact":
        np.testing.assert_array_equal(found.rows, expected)
    assert recall(found.rows, expected) >= 0.98
    # What is found has its exact distance, whatever it was found by.
    projected = metric.project(rows).astype("f8")
    asked = metric.project(queries).astype("f8")
    squared = ((projected[found.rows] - asked[:, None]) ** 2).sum(axis=2)
    np.testing.assert_allclose(found.distances, metric.distances(squared), rtol=1.2e-7)
    assert (np.diff(found.distances, axis=1) >= 0).all()
    assert (found.distances >= distances).all()


@pytest.mark.parametrize("allowed", [0, 1, 3, 200, 3000, N - 1, N])
@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
@pytest.mark.parametrize(("kind", "bits"), KINDS)
def test_a_filter_is_exact_on_every_index(kind, bits, metric, allowed, people, indexes):
    rows, queries = people
    chosen = np.sort(np.random.default_rng(allowed).permutation(N)[:allowed])
    found = indexes(kind, bits, metric).search(queries, 10, np.isin(np.arange(N), chosen))
    if not allowed:
        assert (found.rows == -1).all()
        return
    expected, distances = by_scipy(metric, rows, queries, 10, chosen)
    there = expected.shape[1]
    np.testing.assert_array_equal(found.rows[:, :there], expected)
    np.testing.assert_allclose(found.distances[:, :there], distances, rtol=1.2e-7)
    assert (found.rows[:, there:] == -1).all()
    assert np.isinf(found.distances[:, there:]).all()


@pytest.mark.parametrize("n", [0, 1, 2, 1023, 1024, 1500])
@pytest.mark.parametrize("d", [1, 2, 33])
@pytest.mark.parametrize(("kind", "bits"), KINDS)
def test_any_size_is_searched(kind, bits, n, d, vectors):
    rows, queries = vectors(n, d, 1), vectors(4, d, 2)
    index = make_index(rows, Euclidean(), IndexOptions(kind, bits))
    for k in (1, 3, n + 2):
        found = index.search(queries, k)
        expected, distances = by_scipy(Euclidean(), rows, queries, k)
        there = expected.shape[1]
        if there:
            assert recall(found.rows[:, :there], expected) >= 0.9
        np.testing.assert_allclose(
            found.distances[:, : min(1, there)], distances[:, :1], rtol=0.2, atol=1e-4
        )
        assert (found.rows[:, there:] == -1).all()
        assert np.isinf(found.distances[:, there:]).all()


@pytest.mark.parametrize(("kind", "bits"), KINDS)
def test_copies_come_in_order_and_each_once(kind, bits, vectors):
    rows = np.repeat(vectors(3, 24, 1), 1000, axis=0)
    found = make_index(rows, Euclidean(), IndexOptions(kind, bits)).search(rows[1500:1501], 20)
    assert len(np.unique(found.rows)) == 20
    assert ((found.rows >= 1000) & (found.rows < 2000)).all()
    assert (np.diff(found.rows) > 0).all()
    assert (found.distances == 0).all()
    if kind == "exact":
        np.testing.assert_array_equal(found.rows[0], np.arange(1000, 1020))


@pytest.mark.parametrize(("kind", "bits"), KINDS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_what_is_not_finite_is_refused(kind, bits, bad, vectors):
    rows = vectors(40, 5, 1)
    index = make_index(rows, Euclidean(), IndexOptions(kind, bits))
    broken = vectors(3, 5, 2)
    broken[1, 2] = bad
    with pytest.raises(ArrayError, match="row 1 is not"):
        index.search(broken, 2)
    rows[7, 0] = bad
    with pytest.raises(ArrayError, match="row 7 is not"):
        make_index(rows, Euclidean(), IndexOptions(kind, bits))


@pytest.mark.parametrize("shape", [(5,), (2, 4), (2, 3, 5)])
def test_queries_of_another_shape_are_refused(shape, vectors):
    index = make_index(vectors(40, 5, 1), Euclidean())
    with pytest.raises(ArrayError, match="queries must be"):
        index.search(np.zeros(shape, np.float32), 1)


@pytest.mark.parametrize(
    "rows",
    [np.ones(39, bool), np.array([40]), np.array([-1]), np.array([0.5]), np.eye(2, dtype=int)],
)
def test_what_is_no_filter_is_refused(rows, vectors):
    index = make_index(vectors(40, 5, 1), Euclidean())
    with pytest.raises(ArrayError, match="rows must"):
        index.search(vectors(1, 5, 2), 1, rows)


def test_a_row_named_twice_is_found_once(vectors):
    index = make_index(vectors(40, 5, 1), Euclidean())
    found = index.search(vectors(1, 5, 2), 5, np.array([9, 3, 9, 3]))
    assert sorted(found.rows[0].tolist()) == [-1, -1, -1, 3, 9]


@pytest.mark.parametrize(("kind", "bits"), KINDS)
def test_eight_threads_find_what_one_finds(kind, bits, people, indexes):
    from concurrent.futures import ThreadPoolExecutor

    _, queries = people
    index = indexes(kind, bits, METRICS[0])
    mask = np.arange(N) % 2 == 0
    alone = [index.search(query[None], 10) for query in queries]
    filtered = [index.search(query[None], 10, mask) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda query: index.search(query[None], 10), queries))
        both = list(pool.map(lambda query: index.search(query[None], 10, mask), queries))
    for one, other in zip(alone + filtered, together + both, strict=True):
        np.testing.assert_array_equal(one.rows, other.rows)
        np.testing.assert_array_equal(one.distances, other.distances)


@pytest.mark.parametrize(("kind", "bits"), KINDS)
def test_a_batch_finds_what_one_by_one_finds(kind, bits, people):
    rows, queries = people
    index = make_index(rows, Cosine(), IndexOptions(kind, bits))
    many = np.concatenate([queries, queries[::-1]])
    together = index.search(many, 5)
    for at, query in enumerate(many):
        one = index.search(query[None], 5)
        np.testing.assert_array_equal(one.rows[0], together.rows[at])
        np.testing.assert_array_equal(one.distances[0], together.distances[at])


def test_bytes_let_in_more_where_the_bound_is_not_met(people, monkeypatch):
    # A bound so wide that the first candidates never suffice.
    rows, queries = people
    index = make_index(rows, Euclidean(), IndexOptions("exact", 8))
    asked = []
    monkeypatch.setattr(index.shortcut, "_lost", 0.5)
    search = type(index.shortcut._codes).range_search
    monkeypatch.setattr(
        type(index.shortcut._codes), "range_search", lambda *a: (asked.append(1), search(*a))[1]
    )
    found = index.search(queries, 10)
    np.testing.assert_array_equal(found.rows, by_scipy(Euclidean(), rows, queries, 10)[0])
    assert asked


def test_too_few_candidates_are_made_up_for(people, monkeypatch):
    monkeypatch.setattr(inverted_lists, "_PROBED", 0)
    monkeypatch.setattr(inverted_lists, "_PROBED_ROWS", 0)
    rows, queries = people
    index = make_index(rows, Euclidean(), IndexOptions("ivf", 8))
    assert isinstance(index.shortcut, InvertedLists)
    assert (index.search(queries, 40).rows >= 0).all()


@pytest.mark.parametrize("spread", [1e-4, 1.0, 1e4])
@pytest.mark.parametrize("center", [0.0, 10.0, 1000.0])
def test_bounds_hide_no_neighbor(center, spread, vectors):
    rows = vectors(3000, 40, 1, center=center, spread=spread)
    rows[:, 8:] *= 0.1
    queries = vectors(5, 40, 2, center=center, spread=spread)
    index = make_index(rows, Euclidean(), IndexOptions("exact"))
    found = index.search(queries, 10)
    np.testing.assert_array_equal(found.rows, by_scipy(Euclidean(), rows, queries, 10)[0])


def test_rows_that_vary_along_few_directions_are_searched_by_those(people):
    made = bounds.bounds_for(people[0])
    assert isinstance(made, bounds.PrincipalBounds)
    noise = np.random.default_rng(0).normal(size=(3000, D)).astype("f4")
    assert isinstance(bounds.bounds_for(noise), bounds.PlainBounds)


def test_bounds_are_below_distances(people):
    rows, queries = people
    for made in (bounds.bounds_for(rows), bounds.PlainBounds(rows)):
        values, shifts = made.of(queries)
        true = cdist(queries.astype("f8"), rows.astype("f8"), "sqeuclidean")
        assert (values + shifts[:, None] <= true).all()


@pytest.mark.parametrize("k", [1, 10])
@pytest.mark.parametrize("allowed", [None, 0, 1, 7, 150])
def test_people_with_own_variances_are_found_exactly(allowed, k):
    rng = np.random.default_rng(1)
    # Far from zero and of very different sizes, so that products lose digits.
    scale = np.geomspace(1e-3, 1e3, 20)
    means = (50 + rng.normal(size=(300, 20))) * scale
    variances = rng.uniform(0.2, 3, (300, 20)) * scale**2
    queries = ((50 + rng.normal(size=(15, 20))) * scale).astype("f4")
    chosen = np.arange(300) if allowed is None else np.sort(rng.permutation(300)[:allowed])
    found = PersonMahalanobis(means, variances).search(
        queries, k, None if allowed is None else chosen
    )
    for at, query in enumerate(queries.astype("f8")):
        away = np.sqrt(((query - means[chosen]) ** 2 / variances[chosen]).sum(axis=1))
        order = np.argsort(away)[:k]
        there = len(order)
        np.testing.assert_array_equal(found.rows[at, :there], chosen[order])
        # The last bits of 50,000 in float32 are a part in a million of its spread.
        np.testing.assert_allclose(found.distances[at, :there], away[order], rtol=1e-5)
        assert (found.rows[at, there:] == -1).all()


def test_shortcuts_are_taken_where_rows_are_many(people, indexes):
    for kind, bits in KINDS:
        index = indexes(kind, bits, METRICS[0])
        assert (index.shortcut is None) == ((kind, bits) == ("exact", 32))

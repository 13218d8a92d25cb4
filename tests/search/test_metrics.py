"""Every metric has the values of SciPy's function of its name, in float64."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from lookalike.errors import OptionError, UnknownName
from lookalike.registry import load, names
from lookalike.search.mahalanobis import PooledMahalanobis
from lookalike.search.metrics import Cosine, Euclidean, SquaredEuclidean, ready_made

PLAIN = [Euclidean(), SquaredEuclidean(), Cosine()]

#: The smallest step of float32 next to 1.
EPS = float(np.finfo(np.float32).eps)


def through(metric, one, other):
    """Measure as an index does: project in float32, subtract in float64."""
    gap = metric.project(one)[:, None].astype(np.float64) - metric.project(other)[None]
    return metric.distances((gap**2).sum(axis=2))


@pytest.mark.parametrize("metric", PLAIN, ids=lambda metric: metric.name)
@pytest.mark.parametrize("d", [1, 2, 128])
def test_values_are_those_of_scipy(metric, d, vectors):
    one, other = vectors(7, d, 1), vectors(11, d, 2)
    expected = cdist(one.astype(np.float64), other.astype(np.float64), metric.name)
    np.testing.assert_allclose(through(metric, one, other), expected, rtol=1e-6, atol=4 * EPS)


@pytest.mark.parametrize("metric", PLAIN[:2], ids=lambda metric: metric.name)
def test_values_hold_where_rows_nearly_coincide(metric, vectors):
    # The rows are 1,000,000 times as long as what lies between them.
    one, other = (vectors(6, 128, seed, center=10, spread=1e-5) for seed in (1, 2))
    expected = cdist(one.astype(np.float64), other.astype(np.float64), metric.name)
    assert 0 < expected.max() < 1e-3
    np.testing.assert_allclose(through(metric, one, other), expected, rtol=1e-6)


def test_small_angles_lose_no_more_than_the_rounding_of_directions(vectors):
    one, other = (vectors(6, 128, seed, center=1, spread=1e-3) for seed in (1, 2))
    u, v = (x / np.linalg.norm(x, axis=1)[:, None] for x in (one.astype("f8"), other.astype("f8")))
    expected = ((u[:, None] - v[None]) ** 2).sum(axis=2) / 2
    assert expected.max() < 2e-6
    # 1 - cos itself, in float32, would be off by EPS / 2: three per cent of these values.
    np.testing.assert_allclose(through(Cosine(), one, other), expected, rtol=2e-3)


def test_the_length_of_a_row_does_not_change_its_angle(vectors):
    rows = vectors(4, 128, 1)
    scaled = rows * np.array([[1e-3], [1], [7], [1e4]], np.float32)
    np.testing.assert_allclose(through(Cosine(), scaled, rows).diagonal(), 0, atol=EPS)


def test_a_row_of_zeros_has_a_finite_angle():
    rows = np.zeros((1, 4), np.float32)
    assert np.isfinite(through(Cosine(), rows, np.ones((1, 4), np.float32))).all()


def test_mahalanobis_is_that_of_scipy(vectors):
    mixing = np.random.default_rng(3).normal(size=(12, 12))
    covariance = mixing @ mixing.T + 0.1 * np.eye(12)
    one, other = vectors(5, 12, 1), vectors(8, 12, 2)
    inverse = np.linalg.inv(covariance)
    expected = cdist(one.astype("f8"), other.astype("f8"), "mahalanobis", VI=inverse)
    found = through(PooledMahalanobis(covariance), one, other)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_mahalanobis_holds_where_rows_nearly_coincide(vectors):
    covariance = np.diag(np.geomspace(0.01, 1, 16))
    one, other = (vectors(5, 16, seed, center=1, spread=1e-3) for seed in (1, 2))
    inverse = np.linalg.inv(covariance)
    expected = cdist(one.astype("f8"), other.astype("f8"), "mahalanobis", VI=inverse)
    # Whitened rows are rounded to float32: that moves a distance by at most this.
    longest = np.linalg.norm(one @ np.linalg.cholesky(inverse), axis=1).max()
    found = through(PooledMahalanobis(covariance), one, other)
    np.testing.assert_allclose(found, expected, atol=4 * EPS * longest)


@pytest.mark.parametrize("metric", PLAIN, ids=lambda metric: metric.name)
def test_rounding_below_zero_is_no_distance_below_zero(metric):
    np.testing.assert_array_equal(metric.distances(np.array([-1e-9, 0.0])), [0, 0])


@pytest.mark.parametrize("metric", PLAIN, ids=lambda metric: metric.name)
def test_what_comes_out_are_single_numbers(metric, vectors):
    assert metric.project(vectors(2, 3, 1)).dtype == np.float32
    assert metric.distances(np.ones(2)).dtype == np.float32


@pytest.mark.parametrize("name", names("metric"))
def test_a_metric_is_called_as_the_registry_calls_it(name):
    assert load("metric", name).name == name


def test_a_metric_that_must_be_fitted_is_not_ready_made() -> None:
    assert ready_made("cosine").name == "cosine"
    with pytest.raises(OptionError, match="fitted on a gallery"):
        ready_made("mahalanobis")
    with pytest.raises(UnknownName):
        ready_made("cosinus")

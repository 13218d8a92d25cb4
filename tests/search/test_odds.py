"""A distance becomes a probability that comes true."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.search.odds import fit_odds, reliability


@pytest.fixture(scope="module")
def pairs():
    rng = np.random.default_rng(0)
    return rng.normal(1, 0.5, 40_000), rng.normal(2, 0.5, 60_000)


def test_the_curve_is_the_logarithm_of_the_two_densities(pairs):
    curve = fit_odds(*pairs)
    # Two normal distributions with the same variance 1/4: 4 (1 - 2) d + 2 (4 - 1).
    assert curve.slope == pytest.approx(-4, rel=0.03)
    assert curve.intercept == pytest.approx(6, rel=0.03)
    assert curve.probability(1.5, 0.5) == pytest.approx(0.5, abs=0.01)
    # Bayes' rule in odds: e² to one beforehand, e^-2 by the photos.
    assert curve.probability(2.0, 1 / (1 + np.exp(-2))) == pytest.approx(0.5, abs=0.02)


def test_nothing_is_surer_than_the_pairs_allow(pairs):
    curve = fit_odds(*pairs)
    assert curve.probability(-100, 0.5) == pytest.approx(1 - 1 / 60_001)
    assert curve.probability(100, 0.5) == pytest.approx(1 / 40_001)


def test_weights_count(pairs):
    same, different = pairs
    weights = np.where(same < 1, 0.0, 1.0)
    alone = fit_odds(same[same >= 1], different)
    assert fit_odds(same, different, weights).slope == pytest.approx(alone.slope, rel=1e-3)
    assert fit_odds(same, different).slope != pytest.approx(alone.slope, rel=1e-2)


def test_the_error_is_the_mean_difference_over_the_bins():
    stated = np.array([0.1, 0.1, 0.9, 0.9, 1.0])
    true = np.array([False, True, True, True, True])
    error, points = reliability(stated, true, np.array([1.0, 1, 1, 1, 4]), bins=2)
    # The low bin says 0.1 where half is true, the high one (0.9 + 0.9 + 4) / 6 where all is.
    assert points == [(pytest.approx(0.1), pytest.approx(0.5), 2), (pytest.approx(5.8 / 6), 1, 3)]
    assert error == pytest.approx(0.4 * 2 / 8 + (0.2 / 6) * 6 / 8)


def test_on_pairs_that_it_has_not_seen_the_error_is_small(pairs):
    rng = np.random.default_rng(1)
    curve = fit_odds(*pairs)
    distances = np.concatenate([rng.normal(1, 0.5, 20_000), rng.normal(2, 0.5, 20_000)])
    truth = np.arange(40_000) < 20_000
    error, _ = reliability(curve.probabilities(distances), truth, np.ones(40_000))
    assert error < 0.01

"""A threshold for any rate is on the safe side of what was measured; rarity is read off it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from lookalike.errors import OptionError
from lookalike.models.card import Threshold, built_in
from lookalike.search.calibration import check_rate, fitting, rarity_at, threshold_at

MEASURED = [
    Threshold("euclidean", 2, 1e-3, 0.55, "pairs"),
    Threshold("euclidean", 2, 1e-2, 0.60, "pairs"),
    Threshold("euclidean", 2, 1e-4, 0.48, "pairs"),
    Threshold("euclidean", 1, 1e-3, 0.57, "pairs"),
    Threshold("cosine", 2, 1e-3, 0.08, "pairs"),
]
POINTS = fitting(MEASURED, "euclidean", 2)


@pytest.mark.parametrize(
    ("fmr", "threshold", "stated"),
    [
        (1, 0.60, 1e-2),
        (1e-2, 0.60, 1e-2),
        (1e-3, 0.55, 1e-3),
        (1e-4, 0.48, 1e-4),
        # There is nothing before the lowest point to draw a line through.
        (5e-4, 0.48, 1e-4),
        # The line through 1e-4 and 1e-3 goes on at 0.07 to the decade, the chord at 0.05.
        (10**-2.5, 0.575, 10**-2.5),
    ],
)
def test_the_threshold_of_a_rate(fmr, threshold, stated):
    assert threshold_at(POINTS, fmr) == pytest.approx((threshold, stated))


def test_nothing_is_said_of_a_rate_below_those_that_were_measured():
    assert threshold_at(POINTS, 9e-5) is None
    assert threshold_at([], 1) is None


@pytest.mark.parametrize(
    ("metric", "views", "count"),
    [("euclidean", 2, 3), ("euclidean", 1, 1), ("cosine", 2, 1), ("cosine", 1, 0)],
)
def test_a_threshold_belongs_to_its_metric_and_views(metric, views, count):
    found = fitting(MEASURED, metric, views)
    assert len(found) == count
    assert [one.fmr for one in found] == sorted(one.fmr for one in found)


def test_a_rate_between_measured_ones_is_held():
    # Distances of strangers as they are: a bell. Its tail is log-concave.
    rates = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5]
    known = [Threshold("m", 1, rate, norm.ppf(rate, 0.85, 0.1), "") for rate in reversed(rates)]
    for fmr in np.logspace(-4.999, -1, 200):
        distance, stated = threshold_at(known, fmr)
        assert stated <= fmr * (1 + 1e-9)
        reached = norm.cdf(distance, 0.85, 0.1)
        assert reached <= fmr * (1 + 1e-9)
        # And not much is given away above the first interval.
        assert fmr < 3e-5 or reached > 0.75 * fmr


@pytest.mark.parametrize(
    ("distance", "one_in", "low", "high"),
    [
        (0.3, 10_000, 10_000, math.inf),
        (0.48, 10_000, 1000, 10_000),
        (0.515, 10**3.5, 1000, 10_000),
        (0.55, 1000, 100, 1000),
        (0.6, 1, 1, 100),
        (0.9, 1, 1, 100),
    ],
)
def test_how_rare_a_distance_is(distance, one_in, low, high):
    rare = rarity_at(POINTS, distance)
    assert (rare.one_in, rare.low, rare.high) == pytest.approx((one_in, low, high))
    assert rarity_at([], distance) is None


@pytest.mark.parametrize("rate", [0, -1, 1.5, float("nan")])
def test_what_is_no_rate_is_refused(rate):
    with pytest.raises(OptionError, match="fmr"):
        check_rate("fmr", rate, one=True)


def test_one_is_a_rate_but_no_prior():
    for rate in (1e-6, 0.5, 0.999):
        check_rate("fmr", rate)
        check_rate("fmr", rate, one=True)
    check_rate("fmr", 1, one=True)
    with pytest.raises(OptionError, match="prior"):
        check_rate("prior", 1)


@pytest.mark.parametrize("name", ["dlib-resnet-v1"])
def test_the_cards_odds_are_calibrated(name):
    for odds in built_in()[name].odds:
        assert odds.slope < 0
        assert odds.error <= 0.02
        counts = [count for _, _, count in odds.reliability]
        assert sum(counts) > 100_000
        # Far apart at a low prior, and near at a high one.
        assert odds.probability(0, 0.5) > 0.99
        near, far = odds.probability(0, 1e-6), odds.probability(10, 1 - 1e-6)
        assert 0 < far < 0.999999
        assert 0 < near < 1

"""Intervals, against drawing people one by one, and against the formula."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from lookalike.errors import OptionError
from lookalike.evaluation.all_pairs import PairOptions, measure_pairs
from lookalike.evaluation.bootstrap import Drawing, Rate, bounds, never_certain, rate_of, ratio
from lookalike.evaluation.curve import equal_error_rate, error_curve
from lookalike.evaluation.resampled import pairs_between, resample
from lookalike.evaluation.scores import Scores
from lookalike.search.metrics import Euclidean


def test_a_seed_draws_the_same_people_and_another_one_others() -> None:
    one, again, other = (Drawing(50, seed).weights(30) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
    np.testing.assert_array_equal(one.sum(axis=1), 30)


def test_too_few_repeats_are_refused() -> None:
    with pytest.raises(OptionError, match="at least 20"):
        Drawing(19)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    # People differ: photos of one person are right or wrong together.
    covered = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        asked = np.full(80, 10.0)
        hits = rng.binomial(10, rng.beta(4, 1, 80)).astype(float)
        found = rate_of(hits, asked, Drawing(300, seed).weights(80))
        covered += found.low <= 0.8 <= found.high
    assert 178 <= covered <= 199


def test_of_no_error_nobody_is_certain() -> None:
    weights = Drawing(100).weights(25)
    none = rate_of(np.zeros(25), np.ones(25), weights)
    exact = binomtest(0, 25).proportion_ci(method="exact")
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(exact.high)
    every = rate_of(np.ones(25), np.ones(25), weights)
    assert (every.low, every.high) == (pytest.approx(1 - exact.high), 1)


def test_what_was_not_counted_is_not_said() -> None:
    assert math.isnan(rate_of(np.zeros(3), np.zeros(3), Drawing(20).weights(3)).value)
    assert Rate(math.nan).fields() == {"value": None, "low": None, "high": None}
    assert math.isnan(never_certain(math.nan, np.array([0.1]), 4).high)
    assert np.isnan(bounds(np.array([0.5] * 8 + [np.nan] * 2))).all()
    np.testing.assert_array_equal(ratio([1, 1], [2, 0]), [0.5, np.nan])


def by_hand(scores: Scores, weights: np.ndarray) -> Scores:
    """Return the scores of a drawing: every pair as often as its people were drawn."""
    one, other = weights[scores.people_of(0)], weights[scores.people_of(1)]
    times = np.where(scores.same, one, one * other).astype(int)
    return Scores(
        scores.setting, np.repeat(scores.distances, times), np.repeat(scores.same, times),
        np.full(times.sum(), -1), 0, (), 0.0,
    )  # fmt: skip


def test_drawn_figures_are_those_of_the_drawn_pairs(crowd, header) -> None:
    scores = measure_pairs(crowd([3, 4, 2, 5, 1, 2, 3]), header, Euclidean())
    rates, drawing = np.array([0.02, 0.1, 0.4]), Drawing(25, 5)
    drawn = resample(scores, rates, drawing)
    for weights, tmr, eer in zip(drawing.weights(7), drawn.tmr, drawn.eer, strict=True):
        curve = error_curve(by_hand(scores, weights))
        np.testing.assert_allclose(tmr, [curve.tmr(rate) for rate in rates])
        assert eer == pytest.approx(equal_error_rate(curve.fmr, curve.fnmr))


def test_counted_pairs_are_drawn_as_listed_ones(crowd, header) -> None:
    columns = crowd([4] * 30)
    whole = measure_pairs(columns, header, Euclidean())
    part = measure_pairs(columns, header, Euclidean(), PairOptions(listed=1500))
    assert part.beyond is not None
    rates = np.array([0.01, 0.1])
    full, few = (resample(one, rates, Drawing(30)) for one in (whole, part))
    np.testing.assert_allclose(few.tmr, full.tmr, atol=0.02)
    # Of rates that lie beyond the list nothing is said.
    assert np.isnan(resample(part, np.array([0.9]), Drawing(20)).tmr).all()


def test_without_people_pairs_are_drawn(crowd, header) -> None:
    scores = measure_pairs(crowd([4] * 12), header, Euclidean())
    nameless = replace(scores, cast=None)
    drawn = resample(nameless, np.array([0.1]), Drawing(100))
    low, high = drawn.tmr_bounds()[0]
    assert low < error_curve(scores).tmr(0.1) < high


def test_pairs_between_people() -> None:
    photos = np.array([3.0, 2.0, 4.0])
    assert pairs_between(photos) == 3 * 2 + 3 * 4 + 2 * 4

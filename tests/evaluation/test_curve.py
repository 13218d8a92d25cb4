"""Both errors of a threshold, against scikit-learn: a second implementation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq
from sklearn.metrics import roc_curve

from lookalike.errors import EvaluationError
from lookalike.evaluation.beyond import Beyond
from lookalike.evaluation.curve import equal_error_rate, error_curve, reachable_rates
from lookalike.evaluation.scores import Scores, Setting

LFW = Path(__file__).parents[2] / "benchmarks" / "results" / "lfw"
STORED = sorted(LFW.glob("*.json"))
SETTING = Setting("made", "", "encoder", 1, "euclidean")
FAR_AWAY = 1e6


def made(distances, same, beyond=None) -> Scores:
    distances, same = np.asarray(distances, np.float64), np.asarray(same, bool)
    return Scores(SETTING, distances, same, np.full(len(same), -1), 0, (), 0.0, beyond=beyond)


def drawn(seed: int, size: int = 500, digits: int = 9) -> Scores:
    rng = np.random.default_rng(seed)
    same = rng.random(size) < 0.4
    distances = np.where(same, rng.normal(0.5, 0.15, size), rng.normal(0.8, 0.15, size))
    distances[rng.random(size) < 0.02] = np.inf
    return made(np.round(distances, digits), same)


def theirs(scores: Scores) -> tuple[np.ndarray, np.ndarray]:
    finite = np.where(np.isfinite(scores.distances), scores.distances, FAR_AWAY)
    far, tar, _ = roc_curve(scores.same, -finite, drop_intermediate=False)
    return far, tar


def their_eer(scores: Scores) -> float:
    far, tar = theirs(scores)
    return brentq(lambda rate: rate - (1 - np.interp(rate, far, tar)), 0, 1, xtol=1e-12)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_roc_and_eer_of_lfw_agree_with_scikit_learn(path: Path) -> None:
    scores = Scores.load(path)
    curve = error_curve(scores)
    far, tar = theirs(scores)
    # Ours ends with "all", also where no face was missed and all are accepted before.
    assert len(far) <= len(curve.fmr) <= len(far) + 1
    np.testing.assert_allclose(curve.fmr[: len(far)], far, atol=1e-6)
    np.testing.assert_allclose(1 - curve.fnmr[: len(far)], tar, atol=1e-6)
    assert equal_error_rate(curve.fmr, curve.fnmr) == pytest.approx(their_eer(scores), abs=1e-6)


def test_there_are_stored_scores_of_lfw() -> None:
    assert len(STORED) >= 9


@pytest.mark.parametrize("digits", [9, 2, 1])
@pytest.mark.parametrize("seed", range(5))
def test_roc_and_eer_agree_also_with_ties_and_missed_faces(seed: int, digits: int) -> None:
    scores = drawn(seed, digits=digits)
    curve = error_curve(scores)
    far, tar = theirs(scores)
    # Each of theirs is one of ours; without a missed face there is one end less.
    for rates, values in ((curve.fmr, far), (1 - curve.fnmr, tar)):
        np.testing.assert_allclose(np.unique(rates), np.unique(values), atol=1e-12)
    assert equal_error_rate(curve.fmr, curve.fnmr) == pytest.approx(their_eer(scores), abs=1e-6)


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.1, 1.0])
def test_a_threshold_keeps_its_rate_and_no_looser_one_does(rate: float) -> None:
    scores = drawn(3, digits=2)
    curve = error_curve(scores)
    strangers = scores.distances[~scores.same]
    threshold = curve.threshold(rate)
    accepted = scores.distances < threshold
    if rate < 1:
        assert (strangers < threshold).mean() <= rate
        assert (strangers <= threshold).mean() > rate or threshold not in strangers
        assert accepted[scores.same].mean() == pytest.approx(curve.tmr(rate))
    else:
        assert threshold == np.inf


def test_counted_pairs_are_as_good_as_listed_ones() -> None:
    whole = drawn(7, 4000)
    finite = made(whole.distances[np.isfinite(whole.distances)],
                  whole.same[np.isfinite(whole.distances)])  # fmt: skip
    limit = float(np.quantile(finite.distances[~finite.same], 0.3))
    counted = ~finite.same & (finite.distances >= limit)
    edges = np.linspace(limit, finite.distances.max() + 1e-9, 2000)
    counts = np.histogram(finite.distances[counted], edges)[0]
    part = made(finite.distances[~counted], finite.same[~counted], Beyond(edges, counts))
    assert part.strangers == finite.strangers
    assert part.limit == limit
    ours, full = error_curve(part), error_curve(finite)
    for rate in (0.01, 0.1, 0.29):
        assert ours.tmr(rate) == full.tmr(rate)
    assert ours.tmr(0.6) == pytest.approx(full.tmr(0.6), abs=2e-3)
    assert ours.fmr[-1] == 1
    assert (np.diff(ours.fmr) >= 0).all()


def test_a_thinned_curve_has_the_same_ends_and_only_places_of_the_whole() -> None:
    curve = error_curve(drawn(1, 5000))
    few = curve.thinned(200)
    assert len(few.fmr) <= 200
    assert (few.fmr[0], few.fmr[-1]) == (0, 1)
    assert set(few.thresholds) <= set(curve.thresholds)


def test_perfect_and_hopeless_scores() -> None:
    perfect = error_curve(made([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0]))
    assert equal_error_rate(perfect.fmr, perfect.fnmr) == 0
    hopeless = error_curve(made([0.8, 0.9, 0.1, 0.2], [1, 1, 0, 0]))
    assert equal_error_rate(hopeless.fmr, hopeless.fnmr) == 1


def test_nothing_is_said_of_rates_that_there_are_too_few_pairs_for() -> None:
    assert reachable_rates(made(np.arange(110), [1] * 10 + [0] * 100)) == (0.1, 0.01)


@pytest.mark.parametrize("same", [[1, 1], [0, 0], []])
def test_both_kinds_of_pairs_are_needed(same) -> None:
    with pytest.raises(EvaluationError, match="pairs of two people are needed"):
        error_curve(made(np.arange(len(same)), same))

"""A distance is judged by the loosest threshold that holds the rate that was asked for."""

from __future__ import annotations

import pytest

from lookalike.models.card import Threshold
from lookalike.search.calibration import DEFAULT_FMR, judge

MEASURED = [
    Threshold("euclidean", 2, 1e-3, 0.55, "pairs"),
    Threshold("euclidean", 2, 1e-2, 0.60, "pairs"),
    Threshold("euclidean", 2, 1e-4, 0.50, "pairs"),
    Threshold("euclidean", 1, 1e-3, 0.57, "pairs"),
    Threshold("cosine", 2, 1e-3, 0.08, "pairs"),
]


@pytest.mark.parametrize(
    ("fmr", "threshold", "stated"),
    [
        (1, 0.60, 1e-2),
        (1e-2, 0.60, 1e-2),
        (5e-3, 0.55, 1e-3),
        (DEFAULT_FMR, 0.55, 1e-3),
        (9e-4, 0.50, 1e-4),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_loosest_threshold_within_the_rate_decides(fmr, threshold, stated, order):
    verdict = judge(0.52, MEASURED[::order], metric="euclidean", views=2, fmr=fmr)
    assert (verdict.threshold, verdict.false_match_rate) == (threshold, stated)
    assert verdict.same_person is (threshold > 0.52)


@pytest.mark.parametrize(
    ("metric", "views", "threshold"), [("euclidean", 1, 0.57), ("cosine", 2, 0.08)]
)
def test_a_threshold_belongs_to_its_metric_and_views(metric, views, threshold):
    assert judge(0.3, MEASURED, metric=metric, views=views).threshold == threshold


@pytest.mark.parametrize(
    ("metric", "views", "fmr"),
    [("euclidean", 3, 1), ("sqeuclidean", 2, 1), ("euclidean", 2, 1e-5), ("cosine", 1, 1)],
)
def test_what_has_not_been_measured_is_not_judged(metric, views, fmr):
    verdict = judge(0.1, MEASURED, metric=metric, views=views, fmr=fmr)
    assert verdict.threshold is verdict.false_match_rate is verdict.same_person is None
    assert (verdict.distance, verdict.metric) == (0.1, metric)


@pytest.mark.parametrize(("distance", "same"), [(0.5499, True), (0.55, False), (0.5501, False)])
def test_only_below_the_threshold_is_one_person(distance, same):
    assert judge(distance, MEASURED, metric="euclidean", views=2).same_person is same

"""Errors group by group, against counting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lookalike.errors import EvaluationError
from lookalike.evaluation.all_pairs import PairOptions, measure_pairs
from lookalike.evaluation.bootstrap import Drawing
from lookalike.evaluation.groups import UNKNOWN, groups, value_of
from lookalike.search.metrics import Euclidean
from lookalike.types import Person

FEW = Drawing(60)


def sides(at):
    return {"side": "left"} if at % 3 == 0 else {"side": "right"} if at % 3 == 1 else {}


@pytest.fixture
def columns(crowd):
    return crowd([3, 4, 2, 1] * 6, within=0.5, apart=0.6, attributes=sides)


def test_errors_are_those_that_can_be_counted(columns, header) -> None:
    scores = measure_pairs(columns, header, Euclidean())
    threshold = float(np.quantile(scores.distances, 0.1))
    found = groups(scores, "side", threshold, FEW)
    assert [one.name for one in found] == ["everybody", "left", "right", UNKNOWN]
    one, other = scores.people_of(0), scores.people_of(1)
    names = np.array([value_of(person, "side") for person in columns.people])
    accepted = scores.distances < threshold
    for group in found:
        inside = np.ones(len(one), bool)
        if group.name != "everybody":
            inside = (names[one] == group.name) & (names[other] == group.name)
        same, strange = inside & scores.same, inside & ~scores.same
        assert group.same_pairs == same.sum()
        assert group.stranger_pairs == strange.sum()
        assert group.fnmr.value == pytest.approx((~accepted[same]).mean())
        assert group.fmr.value == pytest.approx(accepted[strange].mean())
        assert group.fmr.low <= group.fmr.value <= group.fmr.high
        assert group.fnmr.low <= group.fnmr.value <= group.fnmr.high
    for group in found[1:]:
        assert group.times.value == pytest.approx(group.fmr.value / found[0].fmr.value)
        assert group.times.low <= group.times.value <= group.times.high
    assert 0 < found[1].fmr.value < 1


def test_drawings_are_those_of_the_pairs_of_the_drawn_people(columns, header) -> None:
    scores = measure_pairs(columns, header, Euclidean())
    threshold = float(np.quantile(scores.distances, 0.1))
    one, other = scores.people_of(0), scores.people_of(1)
    strange, accepted = ~scores.same, scores.distances < threshold
    rates = []
    for drawn in FEW.weights(len(columns.people)):
        weights = drawn[one] * drawn[other] * strange
        rates.append((weights * accepted).sum() / weights.sum())
    low, high = np.quantile(rates, [0.025, 0.975])
    everybody = groups(scores, "side", threshold, FEW)[0]
    assert everybody.fmr.low == pytest.approx(low)
    assert everybody.fmr.high == pytest.approx(high)


def test_counted_pairs_give_the_same_groups(columns, header) -> None:
    whole = measure_pairs(columns, header, Euclidean())
    part = measure_pairs(columns, header, Euclidean(), PairOptions(listed=900))
    assert part.beyond is not None
    threshold = part.limit * 0.98
    for one, other in zip(*(groups(each, "side", threshold, FEW) for each in (whole, part)),
                          strict=True):  # fmt: skip
        assert one == other


def test_of_no_error_an_upper_bound_is_said(columns, header) -> None:
    scores = measure_pairs(columns, header, Euclidean())
    nearest = float(scores.distances.min())
    everybody, left, *_ = groups(scores, "side", nearest, FEW)
    assert left.fmr.value == left.fmr.low == 0
    # Eight people meet in 28 pairs.
    assert left.fmr.high == pytest.approx(1 - 0.025 ** (1 / 28))
    assert everybody.fmr.high < left.fmr.high
    assert left.times.value == 0


@pytest.mark.parametrize(
    ("value", "group"),
    [
        ("female", "female"), (1987, "1980s"), ("1987-05-01", "1980s"), (["a", "b"], "a"),
        (True, "yes"), (None, UNKNOWN), ("", UNKNOWN), ([], UNKNOWN), (42, "42"),
        ("12345", "12345"),
    ],
)  # fmt: skip
def test_what_group_somebody_is_in(value, group) -> None:
    assert value_of(Person("p", "P", {"x": value}), "x") == group


def test_groups_of_one_person_are_left_out(crowd, header) -> None:
    alone = crowd([3] * 6, attributes=lambda at: {"side": "one" if at == 0 else "more"})
    found = groups(measure_pairs(alone, header, Euclidean()), "side", 0.5, FEW)
    assert [one.name for one in found] == ["everybody", "more"]


def test_what_cannot_be_said_is_an_error(columns, header) -> None:
    scores = measure_pairs(columns, header, Euclidean())
    with pytest.raises(EvaluationError, match="nothing is known of anybody's age"):
        groups(scores, "age", 0.5, FEW)
    with pytest.raises(EvaluationError, match="do not say who"):
        groups(replace(scores, cast=None), "side", 0.5, FEW)
    part = measure_pairs(columns, header, Euclidean(), PairOptions(listed=50))
    with pytest.raises(EvaluationError, match="only pairs nearer than"):
        groups(part, "side", part.limit * 1.01, FEW)

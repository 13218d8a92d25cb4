"""CMC and open-set figures, against counting."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import EvaluationError
from lookalike.evaluation.asking import Way, measure_asked
from lookalike.evaluation.bootstrap import Drawing
from lookalike.evaluation.identification import (
    difference,
    identification,
    open_set_threshold,
)


@pytest.fixture
def asked(crowd, header):
    return measure_asked(crowd([4] * 20 + [1] * 5, within=0.9), header, [Way("euclidean")])


def test_the_right_person_is_counted_among_the_first(asked) -> None:
    answers = asked.answers[0]
    found = identification(answers, asked.cast)
    known = answers.place[answers.place > 0]
    assert (found.asked, found.people, found.among) == (80, 20, 25)
    assert list(found.rates) == [1, 5, 10]
    for at, one in found.rates.items():
        assert one.value == pytest.approx((known <= at).mean())
        assert one.low <= one.value <= one.high
    assert 0.3 < found.rates[1].value < 0.99
    values = [one.value for one in found.curve]
    assert values == sorted(values)
    assert len(values) == 20


def test_who_is_unknown_is_named_no_more_often_than_allowed(asked) -> None:
    answers = asked.answers[0]
    found = identification(answers, asked.cast)
    assert [one.fpir for one in found.detection] == [0.1]
    (one,) = found.detection
    assert one.named.value == pytest.approx((answers.other < one.threshold).mean())
    assert 0.05 < one.named.value <= 0.1
    known = answers.place > 0
    right = (answers.place == 1) & (answers.own < one.threshold)
    assert one.dir.value == pytest.approx(right[known].mean())
    assert one.dir.value < found.rates[1].value


def test_the_threshold_is_the_loosest() -> None:
    nearest = np.array([5, 1, 3, 2, 4], np.float32)
    assert open_set_threshold(nearest, 0.4) == 3
    assert open_set_threshold(nearest, 0) == 1
    assert open_set_threshold(nearest, 1) == np.inf


def test_a_difference_on_the_same_photos_is_surer_than_two_figures(asked) -> None:
    answers = asked.answers[0]
    known = answers.place > 0
    one, other = answers.place <= 3, answers.place == 1
    gap = difference(one, other, known, asked.cast, Drawing(500))
    assert gap.value == pytest.approx(one[known].mean() - other[known].mean())
    assert 0 < gap.low <= gap.value <= gap.high
    none = difference(one, one, known, asked.cast)
    assert (none.value, none.low, none.high) == (0, 0, 0)


def test_nobody_to_be_found_is_an_error(asked) -> None:
    answers = asked.answers[0]
    answers.place[:] = 0
    with pytest.raises(EvaluationError, match="no photo has another one"):
        identification(answers, asked.cast)

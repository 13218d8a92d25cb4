"""Agreement of metrics, against SciPy and against counting."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kendalltau, spearmanr

from lookalike.errors import EvaluationError
from lookalike.evaluation.agreement import agreement, kendall, spearman
from lookalike.evaluation.asking import measure_asked, ways


@pytest.mark.parametrize("digits", [6, 1, 0])
def test_rank_correlations_are_those_of_scipy(digits) -> None:
    rng = np.random.default_rng(digits)
    one = np.round(np.sort(rng.random((40, 10)) * 3, axis=1), digits)
    other = np.round(one + rng.normal(0, 0.5, one.shape), digits)
    for ours, theirs in ((kendall, kendalltau), (spearman, spearmanr)):
        expected = [theirs(a, b).statistic for a, b in zip(one, other, strict=True)
                    if len(set(a)) > 1 and len(set(b)) > 1]  # fmt: skip
        found = ours(one, other)
        np.testing.assert_allclose(found[np.isfinite(found)], expected, atol=1e-12)


def test_who_is_nowhere_for_one_does_not_count() -> None:
    one, other = np.array([[1.0, 2, 3, 4]]), np.array([[1.0, 3, 2, np.inf]])
    assert kendall(one, other)[0] == pytest.approx(kendalltau([1, 2, 3], [1, 3, 2]).statistic)
    assert spearman(one, other)[0] == pytest.approx(spearmanr([1, 2, 3], [1, 3, 2]).statistic)


@pytest.fixture
def asked(crowd, header):
    columns = crowd([3] * 25 + [1] * 3, within=0.7)
    return measure_asked(columns, header, ways(["euclidean", "cosine"], ["nearest"]))


def test_known_people_are_counted_with_their_own_person(asked) -> None:
    one, other = asked.answers
    found = agreement(asked, one, other, "known")
    rows = one.place > 0
    assert (found.asked, found.among) == (75, 28)
    same = one.top[rows, 0] == other.top[rows, 0]
    assert found.first.value == pytest.approx(same.mean())
    shared = [len(set(a[:10]) & set(b[:10])) / 10 for a, b in
              zip(one.top[rows], other.top[rows], strict=True)]  # fmt: skip
    assert found.shared.value == pytest.approx(np.mean(shared))
    taus = [kendalltau(a[:10], b[:10]).statistic for a, b in
            zip(one.distances[rows], other.of_first[rows], strict=True)]  # fmt: skip
    assert found.kendall.value == pytest.approx(np.mean(taus))
    assert found.kendall.low < found.kendall.value < found.kendall.high


def test_for_a_look_alike_the_own_person_is_left_out(asked) -> None:
    one, other = asked.answers
    found = agreement(asked, one, other, "look-alike")
    assert (found.asked, found.among) == (78, 27)
    firsts, tens = [], []
    for row, own in enumerate(asked.cast.owners):
        lists = [[who for who in each.top[row] if who != own][:10] for each in (one, other)]
        firsts.append(lists[0][0] == lists[1][0])
        tens.append(len(set(lists[0]) & set(lists[1])) / 10)
    assert found.first.value == pytest.approx(np.mean(firsts))
    assert found.shared.value == pytest.approx(np.mean(tens))
    assert found.first.value < 1


def test_a_metric_agrees_with_itself(asked) -> None:
    one = asked.answers[0]
    for question in ("known", "look-alike"):
        found = agreement(asked, one, one, question)
        assert (found.first.value, found.shared.value) == (1, 1)
        assert found.kendall.value == pytest.approx(1)
        assert found.spearman.value == pytest.approx(1)


def test_few_people_are_compared_too(crowd, header) -> None:
    asked = measure_asked(crowd([3] * 4), header, ways(["euclidean", "cosine"], ["nearest"]))
    found = agreement(asked, *asked.answers, "look-alike")
    assert found.shared.value == 1


def test_only_the_first_is_compared_with_others(asked) -> None:
    with pytest.raises(EvaluationError, match="beside euclidean, nearest only"):
        agreement(asked, asked.answers[1], asked.answers[0], "known")

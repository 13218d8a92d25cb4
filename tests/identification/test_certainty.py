"""A stated rate is held by faces that nobody has seen; what cannot be shown is refused."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import OptionError
from lookalike.identification.centroid import CentroidHead
from lookalike.identification.certainty import Certainty
from lookalike.identification.svm import SvmHead
from lookalike.identification.trials import Trials, best_scores, run_trials, tries
from lookalike.identification.voting import KnnHead

from .conftest import people, rows


def certainty(unknown, known=(), right=(), share=1.0):
    return Certainty.of(
        Trials(np.array(unknown), share, np.array(known, float), np.array(right, bool), "them")
    )


def test_the_threshold_is_the_score_that_so_many_unknown_faces_come_above():
    scores = np.random.default_rng(0).permutation(np.arange(99) / 100)
    found = certainty(scores)
    assert found.threshold(0.01) == pytest.approx(0.98)
    assert found.threshold(0.05) == pytest.approx(0.94)
    assert found.threshold(0.999) == pytest.approx(0.0)
    assert found.fpir(found.threshold(0.05)) == pytest.approx(0.05)


def test_a_new_unknown_face_is_named_no_more_often_than_was_asked():
    rng = np.random.default_rng(1)
    named = []
    for _ in range(4000):
        scores = rng.normal(size=60)
        named.append(scores[0] > certainty(scores[1:]).threshold(0.05))
    # 3 of 60 places: exactly 5 %, give or take three standard deviations.
    assert np.mean(named) == pytest.approx(0.05, abs=0.011)


def test_a_rate_that_so_few_faces_cannot_show_is_refused_with_the_least_that_they_can():
    found = certainty(np.arange(49) / 100)
    with pytest.raises(OptionError, match="49 faces") as caught:
        found.threshold(0.01)
    assert "--fpir 0.02" in caught.value.hint
    assert found.threshold(found.least_fpir) == pytest.approx(0.48)
    nobody = certainty([])
    assert nobody.least_fpir == 1
    with pytest.raises(OptionError, match="0 faces") as caught:
        nobody.threshold(0.5)
    assert "--fpir" not in caught.value.hint


@pytest.mark.parametrize("fpir", [0, 1, -0.1, 2, float("nan")])
def test_a_rate_out_of_range_is_refused(fpir):
    with pytest.raises(OptionError, match="fpir"):
        certainty(np.arange(99)).threshold(fpir)


def test_more_people_to_be_mistaken_for_ask_for_a_higher_threshold():
    scores = np.arange(999) / 1000
    some, all_of_them = certainty(scores, share=0.8), certainty(scores)
    assert some.threshold(0.05) > all_of_them.threshold(0.05)
    assert some.fpir(some.threshold(0.05)) == pytest.approx(0.05, abs=0.001)
    # The best of p scores exceeds t with 1 - F(t)^p: of 80 people 4 %, of 100 so much.
    assert some.fpir(0.959) == pytest.approx(1 - (1 - 0.04) ** (100 / 80), abs=0.001)


def test_the_probability_is_how_often_the_best_score_was_right():
    rng = np.random.default_rng(2)
    known, unknown = rng.normal(2, 1, 20_000), rng.normal(0, 1, 20_000)
    found = certainty(unknown, known, np.ones(20_000, bool))
    # Two normal distributions with the same variance: the log odds are 2 s - 2.
    at = np.array([0.0, 1.0, 2.0])
    np.testing.assert_allclose(found.probability(at), 1 / (1 + np.exp(2 - 2 * at)), atol=0.01)
    assert found.dir(1.0) == pytest.approx((known > 1).mean())


def test_without_second_photos_there_is_neither_probability_nor_rate():
    found = certainty(np.arange(99) / 100)
    assert found.probability(np.ones(2)) is None
    assert found.dir(0.5) is None


def test_what_is_kept_of_it_says_the_same():
    found = certainty(np.arange(9) / 10, [0.9, 0.2, 0.8], [True, False, True], 0.75)
    again = Certainty.restore(found.facts(), found.arrays())
    at = np.linspace(0, 1, 5)
    assert again.threshold(0.3) == found.threshold(0.3)
    assert (again.dir(0.5), again.strangers) == (found.dir(0.5), "them")
    np.testing.assert_array_equal(again.probability(at), found.probability(at))


@pytest.mark.parametrize("kind", [CentroidHead, KnnHead, SvmHead])
@pytest.mark.parametrize("photos", [2, 5])
def test_the_rate_is_held_on_people_whom_nobody_has_seen(kind, photos):
    vectors, groups = rows(people(120), photos, seed=1)
    found = Certainty.of(run_trials(kind, vectors, groups))
    strangers = rows(people(1500, seed=9), 1, seed=3)[0]
    head = kind.fit(vectors, groups)
    best = best_scores(head, strangers)[1]
    for fpir in (0.05, 0.2):
        reached = (best > found.threshold(fpir)).mean()
        # The threshold rests on photos of 120 people, so it is off by as much as those allow.
        assert fpir / 2 < reached < fpir * 1.8, reached


def test_every_face_is_unknown_once_and_a_second_photo_is_known():
    steps = []
    vectors, groups = rows(people(12), 3, seed=1)
    trials = run_trials(CentroidHead, vectors, groups, lambda: steps.append(1))
    assert len(trials.unknown) == 36
    assert len(steps) == tries(12)
    assert trials.share == pytest.approx(1 - 1 / 10)
    # Two of the three photos of everybody were held out, in turn.
    assert len(trials.known) == 24
    assert trials.right.mean() > 0.9
    single = run_trials(CentroidHead, *rows(people(12), 1, seed=1))
    assert (len(single.unknown), len(single.known)) == (12, 0)


def test_with_two_people_there_is_nobody_to_leave_out():
    trials = run_trials(CentroidHead, *rows(people(2), 2, seed=1))
    assert len(trials.unknown) == 0
    assert Certainty.of(trials).least_fpir == 1

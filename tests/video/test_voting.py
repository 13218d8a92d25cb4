"""What votes come to."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.types import Person
from lookalike.video.voting import MOST_SAMPLES, MOST_VOTES, Answer, Ballot, Sample, Vote

ADA, BOB = Person.named("Ada"), Person.named("Bob")


def ballot(*votes: tuple[Person | None, float], shown: Person | None = None) -> Ballot:
    made = Ballot(shown=shown)
    for at, (person, weight) in enumerate(votes):
        made.votes.append(Vote(Answer(person, 0.1 * (at + 1)), weight))
    return made


def test_the_weight_counts_and_not_the_number():
    verdict = ballot((ADA, 0.9), (BOB, 0.2), (BOB, 0.2), (BOB, 0.2)).verdict()
    assert verdict.person is ADA
    assert verdict.confidence == pytest.approx(0.9 / 1.5)
    assert verdict.measure == pytest.approx(0.1)


def test_the_measure_is_the_weighted_mean_of_the_own_votes():
    verdict = ballot((ADA, 0.6), (None, 0.1), (ADA, 0.2)).verdict()
    assert verdict.measure == pytest.approx((0.6 * 0.1 + 0.2 * 0.3) / 0.8)


@pytest.mark.parametrize(
    "votes",
    [
        [],
        [(None, 0.9)],
        [(ADA, 0.2)],  # too little
        [(ADA, 0.5), (BOB, 0.5)],  # divided
        [(ADA, 0.4), (None, 0.5)],  # mostly unknown
    ],
)
def test_doubt_is_unknown(votes):
    assert ballot(*votes).verdict().person is None


def test_a_likeness_needs_no_majority():
    votes = ballot((ADA, 0.4), (BOB, 0.3), (None, 0.3))
    assert votes.verdict().person is None
    assert votes.verdict(0.0).person is ADA


def test_a_name_that_is_shown_is_kept_until_much_speaks_against_it():
    assert ballot((ADA, 0.4), (BOB, 0.5), shown=ADA).verdict().person is ADA
    assert ballot((ADA, 0.4), (BOB, 0.7), shown=ADA).verdict().person is BOB
    assert ballot((ADA, 0.3), (None, 0.8), shown=ADA).verdict().person is ADA
    assert ballot((ADA, 0.3), (None, 1.0), shown=ADA).verdict().person is None


def test_somebody_who_is_elsewhere_in_the_frame_is_not_here():
    votes = ballot((ADA, 0.9), (BOB, 0.3), shown=ADA)
    votes.bar(ADA)
    assert votes.shown is None
    assert votes.verdict().person is None
    assert votes.verdict(0.0).person is BOB


def test_the_poorest_faces_are_forgotten_and_the_mean_is_weighed():
    votes = Ballot()
    for at in range(MOST_SAMPLES + 5):
        votes.know(Sample(np.full(2, at, np.float32), 0.5 + 0.01 * at))
    assert len(votes.samples) == MOST_SAMPLES
    assert min(one.weight for one in votes.samples) == pytest.approx(0.55)
    weights = np.array([0.5 + 0.01 * at for at in range(5, MOST_SAMPLES + 5)])
    expected = (weights * np.arange(5, MOST_SAMPLES + 5)).sum() / weights.sum()
    assert votes.mean() == pytest.approx([expected, expected])


def test_an_answer_that_rests_on_more_faces_counts_for_more():
    votes = Ballot()
    votes.know(Sample(np.zeros(2, np.float32), 0.5))
    votes.add(Answer(None, 0.6))
    votes.know(Sample(np.zeros(2, np.float32), 0.7))
    votes.add(Answer(ADA, 0.4))
    assert [vote.weight for vote in votes.votes] == [0.5, 1.2]
    assert votes.verdict().person is ADA
    for _ in range(MOST_VOTES):
        votes.add(Answer(BOB, 0.4))
    assert votes.verdict().confidence == 1.0

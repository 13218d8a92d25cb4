"""A face is compared with people like it where that is sure, and with everybody where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import OptionError, SpaceMismatch
from lookalike.gallery.asking.like_me import condition
from lookalike.gallery.asking.probe import Guess
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.gallery import Gallery
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings, Space


@pytest.fixture
def gallery(create, record):
    """Return sixty people whose kind is the sign of the first number, mixed in the others."""
    file = create()
    rng = np.random.default_rng(0)
    records = []
    for at in range(60):
        side = 1 if at % 2 else -1
        vector = np.r_[side * rng.uniform(0.5, 1), rng.normal(size=7)]
        facts = {"kind": "it's" if side > 0 else "other", "born": 1950 + at}
        records.append(record(f"P{at:02}", f"{at}", vector, facts))
    file.write(records, [])
    return Gallery(file)


def asked(*firsts):
    rows = np.random.default_rng(1).normal(size=(len(firsts), 8))
    rows[:, 0] = firsts
    return Embeddings(rows.astype(np.float32), FAKE_SPACE)


def test_every_face_gets_its_own_kind_or_everybody(gallery):
    faces = asked(5, -5, 0.0, 4)
    guesses = gallery.guess(faces, "kind")
    assert [guess.value for guess in guesses][:2] == ["it's", "other"]
    options = FindOptions(60, like_me="kind", sure=0.95)
    everybody = gallery.find(faces, FindOptions(60))
    for guess, found, everyone in zip(
        guesses, gallery.find(faces, options), everybody, strict=True
    ):
        ids = [match.person.id for match in everyone]
        if guess.confidence >= 0.95:
            ids = [
                match.person.id
                for match in everyone
                if match.person.attributes["kind"] == guess.value
            ]
            assert len(ids) == 30
        assert [match.person.id for match in found] == ids
    assert guesses[2].confidence < 0.95


def test_it_is_joined_with_a_condition_of_ones_own():
    guess = Guess("kind", "it's", 0.96, 0.9)
    assert condition(guess, FindOptions(where="a = 1 or b = 2")) == (
        "(a = 1 or b = 2) and kind = 'it''s'"
    )
    assert condition(guess, FindOptions()) == "kind = 'it''s'"
    assert condition(guess, FindOptions(where="a = 1", sure=0.97)) == "a = 1"


def test_both_conditions_hold(gallery):
    options = FindOptions(60, like_me="kind", where="born >= 1990")
    (found,) = gallery.find(asked(5), options)
    assert {match.person.attributes["kind"] for match in found} == {"it's"}
    assert min(match.person.attributes["born"] for match in found) >= 1990


def test_what_cannot_be_guessed_is_said(gallery):
    with pytest.raises(OptionError, match="too few people"):
        gallery.find(asked(1), FindOptions(like_me="gender"))
    with pytest.raises(OptionError, match="sure"):
        FindOptions(sure=0.2)
    with pytest.raises(SpaceMismatch):
        gallery.guess(Embeddings(np.ones((1, 8), np.float32), Space("x", 8, "2" * 64)), "kind")


def test_no_face_is_no_question(gallery):
    none = Embeddings(np.empty((0, 8), np.float32), FAKE_SPACE)
    assert gallery.find(none, FindOptions(like_me="kind")) == []

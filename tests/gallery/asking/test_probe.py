"""A probe guesses as well as it says, and says nothing where it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import OptionError
from lookalike.gallery.asking.probe import LEAST_PEOPLE, learn_probe
from lookalike.gallery.records import Columns
from lookalike.types import Person, Photo


def columns(people, photos=2, apart=1.5, seed=0, labels=("female", "male"), known=1.0):
    """Return people whose label moves them along one direction."""
    rng = np.random.default_rng(seed)
    sides = rng.integers(0, len(labels), people)
    middles = rng.normal(size=(people, 8))
    middles[:, 0] = apart * (sides - 0.5) * 2 + rng.normal(0, 1, people)
    rows = np.repeat(middles, photos, axis=0) + rng.normal(0, 0.2, (people * photos, 8))
    who = tuple(
        Person(f"p{at}", f"P{at}", {"sex": labels[side]} if rng.uniform() < known else {})
        for at, side in enumerate(sides)
    )
    groups = np.repeat(np.arange(people), photos)
    pictures = tuple(Photo(str(at), str(at)) for at in range(len(rows)))
    return Columns(who, pictures, groups, rows.astype(np.float32), np.arange(len(rows))), sides


def test_it_is_as_often_right_about_others_as_it_says():
    known, _ = columns(400)
    probe = learn_probe(known, "sex")
    others, sides = columns(2000, 1, seed=1)
    guesses = probe.guess(others.vectors)
    right = np.array(
        [g.value == ("female", "male")[s] for g, s in zip(guesses, sides, strict=True)]
    )
    assert right.mean() == pytest.approx(probe.accuracy, abs=0.03)
    assert 0.8 < probe.accuracy < 0.99
    sure = np.array([guess.confidence for guess in guesses]) > 0.9
    assert right[sure].mean() > right[~sure].mean()
    assert right[sure].mean() > 0.9


def test_what_says_nothing_about_faces_is_guessed_no_better_than_by_chance():
    probe = learn_probe(columns(400, apart=0)[0], "sex")
    assert probe.accuracy == pytest.approx(0.5, abs=0.1)


def test_photos_of_one_person_are_never_on_both_sides_of_the_measurement():
    # Each person is a point far from all others: who is known is recognized, who is not, is not.
    known, _ = columns(60, photos=20, apart=0, seed=3)
    assert learn_probe(known, "sex").accuracy < 0.75


@pytest.mark.parametrize(
    "gallery",
    [
        columns(0)[0],
        columns(100, labels=("female",))[0],
        columns(2 * LEAST_PEOPLE, known=0.3)[0],
    ],
)
def test_too_little_is_said(gallery):
    with pytest.raises(OptionError, match="too few people") as caught:
        learn_probe(gallery, "sex")
    assert "annotate" in caught.value.hint


def test_values_of_few_people_are_not_guessed():
    gallery, _ = columns(150, labels=("female", "male"))
    rare = (Person("x", "X", {"sex": "else"}), *gallery.people[1:])
    probe = learn_probe(Columns(rare, gallery.photos, gallery.groups, gallery.vectors,
                                gallery.numbers), "sex")  # fmt: skip
    assert set(probe.model.classes_) == {"female", "male"}
    assert probe.guess(gallery.vectors[:0]) == []

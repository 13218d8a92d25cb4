"""Explanations and cards from the library."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import NoFace, OptionError
from lookalike.pipeline import Analyst, Finder
from lookalike.presenting import card_of_match, explain_match, explain_photos
from lookalike.search.metrics import Cosine
from lookalike.types import Image


def test_two_photos_by_name_or_by_metric(analyst: Analyst, hopper, astronaut: Image):
    by_name = explain_photos(analyst, hopper, astronaut, "cosine")
    by_metric = explain_photos(analyst, hopper, astronaut, Cosine())
    assert by_name.explanation.fields() == by_metric.explanation.fields()
    plain = analyst.compare(hopper, astronaut, "cosine")
    assert by_name.explanation.distance == pytest.approx(plain.distance, abs=1e-4)
    assert by_name.faces.pixels.shape == (2, 150, 150, 3)
    assert by_name.fields()["stored_distance"] is None


def test_a_photo_without_a_face(analyst: Analyst, hopper):
    blank = Image(np.zeros((100, 100, 3), np.uint8))
    with pytest.raises(NoFace):
        explain_photos(analyst, hopper, blank)


def test_a_card_of_the_starter_gallery_shows_a_monogram(hopper, analyst: Analyst):
    finder = Finder.open()
    found = finder.find(hopper)
    assert explain_match(finder, found, 0, found.matches[0][0]) is None
    card = card_of_match(finder, found, (0, 1), "wide", "dark", "Mostly the eyes.")
    assert card.pixels.shape == (630, 1200, 3)
    assert f"a monogram for {found.matches[0][1].person.name}" in card.alt
    assert "Mostly the eyes." in card.alt
    assert card.credit == ""
    with pytest.raises(OptionError, match="no match 99"):
        card_of_match(finder, found, (0, 98))

"""What commands and services say alike, to the digits that mean something."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lookalike import fields
from lookalike.errors import NoFace
from lookalike.gallery.asking.probe import Guess
from lookalike.types import Face, Match, Person, Photo, Rarity


def test_a_look_alike_is_json_that_every_reader_takes():
    """No bound is null: JSON has no word for infinity."""
    person = Person("ada", "Ada Lovelace", {"born": 1815})
    rare = Rarity(12345.678, 9876.54, float("inf"))
    told = fields.match_fields(Match(person, 0.123456789, 1, (), rare))
    assert told == {
        "rank": 1,
        "id": "ada",
        "name": "Ada Lovelace",
        "attributes": {"born": 1815},
        "distance": 0.123457,
        "rarity": {"one_in": 12300.0, "low": 9880.0, "high": None},
    }
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert fields.match_fields(Match(person, 0.5, 2))["rarity"] is None


def test_nothing_is_told_of_where_a_photo_is_kept():
    photo = Photo("f" * 64, "/home/owner/ada.jpg", "CC0-1.0", "A. E. Chalon", "https://a", "mine")
    told = fields.photo_fields(photo)
    assert told == {"sha256": "f" * 64, "licence": "CC0-1.0", "credit": "A. E. Chalon",
                    "page": "https://a", "attributes": {}}  # fmt: skip
    assert "owner" not in str(told)


def test_a_face_is_told_in_pixels_of_the_file():
    box, points = np.array([1.04, 2, 3, 4.26], np.float32), np.ones((5, 2), np.float32)
    told = fields.face_fields(Face(box, points, 0.98765), 4)
    assert told["box"] == [4.2, 8.0, 12.0, 17.0]
    assert told["landmarks"] == [[4.0, 4.0]] * 5
    assert told["score"] == 0.9877


def test_guesses_errors_and_parts():
    told = fields.guess_fields(Guess("gender", "female", 0.987654, 0.912345))
    assert told == {"attribute": "gender", "value": "female", "confidence": 0.9877,
                    "right_of_people_left_out": 0.9123}  # fmt: skip
    assert fields.error_fields(NoFace("no face", "turn")) == {
        "kind": "NoFace", "message": "no face", "hint": "turn",
    }  # fmt: skip
    assert (fields.share(None), fields.share(0.33333)) == (None, 0.3333)


@pytest.mark.parametrize(
    ("number", "said"), [(1.0, 1), (9.996, 10), (1234.5, 1230), (0.0449, 0.0449)]
)
def test_three_digits(number, said):
    assert fields.three_digits(number) == said

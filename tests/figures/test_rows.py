"""What a grid accepts."""

import numpy as np
import pytest

from lookalike.errors import ArrayError
from lookalike.figures import Row, Tile
from lookalike.types import Match, Person, Photo

FACE = np.zeros((40, 40, 3), np.uint8)


def match(*photos: Photo) -> Match:
    return Match(Person.named("Grace Hopper"), 0.4, 1, photos)


@pytest.mark.parametrize(
    "visitor",
    [
        np.zeros((40, 50, 3), np.uint8),
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((40, 40), np.uint8),
        np.zeros((40, 40, 3), np.float32),
    ],
)
def test_a_visitor_is_a_square_picture(visitor: np.ndarray) -> None:
    with pytest.raises(ArrayError, match=r"Row\.visitor"):
        Row(visitor)


@pytest.mark.parametrize(
    "portrait",
    [np.zeros((40, 40, 4), np.uint8), np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4, 3))],
)
def test_a_portrait_is_a_picture(portrait: np.ndarray) -> None:
    with pytest.raises(ArrayError, match=r"Tile\.portrait"):
        Tile(match(), portrait)


def test_credit() -> None:
    credited = Photo("a", "a.jpg", "CC BY 4.0", "Jane Doe")
    assert Tile(match(credited), FACE).credit == "Jane Doe · CC BY 4.0"
    assert Tile(match(Photo("a", "a.jpg", "", "Jane Doe")), FACE).credit == "Jane Doe"
    published = Photo("a", "a.jpg", "CC0", page="https://www.example.org/wiki/File:A.jpg")
    assert Tile(match(published), FACE).credit == "CC0 · example.org"
    assert Tile(match(Photo("a", "a.jpg", "CC0", page="no address")), FACE).credit == ""
    assert Tile(match(Photo("a", "a.jpg", "CC0")), FACE).credit == ""
    assert Tile(match(credited), None).credit == ""
    assert Tile(match(), FACE).credit == ""

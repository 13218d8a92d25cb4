"""The largest face of a photo, looked for once."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.comparing import Comparer
from lookalike.errors import ImageError, NoFace
from lookalike.pipeline import Analyst
from lookalike.presenting import explain_photos
from lookalike.types import Image
from lookalike.visitors.largest import largest_face


class Counting:
    """An analyst that counts the photos that it looks at."""

    def __init__(self, analyst: Analyst):
        self.analyst, self.looks = analyst, 0
        self.space, self.views, self.encoder = analyst.space, analyst.views, analyst.encoder

    def analyze(self, photos):
        for photo in photos:
            self.looks += 1
            yield from self.analyst.analyze([photo])


def test_it_is_the_largest_of_several(analyst: Analyst, hopper_image: Image):
    hopper = hopper_image.pixels
    high, wide = hopper.shape[:2]
    both = np.zeros((high, 2 * wide, 3), np.uint8)
    both[:, wide:] = hopper
    both[: high // 2, : wide // 2] = hopper[: high // 2 * 2 : 2, : wide // 2 * 2 : 2]
    found = largest_face(analyst, both)
    assert len(found.analysis) >= 2
    assert found.analysis.faces.boxes[found.row, 0] > wide
    assert np.array_equal(found.crop.pixels[0], found.analysis.crops.pixels[found.row])
    assert np.array_equal(found.embedding.vectors[0], found.analysis.embeddings.vectors[found.row])


def test_photos_that_were_looked_at_are_not_looked_at_again(analyst: Analyst, hopper, astronaut):
    counting = Counting(analyst)
    faces = [largest_face(counting, photo) for photo in (hopper, astronaut)]
    compared = Comparer(counting).compare(*faces)
    explained = explain_photos(counting, *faces)
    assert counting.looks == 2
    assert compared == Comparer(analyst).compare(hopper, astronaut)
    assert explained.fields() == explain_photos(analyst, hopper, astronaut).fields()


def test_nobody_and_nothing(analyst: Analyst, tmp_path):
    blank = Image(np.zeros((100, 100, 3), np.uint8))
    with pytest.raises(NoFace, match="in the picture"):
        largest_face(analyst, blank)
    (tmp_path / "no.jpg").write_bytes(b"no photo")
    with pytest.raises(ImageError):
        largest_face(analyst, tmp_path / "no.jpg")

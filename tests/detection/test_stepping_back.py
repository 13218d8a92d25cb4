from __future__ import annotations

import numpy as np
import pytest

from lookalike.detection.stepping_back import faces_of
from lookalike.images import read
from lookalike.types import Faces, Image

MARKS = np.array([[30, 40], [60, 40], [45, 60], [35, 75], [55, 75]], np.float32)


class Remembering:
    """Finds one face, where the marked pixel is, in pictures of a certain width."""

    def __init__(self, width):
        self.width, self.asked = width, []

    def detect(self, images):
        (image,) = images
        self.asked.append(image.pixels)
        if image.width != self.width:
            return [Faces.none()]
        y, x = np.unravel_index(image.pixels[..., 2].argmax(), image.pixels.shape[:2])
        box = np.array([[x, y, x + 90, y + 100]], np.float32)
        return [Faces(box, MARKS[None] + np.float32([x, y]), np.ones(1, np.float32))]


@pytest.fixture
def picture():
    pixels = np.full((120, 80, 3), [100, 50, 20], np.uint8)
    pixels[7, 5] = 255
    return Image(pixels)


def test_where_a_face_was_found_nothing_is_looked_at_twice(picture):
    detector = Remembering(80)
    faces = faces_of(detector, picture)
    np.testing.assert_array_equal(faces.boxes, [[5, 7, 95, 107]])
    assert len(detector.asked) == 1


def test_a_face_found_from_farther_away_is_told_where_it_is_in_the_picture(picture):
    detector = Remembering(80 + 2 * 30)
    faces = faces_of(detector, picture)
    np.testing.assert_array_equal(faces.boxes, [[5, 7, 95, 107]])
    np.testing.assert_array_equal(faces.landmarks, MARKS[None] + [5, 7])
    framed = detector.asked[1]
    np.testing.assert_array_equal(framed[30:-30, 30:-30], picture.pixels)
    framed[30:-30, 30:-30] = [100, 50, 20]
    assert (framed == [100, 50, 20]).all()


def test_a_large_picture_is_looked_at_again_in_a_small_copy():
    pixels = np.full((2400, 1600, 3), [100, 50, 20], np.uint8)
    # Four pixels wide, which one pixel of a copy of 640 shows.
    pixels[150:154, 75:79] = 255
    detector = Remembering(427 + 2 * 160)
    faces = faces_of(detector, Image(pixels))
    np.testing.assert_allclose(faces.boxes[0, :2], [75, 150], atol=4)
    assert detector.asked[1].shape == (640 + 2 * 160, 427 + 2 * 160, 3)


def test_what_shows_no_face_shows_none_from_farther_away(analyst):
    from skimage import data

    for pixels in (data.coffee(), data.chelsea(), data.rocket(), data.retina()):
        assert len(faces_of(analyst.detector, Image(np.ascontiguousarray(pixels)))) == 0


@pytest.mark.shared_data
def test_a_portrait_that_fills_its_picture_is_found(analyst, shared_data):
    image = read(shared_data / "pins" / "Zac Efron" / "01.jpg")
    assert len(analyst.detector.detect([image])[0]) == 0
    faces = faces_of(analyst.detector, image)
    assert len(faces) == 1
    # Eyes and nose, where one sees them; a hand hides the mouth.
    expected = [[43, 82], [112, 72], [75, 130]]
    np.testing.assert_allclose(faces.landmarks[0, :3], expected, atol=10)

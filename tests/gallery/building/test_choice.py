"""Which face of a photo is the person's."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import OptionError
from lookalike.gallery.build import BuildOptions
from lookalike.gallery.building.choice import check_choice, choose_face, stated_face
from lookalike.types import Faces, Image

#: 200 wide, 100 high: the middle is at (100, 50).
IMAGE = Image(np.zeros((100, 200, 3), np.uint8))


def faces(*boxes):
    n = len(boxes)
    return Faces(
        np.array(boxes, np.float32), np.zeros((n, 5, 2), np.float32), np.ones(n, np.float32)
    )


def box(x, y, size):
    return [x - size / 2, y - size / 2, x + size / 2, y + size / 2]


@pytest.mark.parametrize("choice", ["dominant", "largest", "centered", "only"])
def test_a_single_face_is_the_one_wherever_it_is(choice):
    assert choose_face(IMAGE, faces(box(5, 5, 3)), choice) == 0


@pytest.mark.parametrize(
    ("choice", "boxes", "chosen"),
    [
        ("dominant", [box(20, 50, 20), box(100, 50, 30)], 1),
        ("dominant", [box(20, 50, 20), box(100, 50, 29.9)], None),
        ("dominant", [box(20, 50, 45), box(100, 50, 30), box(150, 50, 10)], 0),
        ("dominant", [box(20, 50, 45), box(100, 50, 31), box(150, 50, 10)], None),
        ("dominant", [box(20, 50, 30), box(100, 50, 30)], None),
        # The longer side counts.
        ("dominant", [[0, 0, 10, 60], [50, 0, 90, 40]], 0),
        ("largest", [box(20, 50, 20), box(100, 50, 20.1), box(150, 50, 5)], 1),
        ("largest", [box(20, 50, 20), box(100, 50, 20)], 0),
        ("centered", [box(20, 50, 20), box(110, 50, 20), box(180, 50, 20)], 1),
        # Away 40 and 15 at sizes 40 and 10: 1.0 against 1.5 times the size.
        ("centered", [box(60, 50, 40), box(115, 50, 10)], 0),
        ("centered", [box(60, 50, 40), box(108, 50, 10)], 1),
        ("centered", [box(100, 5, 20), box(140, 50, 20)], 1),
        ("only", [box(100, 50, 90), box(5, 5, 3)], None),
    ],
)
def test_of_several_faces_the_one_that_the_rule_says(choice, boxes, chosen):
    assert choose_face(IMAGE, faces(*boxes), choice) == chosen


@pytest.mark.parametrize("choice", ["dominant", "largest", "centered"])
def test_the_order_of_the_faces_does_not_matter(choice):
    boxes = [box(30, 40, 10), box(90, 55, 40), box(150, 60, 20)]
    assert choose_face(IMAGE, faces(*boxes), choice) == 1
    assert choose_face(IMAGE, faces(*boxes[::-1]), choice) == 1
    assert choose_face(IMAGE, faces(boxes[1], boxes[0], boxes[2]), choice) == 0


@pytest.mark.parametrize("choice", ["", "Largest", "best"])
def test_other_words_are_no_rule(choice):
    with pytest.raises(OptionError, match="dominant"):
        check_choice(choice)
    with pytest.raises(OptionError, match="dominant"):
        BuildOptions(faces=choice)


def test_the_face_that_a_source_speaks_of_is_the_one_in_its_box():
    image = Image(np.zeros((100, 200, 3), np.uint8), reduction=2)
    boxes = np.array([[0, 0, 50, 50], [60, 10, 90, 40], [150, 50, 190, 90]], np.float32)
    faces = Faces(boxes, np.zeros((3, 5, 2), np.float32), np.ones(3, np.float32))
    # The source speaks of pixels of the file, which was read at half its size.
    assert stated_face(image, faces, (110, 10, 190, 90)) == 1
    assert stated_face(image, faces, (0, 0, 400, 200)) == 1
    assert stated_face(image, faces, (300, 100, 380, 180)) == 2
    assert stated_face(image, faces, (210, 0, 290, 60)) is None

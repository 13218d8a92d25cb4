from __future__ import annotations

import numpy as np
import pytest

from lookalike.detection.crop import Crop, CropOptions
from lookalike.detection.landmarks import Framing, Landmarker
from lookalike.errors import OptionError
from lookalike.models.runtime import Runtime
from lookalike.types import Image

F32 = np.float32
AS_IT_IS = Framing(0, 0, 1)


@pytest.fixture(scope="module")
def landmarker():
    return Landmarker.open(Runtime())


def test_a_square_stands_where_the_framing_puts_it():
    boxes = np.array([[10, 20, 30, 60]], F32)
    np.testing.assert_allclose(Framing(0, 0, 1).squares(boxes), [[0, 20, 40, 60]])
    np.testing.assert_allclose(Framing(0.5, -0.25, 2).squares(boxes), [[0, -10, 80, 70]])


@pytest.mark.parametrize("who", ["hopper_image", "astronaut"])
@pytest.mark.parametrize("shift", [(0, 0), (0.12, 0), (-0.1, 0.1), (0, -0.12)])
@pytest.mark.parametrize("size", [0.85, 1, 1.2])
def test_an_inexact_box_gets_the_landmarks_of_the_default_detector(
    landmarker, analyst, request, who, shift, size
):
    image = request.getfixturevalue(who)
    (face,) = analyst.detector.detect([image])[0]
    framing = Framing(*shift, size)
    found = landmarker.complete(image.pixels, face.box[None], np.array([0.5], F32), framing, 0.2)
    assert len(found) == 1
    np.testing.assert_allclose(found.landmarks[0], face.landmarks, atol=0.03 * face.size_px)
    np.testing.assert_array_equal(found.boxes[0], face.box)
    assert found.scores.tolist() == [0.5]


def test_what_is_no_face_goes_and_the_best_comes_first(landmarker, analyst, astronaut):
    (face,) = analyst.detector.detect([astronaut])[0]
    beside = np.array([300, 300, 400, 400], F32)
    boxes = np.stack([face.box, beside, face.box + F32(1)])
    scores = np.array([0.3, 0.9, 0.8], F32)
    found = landmarker.complete(astronaut.pixels, boxes, scores, AS_IT_IS, 0.2)
    np.testing.assert_allclose(found.scores, [0.8, 0.3])
    everything = landmarker.complete(astronaut.pixels, boxes, scores, AS_IT_IS, 0)
    np.testing.assert_allclose(everything.scores, [0.9, 0.8, 0.3])


def test_no_box_no_face(landmarker):
    none = np.empty((0, 4), F32)
    pixels = np.zeros((5, 5, 3), np.uint8)
    assert len(landmarker.complete(pixels, none, np.empty(0, F32), AS_IT_IS, 0.2)) == 0


@pytest.mark.parametrize("margin", [0.0, 0.2, 0.4, 1.0])
def test_a_crop_is_the_face_and_its_margin(landmarker, analyst, hopper_image, margin):
    (face,) = analyst.detector.detect([hopper_image])[0]
    side = face.box[2:] - face.box[:2]
    x1, y1 = np.round(face.box[:2] - margin * side).astype(int)
    x2, y2 = np.round(face.box[2:] + margin * side).astype(int)
    # Where the margin leaves the photo its last pixels are repeated, as IMDB-WIKI does.
    wide = np.pad(hopper_image.pixels, ((300, 300), (300, 300), (0, 0)), "edge")
    crop = Image(np.ascontiguousarray(wide[y1 + 300 : y2 + 300, x1 + 300 : x2 + 300]))
    (found,) = Crop(landmarker, CropOptions(margin)).detect([crop])
    assert len(found) == 1
    np.testing.assert_allclose(found.boxes[0] + [x1, y1, x1, y1], face.box, atol=1)
    np.testing.assert_allclose(
        found.landmarks[0] + [x1, y1], face.landmarks, atol=0.03 * face.size_px
    )
    assert found.scores[0] > 0.9


def test_a_crop_of_no_face_has_none(landmarker, astronaut):
    nothing = Image(np.ascontiguousarray(astronaut.pixels[300:480, 20:180]))
    assert len(Crop(landmarker).detect([nothing])[0]) == 0


@pytest.mark.parametrize(("option", "value"), [("margin", -0.1), ("margin", 2.1)])
def test_a_margin_out_of_range_is_named(option, value):
    with pytest.raises(OptionError, match=str(value)):
        CropOptions(**{option: value})

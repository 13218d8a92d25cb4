"""Where each template puts a face."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.alignment import (
    ARCFACE_112,
    FACENET_160,
    OPENFACE_96,
    TEMPLATES,
    VGG_224,
    FivePoints,
    UprightSquare,
    align,
    template,
)
from lookalike.models.card import built_in
from lookalike.types import Faces, Image

UPRIGHT = np.array([[40, 50], [80, 52], [61, 75], [45, 95], [78, 94]], np.float32)


def faces_of(*landmarks):
    n = len(landmarks)
    return Faces(
        np.zeros((n, 4), np.float32), np.array(landmarks, np.float32), np.ones(n, np.float32)
    )


def moved(maps, points):
    return points @ maps[:, :2].T + maps[:, 2]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_template_maps_any_number_of_faces(name):
    wanted = template(name)
    maps = wanted.fit(np.array([UPRIGHT, UPRIGHT + 7, UPRIGHT * 3]))
    assert maps.shape == (3, 2, 3)
    assert maps.dtype == np.float32
    assert wanted.fit(np.empty((0, 5, 2), np.float32)).shape == (0, 2, 3)
    landed = moved(maps[0], UPRIGHT)
    assert (landed > 0).all()
    assert (landed < wanted.size_px).all()
    np.testing.assert_allclose(moved(maps[1], UPRIGHT + 7), landed, atol=1e-3)
    np.testing.assert_allclose(moved(maps[2], UPRIGHT * 3), landed, atol=1e-2)


def test_every_encoder_names_a_template_of_its_size():
    for card in built_in().values():
        if card.task == "encode":
            assert template(card.input.template).size_px == card.input.size, card.name


def test_the_five_points_of_arcface_are_the_published_ones():
    """The reference landmarks of InsightFace and of OpenCV's FaceRecognizerSF."""
    flat = [
        38.2946,
        51.6963,
        73.5318,
        51.5014,
        56.0252,
        71.7366,
        41.5493,
        92.3655,
        70.7299,
        92.2041,
    ]
    assert [n for point in ARCFACE_112.points for n in point] == flat
    points = np.array(ARCFACE_112.points, np.float32)
    identity = [[1, 0, 0], [0, 1, 0]]
    np.testing.assert_allclose(ARCFACE_112.fit(points[None])[0], identity, atol=1e-4)


def test_openface_has_the_mean_shape_of_dlibs_points():
    """Its nose is point 30 of the 68, the corners of its mouth are 48 and 54."""
    low, high = np.array([0.0792396914, 0.1823609845]), np.array([0.9711932742, 1.0608037113])
    nose, left, right = (
        (0.5181643034, 0.5531577978),
        (0.3531677614, 0.7461891642),
        (0.6995167233, 0.7394191873),
    )
    expected = [(np.array(point) - low) / (high - low) * 96 for point in (nose, left, right)]
    np.testing.assert_allclose(OPENFACE_96.points[2:], expected, atol=0.01)


@pytest.mark.parametrize("square", [FACENET_160, VGG_224])
def test_a_square_is_upright_and_three_eye_mouth_distances_wide(square):
    (maps,) = square.fit(UPRIGHT[None])
    assert maps[0, 1] == maps[1, 0] == 0
    assert maps[0, 0] == maps[1, 1] > 0
    distance = np.linalg.norm(UPRIGHT[:2].mean(axis=0) - UPRIGHT[3:].mean(axis=0))
    middle, side = UPRIGHT.mean(axis=0), 3 * distance
    last = (square.size_px - 1) / 2
    np.testing.assert_allclose(moved(maps, middle[None])[0], last, atol=1e-3)
    corner = moved(maps, (middle - side / 2)[None])[0]
    np.testing.assert_allclose(corner, -0.5, atol=1e-3)


@given(st.floats(-180, 180), st.floats(0.2, 5))
def test_a_square_does_not_turn_with_the_head(degrees, scale):
    angle = np.radians(degrees)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    (maps,) = FACENET_160.fit((UPRIGHT @ turn.T + 300).astype(np.float32)[None])
    (straight,) = FACENET_160.fit(UPRIGHT[None])
    assert maps[0, 1] == maps[1, 0] == 0
    np.testing.assert_allclose(maps[0, 0] * scale, straight[0, 0], rtol=1e-3)


def test_a_turned_head_is_set_upright_by_five_points_only(hopper_image):
    face = UPRIGHT + 100
    angle = np.radians(20)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    leaning = ((face - 150) @ turn.T + 150).astype(np.float32)
    crops = align(hopper_image, faces_of(leaning), "arcface-112")
    gaze = np.diff(moved(crops.transforms[0], leaning[:2]), axis=0)[0]
    assert abs(gaze[1]) < 0.1 * gaze[0]
    crops = align(hopper_image, faces_of(leaning), "facenet-160")
    gaze = np.diff(moved(crops.transforms[0], leaning[:2]), axis=0)[0]
    assert np.degrees(np.arctan2(gaze[1], gaze[0])) == pytest.approx(
        20 + np.degrees(np.arctan2(2, 40)), abs=0.1
    )


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_landmarks_in_one_point_give_a_black_crop(name):
    picture = Image(np.full((50, 60, 3), 200, np.uint8))
    crops = align(picture, faces_of(np.full((5, 2), 20)), name)
    assert not crops.transforms.any()
    assert not crops.pixels.any()
    assert crops.pixels.shape[1] == template(name).size_px


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_face_of_less_than_a_pixel_is_placed_as_a_large_one(name):
    small, large = template(name).fit(np.stack([UPRIGHT * np.float32(0.004), UPRIGHT]))
    np.testing.assert_allclose(small[:, :2] * 0.004, large[:, :2], rtol=1e-3, atol=1e-5)


def test_a_square_is_cut_pixel_by_pixel():
    """At scale 1 the crop is a part of the picture."""
    square = UprightSquare("small", 30, 1.0)
    landmarks = np.array([[19.5, 4.5], [29.5, 4.5], [24.5, 19.5], [19.5, 34.5], [29.5, 34.5]])
    (maps,) = square.fit(landmarks.astype(np.float32)[None])
    np.testing.assert_allclose(maps, [[1, 0, -10], [0, 1, -5]], atol=1e-5)


def test_templates_are_told_apart_by_name():
    assert all(name == one.name for name, one in TEMPLATES.items())
    assert {type(one) for one in TEMPLATES.values()} == {FivePoints, UprightSquare}

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.alignment import (
    DLIB_150,
    TEMPLATES,
    align,
    cutout,
    fit_similarity,
    portrait_maps,
    portraits,
    template,
)
from lookalike.alignment.warp import warp
from lookalike.errors import UnknownName
from lookalike.types import Crops, Faces, Image

TARGET = np.array(DLIB_150.points)


def least_squares(points, target):
    """Solve for a, b, tx and ty by the general method: two equations for each point."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(points.astype(float), target, strict=True):
        rows += [[x, -y, 1, 0], [y, x, 0, 1]]
        wanted += [u, v]
    a, b, tx, ty = np.linalg.lstsq(np.array(rows), np.array(wanted), rcond=None)[0]
    return np.array([[a, -b, tx], [b, a, ty]])


def similarity(scale, degrees, shift):
    turn = np.deg2rad(degrees)
    a, b = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[a, -b, shift[0]], [b, a, shift[1]]])


def mapped(matrix, points):
    return points @ matrix[:, :2].T + matrix[:, 2]


def faces_at(*landmarks):
    points = np.array(landmarks, np.float32)
    return Faces(np.zeros((len(points), 4), np.float32), points, np.ones(len(points), np.float32))


@pytest.mark.parametrize("seed", range(5))
def test_fit_is_the_general_least_squares_solution(seed):
    random = np.random.default_rng(seed)
    points = (random.normal(size=(20, 5, 2)) * 30 + random.uniform(0, 2000, 2)).astype(np.float32)
    target = random.uniform(0, 150, (5, 2))
    found = fit_similarity(points, target)
    assert found.dtype == np.float32
    for matrix, face in zip(found, points, strict=True):
        expected = least_squares(face, target)
        np.testing.assert_allclose(mapped(matrix, face), mapped(expected, face), atol=0.02)
        np.testing.assert_allclose(matrix[:, :2], expected[:, :2], atol=1e-5)


@given(
    st.floats(0.05, 20),
    st.floats(-180, 180),
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
)
def test_a_similarity_is_recovered(scale, degrees, shift):
    forth = similarity(scale, degrees, shift)
    points = mapped(cv2.invertAffineTransform(forth), TARGET).astype(np.float32)
    (found,) = fit_similarity(points[None], TARGET)
    np.testing.assert_allclose(mapped(found, points), TARGET, atol=0.05)
    np.testing.assert_allclose(np.hypot(*found[:, 0]), scale, rtol=1e-3)


def test_a_mirrored_face_is_not_unmirrored():
    (found,) = fit_similarity((TARGET * [-1, 1]).astype(np.float32)[None], TARGET)
    assert np.linalg.det(found[:, :2]) > 0


def test_five_points_in_one_place_give_numbers():
    found = fit_similarity(np.full((1, 5, 2), 7, np.float32), TARGET)
    assert np.isfinite(found).all()
    crops = align(Image(np.zeros((20, 20, 3), np.uint8)), faces_at(np.full((5, 2), 7)))
    assert crops.pixels.shape == (1, 150, 150, 3)


def test_the_default_template_is_that_of_the_default_encoder(analyst):
    assert template(analyst.encoder.template) is DLIB_150
    assert DLIB_150.name in TEMPLATES


def test_an_unknown_template_brings_the_near_ones(hopper_image):
    with pytest.raises(UnknownName, match="no alignment template named 'dlib-151'") as caught:
        align(hopper_image, Faces.none(), "dlib-151")
    assert "dlib-150" in caught.value.hint


def test_nobody_is_aligned_to_nothing(hopper_image):
    crops = align(hopper_image, Faces.none())
    assert crops.pixels.shape == (0, 150, 150, 3)
    assert portraits(hopper_image, Faces.none(), 64).shape == (0, 64, 64, 3)


def wave(x, y):
    """A smooth picture over pixel numbers."""
    return np.stack(
        [
            128 + 100 * np.sin(x / 60) * np.cos(y / 70),
            128 + 90 * np.cos(x / 80 + y / 90),
            128 + 90 * np.sin(y / 50),
        ],
        axis=-1,
    )


def drawn(width, height):
    y, x = np.mgrid[:height, :width].astype(float)
    return np.round(wave(x, y)).astype(np.uint8)


@pytest.mark.parametrize("degrees", [0, 17, -90, 180])
@pytest.mark.parametrize("scale", [0.11, 0.26, 0.49, 0.5, 0.51, 1.0, 3.3])
def test_a_crop_shows_what_its_transform_says(scale, degrees):
    # Also below 0.5, where the picture is reduced first: to well below a pixel of the crop.
    picture = Image(drawn(1500, 1400))
    middle = np.array([740.3, 690.8])
    forth = similarity(scale, degrees, (0, 0))
    forth[:, 2] = 75 - forth[:, :2] @ middle
    back = cv2.invertAffineTransform(forth)
    crops = align(picture, faces_at(mapped(back, TARGET)))
    np.testing.assert_allclose(crops.transforms[0], forth, atol=0.01)
    v, u = np.mgrid[:150, :150].astype(float)
    x, y = np.moveaxis(mapped(back, np.stack([u, v], axis=-1)), -1, 0)
    inside = (x > 2) & (x < 1497) & (y > 2) & (y < 1397)
    assert inside.mean() > 0.9
    off = np.abs(crops.pixels[0] - wave(x, y))[inside]
    # Half a pixel of the crop changes the picture by this much on average.
    half = np.abs(np.diff(wave(x, y), axis=1)).mean() / 2
    assert off.mean() < 0.3 * half + 0.5


@pytest.mark.parametrize("scale", [0.2, 0.35, 0.49])
def test_the_reduced_way_agrees_with_the_direct_one(scale):
    pixels = drawn(1200, 1000)
    matrix = similarity(scale, 12, (75, 75))
    matrix[:, 2] -= matrix[:, :2] @ [600, 500]
    matrix = matrix.astype(np.float32)
    direct = cv2.warpAffine(pixels, matrix, (150, 150), flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.ones_like(pixels), matrix, (150, 150)).astype(bool)
    inside = cv2.erode(inside.astype(np.uint8), np.ones((5, 5))).astype(bool)
    off = np.abs(warp(pixels, matrix, 150).astype(float) - direct)[inside]
    assert inside.mean() > 0.5
    assert off.mean() < 1
    assert off.max() < 6


def test_a_large_face_is_not_sampled_with_gaps():
    # One-pixel stripes are gray from afar. Bilinear sampling alone would turn them into moiré.
    stripes = np.zeros((1500, 1500, 3), np.uint8)
    stripes[:, ::2] = 255
    matrix = similarity(0.11, 0, (0, 0)).astype(np.float32)
    crop = warp(stripes, matrix, 150)[5:145, 5:145]
    np.testing.assert_allclose(crop, 127.5, atol=4)


def test_outside_the_picture_is_black():
    white = Image(np.full((300, 300, 3), 255, np.uint8))
    crops = align(white, faces_at(TARGET - [60, 0], TARGET * 10 - [600, 0], TARGET + 5000))
    for crop in crops.pixels[:2]:
        assert (crop[:100, :55] == 0).all()
        assert (crop[3:25, 65:85] == 255).all()
    assert (crops.pixels[2] == 0).all()


@pytest.mark.parametrize("degrees", [0, 10, -25])
@pytest.mark.parametrize("times", [0.7, 1.0, 2.5])
def test_a_turned_and_scaled_picture_gives_nearly_the_same_crop(
    analyst, hopper_image, times, degrees
):
    (faces,) = analyst.detector.detect([hopper_image])
    (expected,) = align(hopper_image, faces).pixels.astype(float)
    side = round(900 * times)
    forth = similarity(times, degrees, (0, 0))
    forth[:, 2] = side / 2 - forth[:, :2] @ [256, 250]
    turned = cv2.warpAffine(hopper_image.pixels, forth, (side, side), flags=cv2.INTER_AREA)
    moved = faces_at(mapped(forth, faces.landmarks[0]))
    (same,) = align(Image(turned), moved).pixels.astype(float)
    assert np.abs(same - expected).mean() < 3
    # The face found anew there, as it happens in life: the same person beyond doubt.
    (found,) = analyst.detector.detect([Image(turned)])
    assert len(found) == 1
    both = Crops.concatenate([align(Image(turned), found), align(hopper_image, faces)])
    one, other = analyst.encoder.encode(both).vectors
    assert np.linalg.norm(one - other) < 0.3


def test_landmarks_land_where_the_template_wants_them(analyst, hopper_image, astronaut):
    for image in (hopper_image, astronaut):
        (faces,) = analyst.detector.detect([image])
        crops = align(image, faces)
        landed = mapped(crops.transforms[0].astype(float), faces.landmarks[0])
        assert np.abs(landed - TARGET).max() < 8
        assert np.linalg.norm(landed.mean(axis=0) - TARGET.mean(axis=0)) < 0.01


@pytest.mark.parametrize("size", [96, 300])
def test_portraits_are_upright_with_the_eyes_in_their_place(analyst, hopper_image, size):
    turned = Image(np.ascontiguousarray(np.rot90(hopper_image.pixels)))
    (faces,) = analyst.detector.detect([hopper_image])
    x, y = faces.landmarks[0].T
    standing = portraits(hopper_image, faces, size)
    lying = portraits(turned, faces_at(np.stack([y, 511 - x], axis=1)), size)
    assert standing.shape == (1, size, size, 3)
    assert np.abs(standing.astype(float) - lying).mean() < 3

    (found,) = analyst.detector.detect([Image(standing[0])])
    left, right = found.landmarks[0, :2]
    np.testing.assert_allclose((left + right) / 2 / size, [0.5, 0.45], atol=0.04)
    assert (right[0] - left[0]) / size == pytest.approx(0.28, abs=0.04)
    assert abs(right[1] - left[1]) / size < 0.04


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("margin", [5, 40, 90])
def test_portraits_show_only_what_the_picture_holds(analyst, hopper_image, turns, margin):
    (faces,) = analyst.detector.detect([hopper_image])
    x1, y1, x2, y2 = (int(side) for side in faces.boxes[0])
    top, left = max(y1 - margin, 0), max(x1 - margin, 0)
    tight = hopper_image.pixels[top : y2 + margin, left : x2 + margin]
    points = faces.landmarks[0] - [left, top]
    width = tight.shape[1]
    for _ in range(turns):
        tight = np.rot90(tight)
        points = np.stack([points[:, 1], width - 1 - points[:, 0]], axis=1)
        width = tight.shape[1]
    image = Image(np.ascontiguousarray(tight))
    (inside,) = portraits(image, faces_at(points), 128)
    assert inside.std() > 20
    # The face is upright: its eyes are found, side by side, above the middle.
    (found,) = analyst.detector.detect([Image(inside)])
    eyes = found.landmarks[0, :2]
    assert abs(eyes[0, 1] - eyes[1, 1]) < 0.15 * 128
    assert eyes[:, 1].max() < 0.6 * 128
    # They are where the map says.
    (matrix,) = portrait_maps(image, faces_at(points), 128)
    assert np.abs(eyes - mapped(matrix, points[:2])).max() < 0.06 * 128
    # No two neighboring rows or columns are alike, as they would be where an edge is drawn out.
    assert (np.abs(np.diff(inside.astype(int), axis=0)).max(axis=(1, 2)) > 0).all()
    assert (np.abs(np.diff(inside.astype(int), axis=1)).max(axis=(0, 2)) > 0).all()


def test_a_picture_wider_than_opencv_canwarp():
    wide = np.zeros((160, 40_000, 3), np.uint8)
    wide[:, -200:] = drawn(200, 160)
    (crop,) = align(Image(wide), faces_at(TARGET + np.array([39_820, 5]))).pixels
    np.testing.assert_allclose(crop, drawn(200, 160)[5:155, 20:170].astype(int), atol=2)


@pytest.mark.parametrize("scale", [0.25, 1, 3])
@pytest.mark.parametrize("shift", [0, -90])
def test_a_crop_from_a_cutout_is_the_crop_from_the_picture(hopper_image, scale, shift):
    points = np.array([[230, 150], [300, 150], [265, 190], [238, 230], [292, 230]], np.float32)
    points = points + np.float32([shift, shift / 2])
    width, height = hopper_image.width, hopper_image.height
    pixels = cv2.resize(hopper_image.pixels, (round(width * scale), round(height * scale)))
    image = Image(np.ascontiguousarray(pixels))
    faces = faces_at(points * scale)
    cut, moved = cutout(image, next(iter(faces)), 60)
    for name in TEMPLATES:
        direct = align(image, faces, name).pixels[0].astype(int)
        again = align(cut, faces_at(moved), name).pixels[0].astype(int)
        assert np.abs(direct - again).mean() < 4, name
    assert max(cut.pixels.shape[:2]) <= max(2 * 2.3 * 60 * 1.2, 2)


def test_a_cutout_outside_the_picture_is_still_a_picture(hopper_image):
    far = faces_at(np.array([[-900, 9], [-890, 9], [-895, 15], [-898, 20], [-892, 20]], np.float32))
    cut, _ = cutout(hopper_image, next(iter(far)), 60)
    assert min(cut.pixels.shape[:2]) >= 1

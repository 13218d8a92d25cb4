"""Where things are does not depend on where the picture begins, how large it is, or how it lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.alignment import TEMPLATES, align, fit_similarity, portrait_maps, template
from lookalike.detection.boxes import moved, planes, points_within, squared
from lookalike.detection.nms import overlaps, suppress
from lookalike.types import Crops, Faces, Image

UPRIGHT = np.array([[40, 50], [80, 52], [61, 75], [45, 95], [78, 94]], np.float32)
#: The other eye and the other corner of the mouth are the left ones in a mirror.
MIRRORED = [1, 0, 2, 4, 3]

degrees = st.floats(-180, 180)
scales = st.floats(0.25, 4)
shifts = st.tuples(st.floats(-500, 500), st.floats(-500, 500))
seeds = st.integers(0, 10_000)


def similarity(scale, angle, shift):
    turn = np.radians(angle)
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]]])


def mapped(matrix, points):
    return points @ matrix[:, :2].T + matrix[:, 2]


def inverse(matrix):
    return np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))[:2]


def landmarks_of(seed):
    """Return five points that lie about as in a face."""
    return (UPRIGHT + np.random.default_rng(seed).normal(0, 5, (5, 2))).astype(np.float32)


def boxes_of(seed, n=20):
    random = np.random.default_rng(seed)
    corner = random.uniform(0, 60, (n, 2))
    return np.concatenate([corner, corner + random.uniform(8, 40, (n, 2))], axis=1).astype("f4")


def faces_of(*landmarks):
    n = len(landmarks)
    boxes = np.tile(np.array([[30, 30, 90, 110]], np.float32), (n, 1))
    return Faces(boxes, np.array(landmarks, np.float32), np.ones(n, np.float32))


@given(degrees, scales, shifts, seeds)
def test_a_face_lands_where_it_would_wherever_the_picture_puts_it(angle, scale, shift, seed):
    points, placed = landmarks_of(seed), similarity(scale, angle, shift)
    target = np.array(template("dlib-150").points)
    elsewhere = mapped(placed, points.astype("f8")).astype(np.float32)
    (here,), (there,) = (
        fit_similarity(points[None], target),
        fit_similarity(elsewhere[None], target),
    )
    np.testing.assert_allclose(mapped(there, elsewhere), mapped(here, points), atol=0.02)


@given(degrees, scales, shifts, seeds)
def test_a_fit_is_taken_back_by_the_fit_the_other_way(angle, scale, shift, seed):
    points = landmarks_of(seed)
    placed = mapped(similarity(scale, angle, shift), points.astype("f8"))
    (there,) = fit_similarity(points[None], placed)
    (back,) = fit_similarity(placed.astype(np.float32)[None], points.astype("f8"))
    np.testing.assert_allclose(mapped(back, mapped(there, points)), points, atol=0.01)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@given(seed=seeds, width=st.floats(100, 1000))
def test_a_mirrored_face_lands_mirrored_in_a_square(name, seed, width):
    """Five points need not lie evenly in a template; a square lies about them alike."""
    wanted, points = template(name), landmarks_of(seed)
    other = points[MIRRORED] * [-1, 1] + [width, 0]
    here = mapped(wanted.fit(points[None])[0], points)
    there = mapped(wanted.fit(other.astype(np.float32)[None])[0], other)[MIRRORED]
    if hasattr(wanted, "points"):
        # The template's own points are what is uneven, by less than three pixels in a hundred.
        target = np.array(wanted.points)
        across = target[MIRRORED] * [-1, 1] + [wanted.size_px - 1, 0]
        uneven = np.abs(target - across).max()
        assert np.abs(there * [-1, 1] + [wanted.size_px - 1, 0] - here).max() <= 2 * uneven + 1
    else:
        np.testing.assert_allclose(there * [-1, 1] + [wanted.size_px - 1, 0], here, atol=0.05)


@given(seed=seeds, name=st.sampled_from(sorted(TEMPLATES)))
def test_the_map_of_a_crop_leads_back_into_the_picture(seed, name):
    points = landmarks_of(seed)
    crops = align(Image(np.zeros((120, 130, 3), np.uint8)), faces_of(points), name)
    matrix = crops.transforms[0].astype("f8")
    np.testing.assert_allclose(mapped(inverse(matrix), mapped(matrix, points)), points, atol=1e-3)


@given(seed=seeds, size=st.integers(16, 200), angle=degrees, scale=scales, shift=shifts)
def test_a_portrait_never_leaves_the_picture(seed, size, angle, scale, shift):
    image = Image(np.zeros((120, 170, 3), np.uint8))
    points = mapped(similarity(scale, angle, shift), landmarks_of(seed))
    (matrix,) = portrait_maps(image, faces_of(points), size).astype("f8")
    corners = np.array([[0, 0], [size, 0], [0, size], [size, size]])
    reach = mapped(inverse(matrix), corners)
    assert (reach >= -0.1).all()
    assert (reach <= np.array([170, 120]) + 0.1).all()


@given(seed=seeds, scale=scales)
def test_faces_grow_with_the_picture_and_back(seed, scale):
    boxes = boxes_of(seed, 3)
    landmarks = np.stack([landmarks_of(seed + at) for at in range(3)])
    faces = Faces(boxes, landmarks, np.array([0.9, 0.5, 0.1], np.float32))
    larger = faces.scaled(scale)
    np.testing.assert_allclose(larger.sizes_px, faces.sizes_px * scale, rtol=1e-5)
    assert [one.size_px for one in larger] == larger.sizes_px.tolist()
    back = larger.scaled(1 / scale)
    np.testing.assert_allclose(back.boxes, boxes, rtol=1e-5)
    np.testing.assert_allclose(back.landmarks, landmarks, rtol=1e-5)
    np.testing.assert_array_equal(back.scores, faces.scores)


@given(seed=seeds, scale=scales, shift=shifts)
def test_boxes_are_corrected_and_squared_in_their_own_measure(seed, scale, shift):
    boxes = boxes_of(seed)
    offsets = np.random.default_rng(seed).uniform(-0.2, 0.2, boxes.shape).astype(np.float32)
    place = np.array([*shift, *shift], np.float32)

    def elsewhere(some):
        return some * np.float32(scale) + place

    np.testing.assert_allclose(
        moved(elsewhere(boxes), offsets), elsewhere(moved(boxes, offsets)), atol=0.01
    )
    np.testing.assert_allclose(squared(elsewhere(boxes)), elsewhere(squared(boxes)), atol=0.01)
    square = squared(boxes)
    sides = square[:, 2:] - square[:, :2]
    np.testing.assert_allclose(sides[:, 0], sides[:, 1], rtol=1e-4)
    np.testing.assert_allclose(sides[:, 0], (boxes[:, 2:] - boxes[:, :2]).max(axis=1), rtol=1e-4)
    np.testing.assert_allclose(
        square[:, :2] + square[:, 2:], boxes[:, :2] + boxes[:, 2:], rtol=1e-4
    )


def test_networks_are_shown_planes_of_the_same_numbers():
    pixels = np.arange(2 * 3 * 4 * 3, dtype=np.uint8).reshape(2, 3, 4, 3)
    found = planes(pixels)
    assert (found.shape, found.dtype, found.flags.c_contiguous) == ((2, 3, 3, 4), np.float32, True)
    for color in range(3):
        np.testing.assert_array_equal(found[:, color], pixels[..., color])


@given(seed=seeds)
def test_points_within_a_box_are_parts_of_its_sides(seed):
    boxes, random = boxes_of(seed), np.random.default_rng(seed)
    parts = random.uniform(0, 1, (len(boxes), 5, 2))
    flat = np.concatenate([parts[:, :, 0], parts[:, :, 1]], axis=1).astype(np.float32)
    found = points_within(flat, boxes)
    for box, part, points in zip(boxes.astype("f8"), parts, found, strict=True):
        np.testing.assert_allclose(points, box[:2] + part * (box[2:] - box[:2]), rtol=1e-5)


@given(seed=seeds, scale=st.sampled_from([0.5, 2.0, 4.0]), shift=st.integers(-64, 64))
def test_the_same_boxes_stay_in_a_picture_moved_scaled_or_mirrored(seed, scale, shift):
    # Whole numbers and powers of two, so that no overlap is rounded differently.
    boxes = np.round(boxes_of(seed))
    scores = np.random.default_rng(seed).permutation(len(boxes)).astype(np.float32)
    kept = suppress(boxes, scores, 0.4).tolist()
    assert suppress(boxes * np.float32(scale) + np.float32(shift), scores, 0.4).tolist() == kept
    mirrored = boxes[:, [2, 1, 0, 3]] * np.array([-1, 1, -1, 1], np.float32)
    assert suppress(mirrored, scores, 0.4).tolist() == kept
    np.testing.assert_array_equal(overlaps(mirrored), overlaps(boxes))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5))
def test_crops_come_apart_as_they_were_put_together(counts):
    numbers = iter(range(100))
    parts = [
        Crops(
            np.full((n, 4, 4, 3), at, np.uint8),
            np.full((n, 2, 3), next(numbers), np.float32),
            "t",
        )
        for at, n in enumerate(counts)
    ]
    whole = Crops.concatenate(parts)
    assert len(whole) == sum(counts)
    start = 0
    for part in parts:
        own = whole.rows(start, start + len(part))
        np.testing.assert_array_equal(own.pixels, part.pixels)
        np.testing.assert_array_equal(own.transforms, part.transforms)
        assert own.template == whole.template == "t"
        start += len(part)


def test_an_edge_moves_by_a_part_of_the_side():
    boxes = np.array([[0, 0, 10, 20], [5, 5, 6, 6]], np.float32)
    offsets = np.array([[0.1, -0.1, 0.2, 0.05], [0, 0, 1, -0.5]], np.float32)
    expected = [[1, -2, 12, 21], [5, 5, 7, 5.5]]
    np.testing.assert_allclose(moved(boxes, offsets), expected, rtol=1e-6)

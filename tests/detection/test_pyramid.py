from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from lookalike.detection.pyramid import FRAME_PX, STEP_PX, WINDOW_PX, Pyramid, layout

sides = st.integers(1, 60).map(lambda half: 2 * half)
factors = st.sampled_from([0.3, 0.5, 0.709, 0.8, 0.95])


def owners(plan):
    """Paint each level's number on the canvas, frame included; -1 is nobody's."""
    canvas = np.full(plan.shape, -1)
    for number, ((x, y), (w, h)) in enumerate(zip(plan.origins, plan.sizes, strict=True)):
        place = (
            slice(y - FRAME_PX, y + h + FRAME_PX),
            slice(x - FRAME_PX, x + w + FRAME_PX),
        )
        assert canvas[place].shape == (h + 2 * FRAME_PX, w + 2 * FRAME_PX), "off the canvas"
        assert (canvas[place] == -1).all(), "on another level"
        canvas[place] = number
    return canvas


@given(sides, sides, factors)
def test_levels_stand_apart_on_the_grid(width, height, factor):
    plan = layout(width, height, factor)
    owners(plan)
    assert not (plan.origins % STEP_PX).any()
    assert not (plan.sizes % 2).any()
    assert not np.array(plan.shape) % 2 @ [1, 1]


@given(sides, sides, factors)
def test_a_window_belongs_to_the_level_that_holds_all_of_it(width, height, factor):
    plan = layout(width, height, factor)
    windows = sliding_window_view(owners(plan), (WINDOW_PX, WINDOW_PX))[::STEP_PX, ::STEP_PX]
    lowest, highest = windows.min(axis=(2, 3)), windows.max(axis=(2, 3))
    np.testing.assert_array_equal(plan.levels, np.where(lowest == highest, lowest, -1))


@given(sides.map(lambda side: 7 * side), sides, factors)
def test_parts_cover_each_level_once_and_nothing_else(width, height, factor):
    plan = layout(width, height, factor)
    times = np.zeros(plan.levels.shape, int)
    for i, j in plan.parts:
        assert len(np.unique(plan.levels[i, j])) == 1, "more than one level"
        times[i, j] += 1
    np.testing.assert_array_equal(times, plan.levels >= 0)


@given(sides, sides, factors)
def test_levels_shrink_by_the_factor_until_one_window_holds_all(width, height, factor):
    plan = layout(width, height, factor)
    assert plan.sizes[0].tolist() == [width, height]
    expected = np.array([[width, height]]) * factor ** np.arange(len(plan.sizes))[:, None]
    assert (np.abs(plan.sizes - np.maximum(expected, 2)) <= 1 + 1e-6).all()
    assert len(plan.sizes) == 1 or max(expected[-1]) >= WINDOW_PX * factor
    assert max(expected[-1]) * factor < WINDOW_PX * factor or max(width, height) < WINDOW_PX


def color_at(x, y):
    """A smooth picture: three waves over continuous coordinates."""
    return np.stack(
        [
            128 + 80 * np.sin(x / 31) * np.cos(y / 43),
            128 + 60 * np.cos(x / 53 + y / 37),
            100 + 50 * np.sin(y / 29),
        ],
        axis=-1,
    )


def smooth(width, height):
    """Draw it; the middle of pixel k lies at k + 0.5."""
    y, x = np.mgrid[:height, :width] + 0.5
    return np.round(color_at(x, y)).astype(np.uint8)


@pytest.fixture(scope="module")
def picture():
    return smooth(401, 303)


@pytest.mark.parametrize("finest", [1.0, 0.6, 0.3, 0.08])
def test_each_level_is_the_picture_resized_in_a_gray_frame(picture, finest):
    canvas, plan = Pyramid(picture).scan(finest, 0.709)
    assert canvas.shape[:2] == plan.shape
    untouched = np.ones(plan.shape, bool)
    for (x, y), (w, h) in zip(plan.origins, plan.sizes, strict=True):
        expected = cv2.resize(picture, (int(w), int(h)), interpolation=cv2.INTER_AREA)
        off = np.abs(canvas[y : y + h, x : x + w] - expected.astype(float)).mean()
        per_pixel = np.abs(np.diff(expected.astype(float), axis=1)).mean()
        assert off < 0.15 * per_pixel + 0.1, "moved by more than a seventh of a pixel"
        untouched[y : y + h, x : x + w] = False
    assert (canvas[untouched] == 128).all()


@pytest.mark.parametrize("size", [24, 48])
@pytest.mark.parametrize(
    "box",
    [
        (100, 50, 124, 74),
        (100.3, 50.8, 130.9, 81.4),
        (10, 20, 210, 220),
        (60, 3, 359, 302),
        (33, 40, 193, 90),
    ],
)
def test_a_patch_shows_what_its_box_holds(picture, box, size):
    x1, y1, x2, y2 = box
    ticks = (np.arange(size) + 0.5) / size
    x, y = np.meshgrid(x1 + (x2 - x1) * ticks, y1 + (y2 - y1) * ticks)
    (patch,) = Pyramid(picture).patches(np.array([box], np.float32), size)
    np.testing.assert_allclose(patch, color_at(x, y), atol=3)


@pytest.mark.parametrize("box", [(10, 20, 210, 220), (60, 3, 360, 303), (100, 50, 196, 146)])
def test_a_patch_is_the_crop_resized(picture, box):
    x1, y1, x2, y2 = box
    (patch,) = Pyramid(picture).patches(np.array([box], np.float32), 48)
    expected = cv2.resize(picture[y1:y2, x1:x2], (48, 48), interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(patch, expected.astype(int), atol=3)


def test_patches_of_all_sizes_keep_their_order(picture):
    boxes = np.array([[0, 0, 300, 300], [50, 50, 60, 60], [100, 0, 148, 48]], np.float32)
    pyramid = Pyramid(picture)
    together = pyramid.patches(boxes, 24)
    for row, patch in enumerate(together):
        np.testing.assert_array_equal(pyramid.patches(boxes[row : row + 1], 24)[0], patch)


def test_what_lies_outside_is_gray(picture):
    boxes = np.array([[-80, -80, -20, -20], [380, 100, 440, 160]], np.float32)
    outside, edge = Pyramid(picture).patches(boxes, 24)
    assert (outside == 128).all()
    # The picture is 401 wide: 21 of 60 pixels are inside, which is 8.4 of 24.
    assert (edge[:, 10:] == 128).all()
    assert not (edge[:, :8] == 128).all(axis=2).any()


def test_no_boxes_no_patches(picture):
    assert Pyramid(picture).patches(np.empty((0, 4), np.float32), 24).shape == (0, 24, 24, 3)


def test_fine_texture_does_not_turn_into_false_structure():
    # A one-pixel checkerboard is gray from afar; sampled with gaps it would be black or white.
    board = np.indices((960, 960)).sum(axis=0) % 2 * 255
    pixels = np.repeat(board[:, :, None], 3, axis=2).astype(np.uint8)
    # 18 pixels a step, and each sample in the middle of a pixel of the same color.
    box = np.array([[31.5, 31.5, 895.5, 895.5]], np.float32)
    (patch,) = Pyramid(pixels).patches(box, 48)
    np.testing.assert_allclose(patch, 127.5, atol=2)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.detection.tiled_pyramid import tiles

sides = st.integers(40, 700)


@given(sides, sides)
def test_no_level_stands_on_another(width, height):
    plan = tiles(width, height)
    canvas = np.zeros(plan.shape, int)
    for (x, y), (w, h) in zip(plan.corners, plan.sizes, strict=True):
        # The network's first windows lie within what is empty around all.
        assert min(x, y) >= 11
        assert (np.array([y + h, x + w]) <= np.array(plan.shape) - 11).all()
        canvas[y : y + h, x : x + w] += 1
    assert canvas.max() == 1


@given(sides, sides)
def test_levels_shrink_by_a_sixth(width, height):
    plan = tiles(width, height)
    assert plan.sizes[0].tolist() == [width, height]
    assert (plan.sizes[1:] == np.floor(plan.sizes[:-1] * (5 / 6))).all()


def test_a_layout_worked_out_by_hand():
    plan = tiles(100, 60)
    assert plan.sizes[:6].tolist() == [[100, 60], [83, 50], [69, 41], [57, 34], [47, 28], [39, 23]]
    # Five levels take 253 pixels; the sixth fits beside the fifth, and its feet are level.
    assert plan.shape == (253 + 22, 100 + 22)
    assert plan.corners[:5, 0].tolist() == [11] * 5
    assert plan.corners[:5, 1].tolist() == [11, 81, 141, 192, 236]
    assert plan.corners[5].tolist() == [111 - 39, 264 - 23]
    assert plan.corners[6].tolist() == [111 - 32, 264 - 23 - 10 - 19]
    assert plan.sizes[-1].tolist() == [9, 5]


@given(sides, sides)
def test_every_level_keeps_the_corners_of_the_picture(width, height):
    plan = tiles(width, height)
    # A slope along each axis stays one, from end to end.
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    canvas = plan.draw(np.stack([x, y]).astype(np.float32))
    for (left, top), (w, h) in zip(plan.corners, plan.sizes, strict=True):
        level = canvas[:, top : top + h, left : left + w]
        ends = [np.linspace(-1, 1, n) if n > 1 else np.array([-1.0]) for n in (w, h)]
        expected = np.stack(np.meshgrid(*ends))
        np.testing.assert_allclose(level, expected, atol=1e-4)
        canvas[:, top : top + h, left : left + w] = 0
    assert not canvas.any()


@pytest.mark.parametrize("number", [0, 1, 5, 9])
def test_a_window_comes_back_to_where_it_was(number):
    plan = tiles(640, 480)
    middle = plan.corners[number] + plan.sizes[number] // 2
    (box,) = plan.boxes(middle[None], 80)
    scale = 1.2**number
    np.testing.assert_allclose(box[2:] - box[:2], 79 * scale + 1, rtol=1e-5)
    # dlib's rule for going up a level is good to about a pixel of that level.
    expected = np.array([320, 240])
    assert np.abs((box[:2] + box[2:]) / 2 - expected).max() < 2 * scale


def test_a_window_beside_all_levels_belongs_to_the_nearest():
    plan = tiles(640, 480)
    last = plan.corners[0] + plan.sizes[0] - 1
    below = last + np.array([0, 3])
    inside, outside = plan.boxes(np.stack([last, below]), 80)
    np.testing.assert_allclose(outside - inside, [0, 3, 0, 3], atol=1e-3)

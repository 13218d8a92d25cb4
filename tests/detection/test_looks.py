from __future__ import annotations

import numpy as np
import pytest

from lookalike.detection.looks import Look, distinct, search
from lookalike.detection.single_shot import anchors

F32 = np.float32


@pytest.mark.parametrize(
    ("look", "shape"),
    [
        (Look(100), (50, 100)),
        (Look(400), (100, 200)),
        (Look(400, enlarged=1.5), (150, 300)),
        (Look(400, enlarged=9), (200, 400)),
        (Look(100, frame=0.25), (100, 150)),
        (Look(100, step_px=32), (64, 128)),
        (Look(100, frame=0.1, step_px=32), (96, 128)),
    ],
)
def test_how_large_a_picture_of_100_by_200_is_shown(look, shape):
    assert look.show(np.zeros((100, 200, 3), np.uint8)).pixels.shape == (*shape, 3)


@pytest.mark.parametrize(
    "look", [Look(60), Look(300, 2.5), Look(77, frame=0.3), Look(60, step_px=32)]
)
def test_a_mark_is_brought_back_to_where_it_was(look):
    picture = np.zeros((90, 160, 3), np.uint8)
    picture[40:50, 100:110] = 255
    canvas = look.show(picture)
    frame = canvas.pixels[..., 0].astype(float)
    frame[frame <= 128] = 0
    rows, columns = np.indices(frame.shape) + 0.5
    middle = np.array([(columns * frame).sum(), (rows * frame).sum()], F32) / frame.sum()
    np.testing.assert_allclose(canvas.to_picture(middle.astype(F32)), [105, 45], atol=1)


def test_a_picture_of_one_pixel_can_be_shown():
    canvas = Look(600, step_px=32).show(np.full((1, 1, 3), 9, np.uint8))
    assert canvas.pixels.shape == (32, 32, 3)
    assert canvas.pixels.sum() == 27


def test_a_face_seen_twice_counts_once_with_its_better_score():
    def find(pixels):
        # The same face, better seen the smaller the picture is.
        side = F32(pixels.shape[0])
        return np.array([[0.2, 0.2, 0.6, 0.6]], F32) * side, np.array([10 / side], F32)

    boxes, scores = search(np.zeros((200, 200, 3), np.uint8), [Look(200), Look(20)], find)
    np.testing.assert_allclose(boxes, [[40, 40, 120, 120]], atol=0.01)
    assert scores.tolist() == [0.5]


def test_nothing_found_at_any_size_is_no_box():
    def find(_pixels):
        return np.empty((0, 4), F32), np.empty(0, F32)

    boxes, scores = search(np.zeros((9, 9, 3), np.uint8), [Look(9), Look(5)], find)
    assert boxes.shape == (0, 4)
    assert scores.shape == (0,)


def test_a_part_of_a_face_is_no_second_face_but_a_neighbor_is():
    boxes = np.array([[0, 0, 100, 100], [20, 20, 50, 50], [90, 0, 190, 100]], F32)
    assert distinct(boxes, np.array([0.9, 0.8, 0.7], F32), 0.4).tolist() == [0, 2]


def test_anchors_go_row_by_row():
    assert anchors(16, 24, 8).tolist() == [[0, 0], [8, 0], [16, 0], [0, 8], [8, 8], [16, 8]]
    assert anchors(8, 16, 8, 2).tolist() == [[0, 0], [0, 0], [8, 0], [8, 0]]
    assert not anchors(16, 24, 8).flags.writeable

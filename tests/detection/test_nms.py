from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.detection.nms import overlaps, suppress, suppress_on_grid

from .plain_mtcnn import TIE, overlap, suppressed


def boxes_of(n, seed, spread):
    random = np.random.default_rng(seed)
    corner = random.uniform(-spread, spread, (n, 2))
    return np.concatenate([corner, corner + random.uniform(1, 40, (n, 2))], axis=1).astype("f4")


@pytest.mark.parametrize("over", ["union", "smaller"])
def test_overlaps_are_those_of_pairs(over):
    boxes = boxes_of(30, seed=0, spread=20)
    found = overlaps(boxes, over)
    for i, one in enumerate(boxes.astype(float)):
        for j, other in enumerate(boxes.astype(float)):
            expected = overlap(one, other, smaller=over == "smaller")
            assert found[i, j] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("other", "union", "smaller"),
    [
        ([0, 0, 10, 10], 1, 1),
        ([5, 0, 15, 10], 1 / 3, 1 / 2),
        ([2, 2, 7, 7], 1 / 4, 1),
        ([10, 0, 20, 10], 0, 0),
        ([30, 30, 40, 40], 0, 0),
        ([3, 3, 3, 3], 0, 0),
    ],
)
def test_overlap_of_known_boxes(other, union, smaller):
    boxes = np.array([[0, 0, 10, 10], other], np.float32)
    assert overlaps(boxes)[0, 1] == pytest.approx(union)
    assert overlaps(boxes, "smaller")[0, 1] == pytest.approx(smaller)


@given(
    n=st.integers(0, 60),
    seed=st.integers(0, 10_000),
    spread=st.sampled_from([5, 30, 100]),
    threshold=st.sampled_from([0.0, 0.3, 0.5, 0.7, 0.95]),
    over=st.sampled_from(["union", "smaller"]),
)
def test_the_boxes_that_stay_are_those_of_the_greedy_walk(n, seed, spread, threshold, over):
    boxes = boxes_of(n, seed, spread)
    scores = np.random.default_rng(seed + 1).permutation(n).astype(np.float32)
    found = suppress(boxes, scores, threshold + TIE, over)
    expected = suppressed(boxes.astype(float), scores, threshold, smaller=over == "smaller")
    assert found.tolist() == expected


def test_a_long_chain_keeps_every_other_box():
    # Each overlaps its neighbors only: who goes depends on who stays, all the way down.
    left = np.arange(50, dtype=np.float32) * 4
    boxes = np.stack([left, 0 * left, left + 10, 0 * left + 10], axis=1)
    kept = suppress(boxes, -left, 0.4)
    assert kept.tolist() == list(range(0, 50, 2))


def test_equal_scores_keep_the_earlier_box():
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [0, 1, 10, 11]], np.float32)
    assert suppress(boxes, np.full(3, 0.5, np.float32), 0.5).tolist() == [0]


def test_of_many_equal_scores_the_earlier_boxes_stay_in_order():
    # More than sixteen, from where on sorting that is not stable shows.
    corner = np.arange(200, dtype=np.float32)[:, None] * 20 * np.ones(2, np.float32)
    places = np.concatenate([corner, corner + 10], axis=1)
    kept = suppress(np.concatenate([places, places]), np.full(400, 0.5, np.float32), 0.5)
    assert kept.tolist() == list(range(200))


@pytest.mark.parametrize("side", [0.01, 0.5])
@pytest.mark.parametrize("over", ["union", "smaller"])
def test_boxes_of_less_than_a_pixel_overlap_like_large_ones(side, over):
    large = np.array([[0, 0, 12, 12], [4, 0, 16, 12], [0, 0, 12, 6]], np.float32)
    small = large * np.float32(side / 12)
    np.testing.assert_allclose(overlaps(small, over), overlaps(large, over), rtol=1e-5)


@pytest.mark.parametrize(("threshold", "kept"), [(0.49, [0]), (0.5, [0, 1]), (0.51, [0, 1])])
def test_a_box_goes_only_above_the_threshold(threshold, kept):
    boxes = np.array([[0, 0, 12, 12], [4, 0, 16, 12]], np.float32)
    assert overlaps(boxes)[0, 1] == 0.5
    assert suppress(boxes, np.array([2, 1], np.float32), threshold).tolist() == kept


def test_nothing_stays_of_nothing():
    assert suppress(np.empty((0, 4), np.float32), np.empty(0, np.float32), 0.5).shape == (0,)


@given(
    part=st.sampled_from([0.0, 0.02, 0.3, 1.0]),
    seed=st.integers(0, 10_000),
    scale=st.sampled_from([1.0, 2.1333, 7.77]),
)
def test_on_a_grid_the_same_boxes_stay(part, seed, scale):
    random = np.random.default_rng(seed)
    i, j = np.nonzero(random.random((23, 31)) < part)
    corner = np.stack([j, i], axis=1) * 2
    boxes = (np.concatenate([corner, corner + 12], axis=1) * scale).astype(np.float32)
    scores = random.integers(0, 40, len(i)).astype(np.float32)
    found = suppress_on_grid(boxes, scores, 0.5, (i, j))
    assert found.tolist() == suppress(boxes, scores, 0.5).tolist()


@pytest.mark.parametrize("cell", [0, 1, 7])
def test_one_box_stays_wherever_it_stands(cell):
    boxes, scores = np.array([[0, 0, 9, 9]], np.float32), np.ones(1, np.float32)
    at = np.array([cell])
    assert suppress_on_grid(boxes, scores, 0.5, (at, at)).tolist() == [0]

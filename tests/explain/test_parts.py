"""Masks: each part where it belongs, in every template."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.alignment import TEMPLATES, FivePoints
from lookalike.errors import UnknownName
from lookalike.explain.parts import FACE, PARTS, cell_masks, part_masks

FIVE = [name for name, kind in TEMPLATES.items() if isinstance(kind, FivePoints)]


def middle(mask: np.ndarray) -> np.ndarray:
    y, x = np.indices(mask.shape)
    return np.array([(x * mask).sum(), (y * mask).sum()]) / mask.sum()


@pytest.mark.parametrize("name", TEMPLATES)
def test_parts_lie_below_each_other_and_hardly_upon(name):
    masks = part_masks(name)
    assert masks.shape == (7, TEMPLATES[name].size_px, TEMPLATES[name].size_px)
    assert masks.min() >= 0
    assert masks.max() <= 1 + 1e-6
    heights = [middle(mask)[1] for mask in masks if mask.sum() > 1]
    order = dict(zip(PARTS, heights, strict=False)) if len(heights) == 7 else {}
    if order:
        assert order["forehead"] < order["brows"] < order["eyes"] < order["nose"]
        assert order["nose"] < order["mouth"] < order["jaw"]
    # Soft rims overlap a little; whole parts do not.
    assert masks.sum(axis=0).max() < 1.35


@pytest.mark.parametrize("name", FIVE)
def test_eyes_and_mouth_lie_on_the_templates_own_points(name):
    masks = dict(zip(PARTS, part_masks(name), strict=True))
    points = np.rint(np.array(TEMPLATES[name].points)).astype(int)
    for x, y in points[:2]:
        assert masks["eyes"][y, x] > 0.9
    for x, y in points[3:]:
        assert masks["mouth"][y, x] > 0.5
    x, y = points[2]
    assert masks["nose"][y, x] > 0.9


def test_parts_are_symmetric():
    masks = part_masks("dlib-150")
    for mask in masks:
        assert middle(mask)[0] == pytest.approx(middle(masks[3])[0], abs=1.0)


def test_the_face_of_the_polygons_is_that_of_the_templates():
    wanted = TEMPLATES["arcface-112"]
    matrix = wanted.fit(np.array([FACE], np.float32))[0]
    placed = np.array(FACE) @ matrix[:, :2].T + matrix[:, 2]
    assert np.abs(placed - np.array(wanted.points)).max() < 4


def test_cells_cover_the_crop_once():
    masks = cell_masks(30, 3)
    assert masks.shape == (9, 30, 30)
    np.testing.assert_allclose(masks.sum(axis=0), 1, atol=1e-5)
    assert masks[4, 15, 15] == pytest.approx(1, abs=1e-3)
    assert masks[0, 15, 15] == 0


def test_masks_cannot_be_spoiled():
    with pytest.raises(ValueError, match="read-only"):
        part_masks("dlib-150")[0, 0, 0] = 1


def test_there_must_be_such_a_template():
    with pytest.raises(UnknownName):
        part_masks("nothing-1")

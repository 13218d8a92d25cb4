from __future__ import annotations

import numpy as np
import pytest

from lookalike.encoding.views import MOST_VIEWS, views_of
from lookalike.errors import OptionError


@pytest.fixture
def crops():
    return np.random.default_rng(0).integers(0, 256, (3, 30, 30, 3), np.uint8)


def test_one_view_is_the_crop_as_it_is(crops):
    np.testing.assert_array_equal(views_of(crops, 1), crops)


def test_the_second_view_is_the_mirror_image(crops):
    found = views_of(crops, 2)
    np.testing.assert_array_equal(found[:3], crops)
    for crop, mirrored in zip(crops, found[3:], strict=True):
        np.testing.assert_array_equal(mirrored, np.fliplr(crop))


@pytest.mark.parametrize("views", range(1, MOST_VIEWS + 1))
def test_there_are_as_many_views_as_asked_for(crops, views):
    found = views_of(crops, views)
    assert found.shape == (3 * views, 30, 30, 3)
    assert found.dtype == np.uint8
    assert views_of(crops[:0], views).shape == (0, 30, 30, 3)


@pytest.mark.parametrize("views", [-1, 0, MOST_VIEWS + 1])
def test_too_few_or_too_many_views_are_refused(crops, views):
    with pytest.raises(OptionError, match=f"between 1 and {MOST_VIEWS}, got {views}"):
        views_of(crops, views)


def test_more_views_begin_with_the_same_ones(crops):
    np.testing.assert_array_equal(views_of(crops, 9)[: 3 * 4], views_of(crops, 4))


def test_all_views_of_a_face_differ_a_little(astronaut):
    face = np.ascontiguousarray(astronaut.pixels[50:200, 150:300])[None]
    found = views_of(face, MOST_VIEWS).astype(float)
    flat = found.reshape(MOST_VIEWS, -1)
    for pair in range(0, MOST_VIEWS, 2):
        np.testing.assert_array_equal(found[pair + 1], found[pair][:, ::-1])
    for at in range(2, MOST_VIEWS, 2):
        assert 0.8 < np.corrcoef(flat[0], flat[at])[0, 1] < 0.999
    assert len(np.unique(flat, axis=0)) == MOST_VIEWS

"""From a photo to people, with a gallery that was built from photos."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import ImageUnreadable, SpaceMismatch
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.build import build
from lookalike.gallery.gallery import Gallery
from lookalike.pipeline import Finder
from lookalike.testing import FakeAnalyzer, FakeSource
from lookalike.types import Found, Space

VECTORS = {
    b"ada 1": np.eye(8)[0], b"ada 2": np.eye(8)[0] * 2, b"bo": np.eye(8)[1] * 3,
    b"asking": np.eye(8)[0] * 1.25,
}  # fmt: skip


@pytest.fixture
def finder(create):
    file = create()
    people = {"Ada": {"a/1": b"ada 1", "a/2": b"ada 2"}, "Bo": {"b": b"bo"}}
    analyzer = FakeAnalyzer(VECTORS)
    build(file, FakeSource(people), analyzer)
    return Finder(Gallery.open(file.path), analyzer)


def test_people_are_found_with_distance_and_evidence(finder):
    found = finder.find(b"asking")
    ((first, second),) = found
    assert (first.person.name, first.rank, first.distance) == ("Ada", 1, 0.25)
    assert [photo.uri for photo in first.photos] == ["a/1", "a/2"]
    assert (second.person.name, second.rank) == ("Bo", 2)
    assert second.distance == pytest.approx((1.25**2 + 3**2) ** 0.5)
    assert len(found.analysis) == len(found) == 1


def test_options_reach_the_gallery(finder):
    ((match,),) = finder.find(b"asking", FindOptions(1, "sqeuclidean", "mean"))
    assert match.distance == pytest.approx((0.25**2 + 0.75**2) / 2)


def test_a_photo_of_the_gallery_finds_itself_at_distance_zero(finder):
    for data, name in ((b"ada 2", "Ada"), (b"bo", "Bo")):
        (matches,) = finder.find(data)
        assert (matches[0].person.name, matches[0].distance) == (name, 0)


def test_no_face_is_an_answer_and_no_picture_an_error(finder):
    assert len(finder.find(b"nobody")) == 0
    with pytest.raises(ImageUnreadable):
        finder.find(b"broken")


def test_one_bad_photo_does_not_stop_the_others(finder):
    one, two, three, four = finder.find_all([b"bo", b"broken", b"nobody", b"ada 1"])
    assert isinstance(two, ImageUnreadable)
    assert [type(answer) for answer in (one, three, four)] == [Found] * 3
    assert [len(answer) for answer in (one, three, four)] == [1, 0, 1]
    assert one.matches[0][0].person.name == "Bo"
    assert four.matches[0][0].person.name == "Ada"


def test_a_gallery_of_another_encoder_is_refused_at_once(finder):
    with pytest.raises(SpaceMismatch):
        Finder(finder.gallery, FakeAnalyzer(space=Space("fake", 8, "0" * 64)))

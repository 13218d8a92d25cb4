"""Whoever is in most of the photos is the visitor."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import ImageUnreadable, NoFace, OptionError
from lookalike.models.card import card
from lookalike.testing import FakeAnalyzer
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Analysis, Crops, Embeddings, Faces, Image, Space
from lookalike.visitors.choosing import choose_visitor, same_below, visitor_in

#: Three people, far from each other; a photo moves a person by less than 0.2.
ANN, BEN, CLEO = np.eye(8)[:3] * 2


def photo(*people, sizes=None, seed=0):
    """Return what a photo of these people shows; the first is the largest unless sizes say."""
    rng = np.random.default_rng(seed)
    n = len(people)
    vectors = np.array(people).reshape(n, 8) + 0.05 * rng.normal(size=(n, 8))
    sides = np.array(sizes or range(10 * n, 0, -10), float)[:, None]
    boxes = np.hstack([np.zeros((n, 2)), np.broadcast_to(sides, (n, 2))])
    landmarks = np.zeros((n, 5, 2)) + np.arange(5)[None, :, None] * sides[:, None] / 10
    return Analysis(
        Image(np.zeros((64, 64, 3), np.uint8)),
        Faces(boxes.astype("f4"), landmarks.astype("f4"), np.ones(n, "f4")),
        Crops(np.zeros((n, 32, 32, 3), np.uint8), np.zeros((n, 2, 3), "f4"), "fake-32"),
        Embeddings(vectors.astype("f4"), FAKE_SPACE),
    )


BROKEN = ImageUnreadable("the picture is broken")


def chosen(visitor):
    return [one.face for one in visitor.photos]


def test_the_one_in_most_photos_is_the_visitor_however_small():
    looks = [photo(BEN, ANN, seed=1), photo(ANN, seed=2), photo(CLEO, BEN, ANN, seed=3)]
    visitor = choose_visitor(looks, 0.6)
    assert chosen(visitor) == [1, 0, 2]
    assert visitor.agree
    np.testing.assert_allclose(visitor.faces.mean().vectors[0], ANN, atol=0.15)


def test_of_two_who_are_in_all_photos_the_larger_is_the_visitor():
    looks = [photo(ANN, BEN, seed=1), photo(BEN, ANN, sizes=[10, 30], seed=2)]
    assert chosen(choose_visitor(looks, 0.6)) == [0, 1]


def test_a_photo_of_somebody_else_is_named():
    looks = [photo(ANN, seed=1), photo(BEN, seed=2), photo(ANN, seed=3), BROKEN, photo()]
    visitor = choose_visitor(looks, 0.6)
    outcomes = [one.outcome for one in visitor.photos]
    assert outcomes == ["used", "somebody else", "used", "unreadable", "no face"]
    assert len(visitor.faces) == 2
    assert visitor.agree


def test_photos_that_do_not_agree_are_all_used_and_this_is_said():
    looks = [photo(ANN, seed=1), photo(BEN, CLEO, seed=2)]
    visitor = choose_visitor(looks, 0.6)
    assert chosen(visitor) == [0, 0]
    assert not visitor.agree


def test_without_a_measured_distance_the_largest_faces_count():
    looks = [photo(ANN, BEN, seed=1), photo(CLEO, ANN, sizes=[10, 20], seed=2)]
    visitor = choose_visitor(looks, None)
    assert chosen(visitor) == [0, 1]
    assert visitor.agree


def test_nobody_is_used_twice_in_a_photo():
    looks = [photo(ANN, ANN, seed=1), photo(ANN, seed=2), photo(ANN, seed=3)]
    visitor = choose_visitor(looks, 0.6)
    others = np.concatenate([look.embeddings.vectors for look in looks[1:]])
    away = np.linalg.norm(looks[0].embeddings.vectors[:, None] - others, axis=2).mean(axis=1)
    assert chosen(visitor) == [int(np.argmin(away)), 0, 0]
    assert len(visitor.faces) == 3


def test_without_a_face_there_is_no_visitor():
    with pytest.raises(NoFace, match="any of the 2 photos"):
        choose_visitor([photo(), BROKEN], 0.6)
    with pytest.raises(ImageUnreadable):
        choose_visitor([BROKEN, BROKEN], 0.6)
    with pytest.raises(OptionError, match="a photo is needed"):
        visitor_in([], FakeAnalyzer())


def test_the_distance_is_the_one_that_was_measured():
    encoder = card("dlib-resnet-v1")
    measured = [t.distance for t in encoder.calibration
                if (t.metric, t.views, t.fmr) == ("euclidean", 2, 1e-2)]  # fmt: skip
    assert [same_below(encoder.space, 2)] == measured
    assert same_below(encoder.space, 31) is None
    assert same_below(Space("unheard of", 8, "0" * 64), 1) is None

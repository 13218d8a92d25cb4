from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lookalike import types
from lookalike.errors import ArrayError, SpaceMismatch
from lookalike.testing import FakeEncoder
from lookalike.types import (
    Analysis,
    Comparison,
    Crops,
    Embeddings,
    Face,
    Faces,
    Found,
    Image,
    Match,
    Neighbors,
    Person,
    Space,
)

SPACE = FakeEncoder().space


def zeros(*shape, dtype=np.float32):
    return np.zeros(shape, dtype)


def crops_of(n, side=4, template="t"):
    return Crops(zeros(n, side, side, 3, dtype=np.uint8), zeros(n, 2, 3), template)


def faces_of(n):
    return Faces(zeros(n, 4), zeros(n, 5, 2), zeros(n))


def image_of(height=4, width=6):
    return Image(zeros(height, width, 3, dtype=np.uint8))


@pytest.mark.parametrize("name", [n for n in types.__all__ if n != "person_id"])
def test_every_noun_is_frozen_and_has_slots(name):
    noun = getattr(types, name)
    assert noun.__dataclass_params__.frozen
    assert "__slots__" in vars(noun)


WRONG = {
    "image of floats": (
        lambda: Image(zeros(4, 4, 3)),
        r"Image\.pixels must be \(H, W, 3\) uint8, got \(4, 4, 3\) float32",
    ),
    "gray image": (
        lambda: Image(zeros(4, 4, dtype=np.uint8)),
        r"\(H, W, 3\) uint8, got \(4, 4\) uint8",
    ),
    "image with alpha": (lambda: Image(zeros(4, 4, 4, dtype=np.uint8)), r"got \(4, 4, 4\) uint8"),
    "empty image": (lambda: Image(zeros(0, 4, 3, dtype=np.uint8)), "at least one pixel"),
    "image in strides": (
        lambda: Image(zeros(8, 8, 3, dtype=np.uint8)[::2]),
        "must be C-contiguous",
    ),
    "image enlarged": (
        lambda: Image(zeros(4, 4, 3, dtype=np.uint8), 0),
        "reduction must be at least 1, got 0",
    ),
    "list as image": (lambda: Image([[0]]), "Image.pixels must be an ndarray, got list"),
    "face in float64": (
        lambda: Face(zeros(4, dtype=np.float64), zeros(5, 2), 1.0),
        r"Face\.box must be \(4,\) float32, got \(4,\) float64",
    ),
    "face of 68 points": (
        lambda: Face(zeros(4), zeros(68, 2), 1.0),
        r"Face\.landmarks must be \(5, 2\) float32, got \(68, 2\) float32",
    ),
    "boxes of five numbers": (
        lambda: Faces(zeros(2, 5), zeros(2, 5, 2), zeros(2)),
        r"Faces\.boxes must be \(n, 4\) float32, got \(2, 5\) float32",
    ),
    "scores in a column": (
        lambda: Faces(zeros(2, 4), zeros(2, 5, 2), zeros(2, 1)),
        r"Faces\.scores must be \(n,\) float32, got \(2, 1\) float32",
    ),
    "faces of unequal columns": (
        lambda: Faces(zeros(2, 4), zeros(2, 5, 2), zeros(3)),
        r"columns of Faces must .*'boxes': 2, 'landmarks': 2, 'scores': 3",
    ),
    "crops not square": (
        lambda: Crops(zeros(1, 4, 5, 3, dtype=np.uint8), zeros(1, 2, 3), "t"),
        r"must be square, got \(1, 4, 5, 3\)",
    ),
    "crops without transforms": (
        lambda: Crops(zeros(2, 4, 4, 3, dtype=np.uint8), zeros(1, 2, 3), "t"),
        "the columns of Crops must .*'pixels': 2, 'transforms': 1",
    ),
    "crops of floats": (
        lambda: Crops(zeros(1, 4, 4, 3), zeros(1, 2, 3), "t"),
        r"^Crops\.pixels must be \(n, S, S, 3\) uint8, got \(1, 4, 4, 3\) float32",
    ),
    "crops with maps of points": (
        lambda: Crops(zeros(1, 4, 4, 3, dtype=np.uint8), zeros(1, 3, 3), "t"),
        r"^Crops\.transforms must be \(n, 2, 3\) float32, got \(1, 3, 3\) float32",
    ),
    "faces of 68 points": (
        lambda: Faces(zeros(2, 4), zeros(2, 68, 2), zeros(2)),
        r"^Faces\.landmarks must be \(n, 5, 2\) float32, got \(2, 68, 2\) float32",
    ),
    "lists as crops": (lambda: Crops([], zeros(1, 2, 3), "t"), "^Crops.pixels must be an ndarray"),
    "vectors of another length": (
        lambda: Embeddings(zeros(3, 9), SPACE),
        r"Embeddings\.vectors must be \(n, 8\) float32, got \(3, 9\) float32",
    ),
    "neighbors in int32": (
        lambda: Neighbors(zeros(1, 2, dtype=np.int32), zeros(1, 2)),
        r"Neighbors\.rows must be \(n, k\) int64, got \(1, 2\) int32",
    ),
    "neighbors of unequal columns": (
        lambda: Neighbors(zeros(1, 2, dtype=np.int64), zeros(1, 3)),
        r"one shape, got \(1, 2\) and \(1, 3\)",
    ),
    "analysis of unequal columns": (
        lambda: Analysis(image_of(), faces_of(2), crops_of(1), Embeddings(zeros(2, 8), SPACE)),
        "'faces': 2, 'crops': 1, 'embeddings': 2",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_array_says_what_was_expected_and_what_came(case):
    make, message = WRONG[case]
    with pytest.raises(ArrayError, match=message):
        make()


def test_an_image_knows_its_size():
    image = image_of(height=4, width=6)
    assert (image.height, image.width, image.reduction) == (4, 6, 1)


def test_fields_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        image_of().reduction = 2


@pytest.fixture
def three_faces():
    boxes = np.array([[0, 0, 10, 20], [5, 5, 45, 15], [-8, 2, 8, 4]], np.float32)
    landmarks = np.arange(30, dtype=np.float32).reshape(3, 5, 2)
    return Faces(boxes, landmarks, np.array([0.9, 0.8, 0.7], np.float32))


def test_faces_are_gone_through_as_rows(three_faces):
    rows = list(three_faces)
    assert len(rows) == len(three_faces) == 3
    np.testing.assert_array_equal(rows[1].box, three_faces.boxes[1])
    np.testing.assert_array_equal(rows[1].landmarks, three_faces.landmarks[1])
    assert rows[1].score == pytest.approx(0.8)


def test_size_is_the_longer_side(three_faces):
    np.testing.assert_array_equal(three_faces.sizes_px, [20, 40, 16])
    assert [face.size_px for face in three_faces] == [20, 40, 16]
    assert Faces.none().sizes_px.shape == (0,)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([2, 0], [2, 0]),
        ([], []),
        (np.array([False, True, True]), [1, 2]),
        (np.zeros(3, bool), []),
    ],
)
def test_taking_some_faces_keeps_their_columns_together(three_faces, rows, expected):
    taken = three_faces.take(rows)
    np.testing.assert_array_equal(taken.boxes, three_faces.boxes[expected])
    np.testing.assert_array_equal(taken.landmarks, three_faces.landmarks[expected])
    np.testing.assert_array_equal(taken.scores, three_faces.scores[expected])


def test_scaling_moves_boxes_and_landmarks_not_scores(three_faces):
    scaled = three_faces.scaled(2.5)
    np.testing.assert_allclose(scaled.boxes, three_faces.boxes * 2.5)
    np.testing.assert_allclose(scaled.landmarks, three_faces.landmarks * 2.5)
    np.testing.assert_array_equal(scaled.scores, three_faces.scores)
    assert scaled.boxes.dtype == np.float32


def test_crops_are_joined_in_order():
    first, second = crops_of(2), crops_of(1)
    second.pixels[:] = 7
    second.transforms[:] = 3
    joined = Crops.concatenate([first, crops_of(0), second])
    np.testing.assert_array_equal(joined.pixels[:, 0, 0, 0], [0, 0, 7])
    np.testing.assert_array_equal(joined.transforms[:, 0, 0], [0, 0, 3])
    assert joined.template == "t"


@pytest.mark.parametrize(
    "parts", [[], [crops_of(1), crops_of(1, side=5)], [crops_of(1), crops_of(1, template="u")]]
)
def test_crops_that_do_not_belong_together_are_not_joined(parts):
    with pytest.raises(ArrayError, match="crops of one template"):
        Crops.concatenate(parts)


def test_rows_of_embeddings_are_a_view():
    embeddings = Embeddings(np.arange(40, dtype=np.float32).reshape(5, 8), SPACE)
    part = embeddings.rows(1, 3)
    assert len(part) == 2
    assert part.space is SPACE
    assert np.shares_memory(part.vectors, embeddings.vectors)
    np.testing.assert_array_equal(part.vectors, embeddings.vectors[1:3])


def test_the_mean_of_vectors_is_one_row_of_the_same_space():
    rows = np.array([[1e8, 1], [1, 2], [-1e8, 6]], np.float32)
    mean = Embeddings(rows, Space("e", 2, "d")).mean()
    assert mean.space == Space("e", 2, "d")
    assert mean.vectors.dtype == np.float32
    # Single numbers would lose the 1 beside 100,000,000.
    np.testing.assert_allclose(mean.vectors, [[1 / 3, 3]], rtol=1e-6)


def test_a_space_is_itself_by_digest_whatever_its_name():
    Space("one", 8, "a" * 64).require(Space("renamed", 8, "a" * 64))


@pytest.mark.parametrize("other", [Space("one", 8, "b" * 64), Space("one", 9, "a" * 64)])
def test_another_space_is_refused_with_both_names(other):
    with pytest.raises(SpaceMismatch, match=r"\(\d numbers, \w{8}\).*one \(8 numbers, aaaaaaaa\)"):
        Space("one", 8, "a" * 64).require(other)


def test_every_face_found_has_its_matches():
    analysis = Analysis(image_of(), faces_of(2), crops_of(2), Embeddings(zeros(2, 8), SPACE))
    match = Match(Person.named("A"), 0.5, 1)
    found = Found(analysis, ((match,), ()))
    assert len(found) == 2
    assert list(found) == [(match,), ()]
    with pytest.raises(ArrayError, match="'faces': 2, 'matches': 1"):
        Found(analysis, ((match,),))


@pytest.mark.parametrize(
    ("distance", "threshold", "same"),
    [(0.5, 0.6, True), (0.6, 0.6, False), (0.7, 0.6, False), (0.1, None, None)],
)
def test_same_person_is_below_the_threshold(distance, threshold, same):
    assert Comparison(distance, "euclidean", threshold, 1e-3).same_person is same

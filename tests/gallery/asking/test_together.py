"""Several photos as one question: the mean's answer, its stability, and what it means."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from lookalike.errors import ArrayError, NoFace, SpaceMismatch
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.asking.together import _HALVES, halves
from lookalike.gallery.build import build
from lookalike.gallery.gallery import Gallery
from lookalike.pipeline import Finder
from lookalike.search.metrics import Euclidean
from lookalike.search.strangers import fit_strangers
from lookalike.testing import FakeAnalyzer, FakeSource
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings, Space

PEOPLE, PHOTOS = 300, 3


def visitors(n, seed=1, spread=1.0):
    """Return n photos of somebody."""
    rng = np.random.default_rng(seed)
    return (rng.normal(size=8) + spread * rng.normal(size=(n, 8))).astype(np.float32)


@pytest.fixture(scope="module")
def vectors():
    rng = np.random.default_rng(0)
    middles = np.repeat(rng.normal(size=(PEOPLE, 8)), PHOTOS, axis=0)
    return (middles + 0.5 * rng.normal(size=middles.shape)).astype(np.float32)


@pytest.fixture
def gallery(create, record, vectors):
    file = create()
    rows = enumerate(vectors)
    facts = [{"even": at // PHOTOS % 2 == 0} for at in range(len(vectors))]
    file.write([record(f"P{at // PHOTOS:03}", f"{at}", v, facts[at]) for at, v in rows], [])
    return Gallery(file)


def named(matches):
    return [(match.person.id, pytest.approx(match.distance, rel=1e-5)) for match in matches]


@pytest.mark.parametrize("rank", ["nearest", "mean", "centroid"])
@pytest.mark.parametrize("metric", ["euclidean", "cosine", "mahalanobis", "mahalanobis-person"])
def test_the_answer_is_that_of_the_mean(metric, rank, gallery):
    faces, options = Embeddings(visitors(4), FAKE_SPACE), FindOptions(7, metric, rank)
    middle = Embeddings(faces.vectors.mean(axis=0, keepdims=True), FAKE_SPACE)
    (expected,) = gallery.find(middle, options)
    assert [(m.person.id, m.distance) for m in gallery.find_together(faces, options)] == named(
        expected
    )


@pytest.mark.parametrize("n", [2, 3, 5, 6])
def test_stability_is_the_share_of_halves_that_name_a_person_as_high(n, gallery):
    faces, options = visitors(n, seed=n), FindOptions(5)
    answers = []
    for half in combinations(faces, n // 2):
        middle = np.mean(half, axis=0, dtype=np.float64, keepdims=True).astype(np.float32)
        (people,) = gallery.find(Embeddings(middle, FAKE_SPACE), options)
        answers.append([match.person.id for match in people])
    for match in gallery.find_together(Embeddings(faces, FAKE_SPACE), options):
        share = np.mean([match.person.id in half[: match.rank] for half in answers])
        assert match.stability == pytest.approx(share)


def test_photos_that_are_all_the_same_are_wholly_stable(gallery):
    faces = Embeddings(np.repeat(visitors(1), 5, axis=0), FAKE_SPACE)
    assert {match.stability for match in gallery.find_together(faces)} == {1.0}


def test_one_photo_is_answered_as_ever_and_has_no_stability(gallery):
    faces = Embeddings(visitors(1), FAKE_SPACE)
    (expected,) = gallery.find(faces)
    assert gallery.find_together(faces) == expected
    assert {match.stability for match in expected} == {None}


def test_conditions_and_fair_rankings_hold_for_several_photos_too(gallery):
    faces = Embeddings(visitors(4), FAKE_SPACE)
    middle = Embeddings(faces.vectors.mean(axis=0, keepdims=True), FAKE_SPACE)
    for options in (FindOptions(9, where="even = true"), FindOptions(9, fair=True),
                    FindOptions(9, where="born > 3000")):  # fmt: skip
        (expected,) = gallery.find(middle, options)
        found = gallery.find_together(faces, options)
        assert [(m.person.id, m.distance) for m in found] == named(expected)


def test_many_photos_have_many_halves_and_only_some_are_asked():
    faces = visitors(30)
    some = halves(faces)
    assert len(some) == _HALVES
    np.testing.assert_array_equal(some, halves(faces))
    assert len(np.unique(some, axis=0)) == _HALVES
    np.testing.assert_allclose(some.mean(axis=0), faces.mean(axis=0), atol=0.1)


def test_rarity_is_that_among_means_of_strangers(gallery, vectors):
    """Strangers who are drawn again, three photos each, come as near as often as is said."""
    rng = np.random.default_rng(5)
    nearest = []
    for _ in range(400):
        middle = rng.normal(size=8) + (0.5 * rng.normal(size=(3, 8))).mean(axis=0)
        away = np.linalg.norm(vectors - middle.astype("f4"), axis=1)
        nearest.append(away.reshape(PEOPLE, PHOTOS).min(axis=1))
    strangers = np.sort(np.concatenate(nearest))
    faces = Embeddings(visitors(3, 2, 0.5), FAKE_SPACE)
    for match in gallery.find_together(faces, FindOptions(PEOPLE))[::20]:
        share = np.searchsorted(strangers, match.distance) / len(strangers)
        if share > 1e-3:
            assert 1 / match.rarity.one_in == pytest.approx(share, rel=0.3)


def test_a_mean_is_nearer_to_strangers_than_a_photo(vectors):
    from lookalike.gallery.asking.rarity import way_of

    groups = np.arange(len(vectors)) // PHOTOS
    one, several = (
        fit_strangers(vectors, groups, 3, way_of(Euclidean(), "nearest", n), pairs=60_000)
        for n in (1, 3)
    )
    at = np.array([1.5, 2.0, 2.5])
    assert (several.probability(at) > 1.1 * one.probability(at)).all()


def test_more_photos_than_could_be_learned_of_have_no_rarity(gallery):
    for n, known in ((4, True), (5, False)):
        first, *_ = gallery.find_together(Embeddings(visitors(n), FAKE_SPACE))
        assert (first.rarity is not None) == known


def test_faces_of_another_space_and_no_faces_are_refused(gallery):
    other = Space("fake", 8, "0" * 64)
    with pytest.raises(SpaceMismatch):
        gallery.find_together(Embeddings(visitors(2), other))
    with pytest.raises(ArrayError, match="got none"):
        gallery.find_together(Embeddings(visitors(1)[:0], FAKE_SPACE))


def test_the_finder_names_and_passes_over_what_it_cannot_use(create):
    file = create()
    vectors = {b"ada": np.eye(8)[0], b"bo": np.eye(8)[1], b"one": np.eye(8)[0] * 1.25,
               b"two": np.eye(8)[0] * 0.75}  # fmt: skip
    analyzer = FakeAnalyzer(vectors)
    build(file, FakeSource({"Ada": {"a": b"ada"}, "Bo": {"b": b"bo"}}), analyzer)
    finder = Finder(Gallery.open(file.path), analyzer)
    found = finder.find_together([b"one", b"broken", b"two", b"nobody"])
    outcomes = [photo.outcome for photo in found.visitor.photos]
    assert outcomes == ["used", "unreadable", "used", "no face"]
    assert [(m.person.name, m.stability) for m in found] == [("Ada", 1.0), ("Bo", 1.0)]
    assert (found.matches[0].distance, found.stability, found.among) == (0, 1.0, 2)
    assert found.stands_out() is None
    with pytest.raises(NoFace):
        finder.find_together([b"nobody", b"broken"])

"""Whoever has thousands of photos hides nobody, on any index, in any way of ranking."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from lookalike.errors import OptionError
from lookalike.gallery.asking.people_search import (
    Pool,
    direct_people,
    first_photos,
    mean_people,
    nearest_people,
)
from lookalike.gallery.asking.ranking import EVIDENCE, FindOptions, centroids
from lookalike.search.choice import BITS
from lookalike.search.making import make_index
from lookalike.search.metrics import Cosine, Euclidean
from lookalike.search.options import IndexOptions
from lookalike.testing.fakes import FakeIndex

KINDS = [(kind, bits) for kind, known in BITS.items() for bits in known]
MANY, OTHERS, D = 4000, 60, 16


@pytest.fixture(scope="module")
def crowd():
    """Return photos of one person about the middle, and of 60 people far away; queries; counts."""
    rng = np.random.default_rng(0)
    counts = np.concatenate([[MANY], rng.integers(1, 40, OTHERS)])
    middles = np.concatenate([np.zeros((1, D)), 3 + rng.normal(size=(OTHERS, D))])
    groups = rng.permutation(np.repeat(np.arange(OTHERS + 1), counts))
    vectors = (middles[groups] + rng.normal(size=(len(groups), D))).astype(np.float32)
    queries = (0.1 + rng.normal(size=(3, D))).astype(np.float32)
    return vectors, groups, queries


def by_loops(crowd, rank, k, allowed=None):
    """Rank people by the definition, in float64."""
    vectors, groups, queries = crowd
    answers = []
    for query in queries.astype("f8"):
        ranked = []
        for group in range(groups.max() + 1) if allowed is None else np.flatnonzero(allowed):
            own = vectors[groups == group].astype("f8")
            away = np.sort(cdist([query], own)[0])
            far = {"nearest": away[0], "mean": away[:EVIDENCE].mean()}
            ranked.append((far[rank], group))
        answers.append(sorted(ranked)[:k])
    return answers


def said(answers):
    return [[(one.distance, one.group) for one in people] for people in answers]


def same(found, expected, rel=1e-5):
    for ours, theirs in zip(said(found), expected, strict=True):
        assert [group for _, group in ours] == [group for _, group in theirs]
        assert [d for d, _ in ours] == pytest.approx([d for d, _ in theirs], rel=rel)


@pytest.mark.parametrize("rank", ["nearest", "mean"])
@pytest.mark.parametrize(("kind", "bits"), KINDS)
def test_k_people_are_found_beyond_thousands_of_photos_of_one(kind, bits, rank, crowd):
    vectors, groups, queries = crowd
    index = make_index(vectors, Euclidean(), IndexOptions(kind, bits))
    pool = Pool(groups, np.bincount(groups))
    search = {"nearest": nearest_people, "mean": mean_people}[rank]
    for k in (1, 2, 10, OTHERS + 1, 1000):
        # Cells and graphs may miss one of the thousands, which moves a distance, not a person.
        rel = 1e-5 if kind == "exact" else 0.1
        same(search(index, queries, pool, k), by_loops(crowd, rank, k), rel)


@pytest.mark.parametrize("rank", ["nearest", "mean"])
@pytest.mark.parametrize("numbers", [True, False], ids=["numbers", "mask"])
def test_only_who_is_in_the_pool_is_found(rank, numbers, crowd):
    vectors, groups, queries = crowd
    people = np.arange(OTHERS + 1) % 3 == 1
    photos = people[groups]
    pool = Pool(groups, np.bincount(groups), people, np.flatnonzero(photos) if numbers else photos)
    index = make_index(vectors, Euclidean(), IndexOptions("exact"))
    search = {"nearest": nearest_people, "mean": mean_people}[rank]
    for k in (1, 7, 100):
        same(search(index, queries, pool, k), by_loops(crowd, rank, k, people))
    nobody = np.zeros(OTHERS + 1, bool)
    empty = Pool(groups, np.bincount(groups), nobody, np.flatnonzero(nobody[groups]))
    assert search(index, queries, empty, 5) == [[], [], []]


def test_rows_that_are_people_come_with_their_first_photos(crowd):
    vectors, groups, queries = crowd
    counts = np.bincount(groups)
    firsts = first_photos(groups, counts)
    index = make_index(centroids(vectors, groups), Cosine())
    for people in direct_people(index, queries, Pool(groups, counts), 20, firsts):
        assert len(people) == 20
        for one in people:
            assert list(one.faces) == np.flatnonzero(groups == one.group)[:EVIDENCE].tolist()


def test_of_all_people_only_the_pool_is_found_and_everybody_once(crowd):
    vectors, groups, queries = crowd
    counts, middles = np.bincount(groups), centroids(vectors, groups)
    index, firsts = make_index(middles, Euclidean()), first_photos(groups, counts)
    away = cdist(queries.astype("f8"), middles.astype("f8"))
    for people in (None, np.arange(OTHERS + 1) % 3 == 0):
        pool = Pool(groups, counts, people)
        for found, far in zip(direct_people(index, queries, pool, 1000, firsts), away, strict=True):
            expected = [at for at in np.argsort(far) if people is None or people[at]]
            assert [one.group for one in found] == expected
            assert [one.distance for one in found] == pytest.approx(far[expected], rel=1e-5)
            for one in found:
                assert list(one.faces) == np.flatnonzero(groups == one.group)[:EVIDENCE].tolist()


@pytest.mark.parametrize(
    ("groups", "firsts"),
    [([0], [[0, -1, -1]]), ([1, 0, 1, 1, 1, 0], [[1, 5, -1], [0, 2, 3]])],
)
def test_first_photos_are_padded(groups, firsts):
    groups = np.array(groups, np.int64)
    assert first_photos(groups, np.bincount(groups)).tolist() == firsts


@pytest.mark.parametrize(
    "options",
    [{"k": 0}, {"rank": "best"}, {"sure": 0.499}, {"sure": 1.001}, {"where": "born >"}],
)
def test_what_cannot_be_asked_for_is_refused(options):
    with pytest.raises(OptionError):
        FindOptions(**options)


def test_an_unknown_ranking_brings_the_known_ones():
    with pytest.raises(OptionError) as caught:
        FindOptions(rank="best")
    assert caught.value.hint == "known: nearest, mean, centroid"


def test_the_edges_can_be_asked_for():
    for options in ({"k": 1}, {"sure": 0.5}, {"sure": 1}, {"rank": "centroid"}, {"where": "a = 1"}):
        FindOptions(**options)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_centroid_is_the_mean_of_somebodys_photos(count):
    rng = np.random.default_rng(count)
    groups = rng.permutation(np.repeat(np.arange(count), np.arange(count) % 3 + 1))
    vectors = rng.normal(size=(len(groups), 5)).astype(np.float32)
    found = centroids(vectors, groups)
    assert (found.shape, found.dtype) == ((count, 5), np.float32)
    for person, middle in enumerate(found):
        own = vectors[groups == person].astype("f8")
        np.testing.assert_allclose(middle, own.mean(axis=0), rtol=1e-5)


class Counting(FakeIndex):
    """Counts how many photos it was asked for, at most."""

    most = 0

    def search(self, queries, k, rows=None):
        self.most = max(self.most, k * len(queries))
        return super().search(queries, k, rows)


@pytest.mark.parametrize("search", [nearest_people, mean_people])
def test_an_easy_question_does_not_look_at_everything(search):
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(1000), 4)
    vectors = (rng.normal(size=(1000, 8))[groups] + 0.1 * rng.normal(size=(4000, 8))).astype("f4")
    index = Counting(vectors)
    search(index, vectors[:1], Pool(groups, np.bincount(groups)), 3)
    assert 0 < index.most < 1000


def small(seed):
    """Return a few people of a few photos each, and questions that are photos of theirs."""
    rng = np.random.default_rng(seed)
    groups = rng.permutation(np.repeat(np.arange(12), rng.integers(1, 7, 12)))
    vectors = rng.normal(size=(len(groups), 4)).astype(np.float32)
    return vectors, groups, vectors[:4]


def told(vectors, groups, query, rank):
    """Say of everybody how far away, who, and by which photos: by the definition."""
    away = cdist([query.astype("f8")], vectors.astype("f8"), "sqeuclidean")[0]
    people = []
    for group in range(groups.max() + 1):
        own = np.flatnonzero(groups == group)
        faces = own[np.argsort(away[own], kind="stable")][:EVIDENCE]
        far = away[faces[0]] if rank == "nearest" else away[faces].mean()
        people.append((far, group, faces.tolist()))
    return sorted(people)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("rank", ["nearest", "mean"])
def test_the_nearest_photos_speak_for_a_person(rank, seed):
    vectors, groups, queries = small(seed)
    pool, index = Pool(groups, np.bincount(groups)), FakeIndex(vectors)
    search = {"nearest": nearest_people, "mean": mean_people}[rank]
    for k in (1, 3, 100):
        for found, query in zip(search(index, queries, pool, k), queries, strict=True):
            expected = told(vectors, groups, query, rank)[:k]
            same([found], [[one[:2] for one in expected]])
            for one, (_, _, faces) in zip(found, expected, strict=True):
                # Of the nearest, as many as had to be looked at.
                seen = len(faces) if rank == "mean" or k == 100 else max(1, len(one.faces))
                assert list(one.faces) == faces[:seen]


@pytest.mark.parametrize("search", [nearest_people, mean_people])
def test_one_photo_is_a_gallery(search):
    only = np.ones((1, 4), np.float32)
    groups = np.zeros(1, np.int64)
    ((one,),) = search(FakeIndex(only), 2 * only, Pool(groups, np.bincount(groups)), 5)
    assert (one.group, one.distance, one.faces) == (0, 4, (0,))


def test_whoever_was_added_first_is_first_of_equals_that_had_not_come_up():
    groups = np.array([1] * 30 + [0])
    same_for_all = np.ones((31, 4), np.float32)
    pool = Pool(groups, np.bincount(groups))
    ((one,),) = mean_people(FakeIndex(same_for_all), same_for_all[:1] + 1, pool, 1)
    assert one.group == 0

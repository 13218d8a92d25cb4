"""People are ranked as plain loops over all photos rank them."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from lookalike.errors import GalleryEmpty, OptionError, SpaceMismatch, UnknownName
from lookalike.gallery.asking.ranking import EVIDENCE, FindOptions, centroids
from lookalike.gallery.gallery import Gallery
from lookalike.images import encode_jpeg
from lookalike.search.mahalanobis import PersonMahalanobis, within_person_covariance
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings, Space

METRICS = ["euclidean", "sqeuclidean", "cosine", "mahalanobis"]
RANKS = ["nearest", "mean", "centroid"]


def vectors(n, seed, scale=1.0):
    return (scale * np.random.default_rng(seed).normal(size=(n, 8))).astype(np.float32)


@pytest.fixture
def people():
    """Return 12 people with one to twelve photos each that scatter about the person's middle."""
    middles = vectors(12, 1)
    return {f"Person {at:02}": middles[at] + vectors(at + 1, 100 + at, 0.5) for at in range(12)}


QUERIES = Embeddings(vectors(6, 2), FAKE_SPACE)


def between(metric, one, other, people):
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if metric != "mahalanobis":
        return cdist(one, other, metric)
    rows = np.concatenate(list(people.values()))
    groups = np.repeat(np.arange(len(people)), [len(own) for own in people.values()])
    inverse = np.linalg.inv(within_person_covariance(rows, groups))
    return cdist(one, other, "mahalanobis", VI=inverse)


def by_loops(people, metric, rank, k):
    """Rank people for each query by the definition; photos nearest first."""
    answers = []
    for query in QUERIES.vectors:
        ranked = []
        for name, own in people.items():
            away = between(metric, [query], own, people)[0]
            nearest = np.argsort(away, kind="stable")
            if rank == "nearest":
                distance = away.min()
            elif rank == "mean":
                distance = away[nearest[:EVIDENCE]].mean()
            else:
                middle = own.astype(np.float64).mean(axis=0)
                distance = between(metric, [query], [middle], people)[0, 0]
            ranked.append((distance, name, [f"{name}/{at}.jpg" for at in nearest]))
        answers.append(sorted(ranked)[:k])
    return answers


@pytest.mark.parametrize("k", [1, 5, 12, 40])
@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("metric", METRICS)
def test_people_come_in_the_order_of_their_distance(metric, rank, k, people, gallery_of):
    found = gallery_of(people).find(QUERIES, FindOptions(k, metric, rank))
    expected = by_loops(people, metric, rank, k)
    assert len(found) == len(QUERIES)
    for matches, ranked in zip(found, expected, strict=True):
        assert [match.person.name for match in matches] == [name for _, name, _ in ranked]
        np.testing.assert_allclose(
            [match.distance for match in matches], [away for away, _, _ in ranked], rtol=2e-5
        )
        assert [match.rank for match in matches] == list(range(1, min(k, 12) + 1))


@pytest.mark.parametrize("rank", ["nearest", "mean"])
def test_the_evidence_is_the_persons_nearest_photos_in_order(rank, people, gallery_of):
    found = gallery_of(people).find(QUERIES, FindOptions(12, "euclidean", rank))
    for matches, ranked in zip(found, by_loops(people, "euclidean", rank, 12), strict=True):
        for match, (_, _, photos) in zip(matches, ranked, strict=True):
            uris = [photo.uri for photo in match.photos]
            assert 1 <= len(uris) <= EVIDENCE
            assert uris == photos[: len(uris)]
            if rank == "mean":
                assert len(uris) == min(EVIDENCE, len(photos))


def test_the_evidence_of_a_centroid_is_the_persons_own(people, gallery_of):
    for matches in gallery_of(people).find(QUERIES, FindOptions(12, rank="centroid")):
        for match in matches:
            own = [f"{match.person.name}/{at}.jpg" for at in range(EVIDENCE)]
            assert [photo.uri for photo in match.photos] == own[: len(people[match.person.name])]


def test_people_with_very_many_photos_do_not_hide_the_others(gallery_of):
    # The nearest thousand photos all show one person.
    people = {"Many": vectors(1000, 3, 0.01) + QUERIES.vectors[0]}
    people |= {f"Few {at}": vectors(1, 10 + at) + 3 for at in range(6)}
    found = gallery_of(people).find(QUERIES, FindOptions(5))
    for matches, ranked in zip(found, by_loops(people, "euclidean", "nearest", 5), strict=True):
        assert [match.person.name for match in matches] == [name for _, name, _ in ranked]
        np.testing.assert_allclose(
            [match.distance for match in matches], [away for away, _, _ in ranked], rtol=1e-5
        )


def test_one_by_one_is_as_good_as_together(people, gallery_of):
    gallery = gallery_of(people)
    for rank in RANKS:
        options = FindOptions(4, rank=rank)
        together = gallery.find(QUERIES, options)
        for at, matches in enumerate(together):
            (alone,) = gallery.find(QUERIES.rows(at, at + 1), options)
            assert [(m.person, m.rank) for m in alone] == [(m.person, m.rank) for m in matches]
            np.testing.assert_allclose(
                [m.distance for m in alone], [m.distance for m in matches], rtol=1e-5
            )


def test_each_person_can_be_measured_by_the_persons_own_variance(people, gallery_of):
    rows = np.concatenate(list(people.values()))
    groups = np.repeat(np.arange(12), np.arange(1, 13))
    expected = PersonMahalanobis.fit(rows, groups).search(QUERIES.vectors, 4)
    found = gallery_of(people).find(QUERIES, FindOptions(4, "mahalanobis-person"))
    names = list(people)
    for matches, order, distances in zip(found, expected.rows, expected.distances, strict=True):
        assert [match.person.name for match in matches] == [names[at] for at in order]
        np.testing.assert_allclose([match.distance for match in matches], distances, rtol=1e-6)


def test_the_well_known_are_ranked_unless_everyone_is_asked_for(people, gallery_of):
    known = {name: at % 3 == 0 for at, name in enumerate(people)}
    gallery = gallery_of(people, known=known)
    famous = {name: own for name, own in people.items() if known[name]}
    for everyone, expected in ((False, famous), (True, people)):
        found = gallery.find(QUERIES, FindOptions(40, everyone=everyone))
        for matches, ranked in zip(
            found, by_loops(expected, "euclidean", "nearest", 40), strict=True
        ):
            assert [match.person.name for match in matches] == [name for _, name, _ in ranked]
    assert len(gallery.people) == 12


def test_everybody_helps_to_tell_how_photos_scatter_also_who_is_not_ranked(people, gallery_of):
    gallery = gallery_of(people, known=dict.fromkeys(list(people)[:4], True))
    found = gallery.find(QUERIES, FindOptions(1, "mahalanobis"))
    nearest = min(
        between("mahalanobis", QUERIES.vectors[:1], people[name], people).min()
        for name in list(people)[:4]
    )
    np.testing.assert_allclose(found[0][0].distance, nearest, rtol=1e-5)


@pytest.mark.parametrize("known", [None, {"A": False, "B": False}])
def test_where_nobody_is_well_known_everybody_is_ranked(known, gallery_of):
    gallery = gallery_of({"A": vectors(2, 1), "B": vectors(2, 2)}, known=known)
    assert len(gallery.find(QUERIES)[0]) == 2


@pytest.mark.parametrize("metric", [*METRICS, "mahalanobis-person"])
def test_eight_threads_get_the_same_answers(metric, people, gallery_of):
    options = [FindOptions(5, metric, rank) for rank in RANKS] * 8
    one = gallery_of(people)
    expected = [one.find(QUERIES, option) for option in options]
    shared = Gallery.open(one.file.path)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda option: shared.find(QUERIES, option), options))
    assert answers == expected


def test_no_faces_no_matches(people, gallery_of):
    gallery = gallery_of(people)
    for rank in RANKS:
        assert gallery.find(QUERIES.rows(0, 0), FindOptions(rank=rank)) == []


def test_faces_of_another_encoder_are_not_compared(people, gallery_of):
    other = Embeddings(QUERIES.vectors, Space("fake", 8, "0" * 64))
    with pytest.raises(SpaceMismatch) as caught:
        gallery_of(people).find(other)
    assert caught.value.hint


def test_an_empty_gallery_cannot_be_asked(gallery_of):
    with pytest.raises(GalleryEmpty) as caught:
        gallery_of({}).find(QUERIES)
    assert "lookalike gallery build" in caught.value.hint


def test_an_unknown_metric_is_told_with_those_there_are(people, gallery_of):
    with pytest.raises(UnknownName) as caught:
        gallery_of(people).find(QUERIES, FindOptions(metric="euklidean"))
    assert "euclidean" in caught.value.hint


@pytest.mark.parametrize("metric", ["mahalanobis", "mahalanobis-person"])
def test_a_metric_that_cannot_be_fitted_says_what_to_do(metric, gallery_of):
    gallery = gallery_of({"A": vectors(1, 1), "B": vectors(1, 2)})
    with pytest.raises(OptionError) as caught:
        gallery.find(QUERIES, FindOptions(metric=metric))
    assert "--metric euclidean" in caught.value.hint


@pytest.mark.parametrize("wrong", [{"k": 0}, {"k": -3}, {"rank": "best"}])
def test_options_out_of_their_range_are_refused(wrong):
    with pytest.raises(OptionError, match=next(iter(wrong))):
        FindOptions(**wrong)


def test_centroids_are_means(people):
    rows = np.concatenate(list(people.values()))
    groups = np.repeat(np.arange(12), np.arange(1, 13))
    shuffled = np.random.default_rng(0).permutation(len(rows))
    expected = [own.astype(np.float64).mean(axis=0) for own in people.values()]
    found = centroids(rows[shuffled], groups[shuffled])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)


def test_the_portrait_of_a_match_is_that_of_its_nearest_photo(create, record):
    file = create()
    shades = {"A": (40, 80), "B": (120, 160)}
    records = []
    for name, values in shades.items():
        for at, value in enumerate(values):
            one = record(name, f"{name}/{at}", np.full(8, value))
            gray = encode_jpeg(np.full((200, 200, 3), value, np.uint8))
            records.append(dataclasses.replace(one, thumbnail=gray))
    file.write(records, [])
    gallery = Gallery(file)
    for shade in (40, 80, 120, 160):
        asked = Embeddings(np.full((1, 8), shade, np.float32), FAKE_SPACE)
        ((match, _),) = gallery.find(asked, FindOptions(2))
        picture = gallery.portrait(match, 64)
        assert picture.shape == (64, 64, 3)
        assert abs(float(picture.mean()) - shade) < 2


def test_what_is_added_later_is_seen_by_a_gallery_that_is_opened_later(gallery_of, record):
    gallery = gallery_of({"A": vectors(2, 1)})
    assert [person.name for person in gallery.people] == ["A"]
    gallery.file.write([record("B", "b.jpg")], [])
    assert [person.name for person in gallery.people] == ["A"]
    with Gallery.open(gallery.file.path) as later:
        assert [person.name for person in later.people] == ["A", "B"]

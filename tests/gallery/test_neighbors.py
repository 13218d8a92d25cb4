"""Who looks like whom, against all distances at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from lookalike.errors import GalleryEmpty, OptionError, UnknownName
from lookalike.gallery import between, neighbors
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.neighbors import each_pair_once, meaning, neighborhoods
from lookalike.search.mahalanobis import PersonMahalanobis, within_person_covariance


@pytest.fixture
def crowd(gallery_of):
    """Twenty-three people with one to six photos each."""
    rng = np.random.default_rng(5)
    return gallery_of(
        {
            f"Person {n}": rng.normal(size=8) + 0.3 * rng.normal(size=(1 + n % 6, 8))
            for n in range(23)
        }
    )


def everyones(gallery: Gallery, metric: str, rank: str) -> np.ndarray:
    """Return the distances between all people, by the definition."""
    columns = gallery.columns(everyone=True)
    groups, vectors = columns.groups, columns.vectors.astype(np.float64)
    size = len(columns.people)
    means = np.stack([vectors[groups == n].mean(axis=0) for n in range(size)])
    extra = {}
    if metric == "mahalanobis":
        extra = {"VI": np.linalg.inv(within_person_covariance(columns.vectors, groups))}
    if rank == "centroid":
        return cdist(means, means, metric, **extra)
    found = np.zeros((size, size))
    every = cdist(vectors, vectors, metric, **extra)
    for a in range(size):
        for b in range(size):
            pairs = np.sort(every[np.ix_(groups == a, groups == b)], axis=None)
            found[a, b] = pairs[: 3 if rank == "mean" else 1].mean()
    return found


@pytest.mark.parametrize("budget", [1, 400, 1 << 24])
@pytest.mark.parametrize("rank", ["nearest", "mean", "centroid"])
@pytest.mark.parametrize("metric", ["euclidean", "sqeuclidean", "cosine", "mahalanobis"])
def test_the_nearest_are_the_nearest(crowd, monkeypatch, metric, rank, budget):
    monkeypatch.setattr(between, "_BUDGET", budget)
    answers = neighborhoods(crowd, FindOptions(4, metric, rank))
    expected = everyones(crowd, metric, rank)
    np.fill_diagonal(expected, np.inf)
    people = {p.id: n for n, p in enumerate(crowd.people)}
    assert len(answers) == len(people)
    assert [one.distance for one in answers] == sorted(one.distance for one in answers)
    for one in answers:
        mine = expected[people[one.person.id]]
        assert [n.distance for n in one.neighbors] == pytest.approx(np.sort(mine)[:4], rel=1e-4)
        for other in one.neighbors:
            assert other.distance == pytest.approx(mine[people[other.person.id]], rel=1e-4)


def test_faces_are_the_evidence(crowd):
    columns = crowd.columns(everyone=True)
    for one in neighborhoods(crowd, FindOptions(2, rank="mean")):
        for other in one.neighbors:
            lengths = []
            for mine, theirs in other.faces:
                assert columns.people[columns.groups[mine]].id == one.person.id
                assert columns.people[columns.groups[theirs]].id == other.person.id
                lengths.append(np.linalg.norm(columns.vectors[mine] - columns.vectors[theirs]))
            assert lengths == sorted(lengths)
            assert np.mean(lengths) == pytest.approx(other.distance, rel=1e-5)


@pytest.mark.parametrize("budget", [1, 1 << 23])
def test_models_of_people(crowd, monkeypatch, budget):
    monkeypatch.setattr(neighbors, "_BUDGET", budget)
    columns = crowd.columns(everyone=True)
    model = PersonMahalanobis.fit(columns.vectors, columns.groups)
    means = np.stack([columns.vectors[columns.groups == n].mean(axis=0) for n in range(23)])
    spread = ((means[:, None] - model.means) ** 2 / model.variances).sum(axis=2)
    np.fill_diagonal(spread, np.inf)
    people = {p.id: n for n, p in enumerate(crowd.people)}
    for one in neighborhoods(crowd, FindOptions(3, "mahalanobis-person")):
        mine = np.sqrt(spread[people[one.person.id]])
        assert [n.distance for n in one.neighbors] == pytest.approx(np.sort(mine)[:3], rel=1e-3)
        assert one.person.id not in [n.person.id for n in one.neighbors]


def test_a_photo_under_two_names_is_found_at_nothing(gallery_of):
    same, rng = np.arange(8.0), np.random.default_rng(1)
    gallery = gallery_of({"A": [same], "B": [same], "C": rng.normal(size=(3, 8))})
    first, second, _ = neighborhoods(gallery)
    assert {first.person.name, second.person.name} == {"A", "B"}
    assert first.distance == second.distance == 0
    assert len(first.neighbors) == 2


def test_each_pair_is_told_once(gallery_of):
    gallery = gallery_of({"A": [np.zeros(8)], "B": [np.ones(8)], "C": [np.full(8, 3.0)]})
    found = neighborhoods(gallery)
    assert [one.person.name for one in each_pair_once(found)] == ["A", "C"]


def test_only_those_who_were_asked_for(crowd):
    asked = ["person-7", "person-3"]
    found = neighborhoods(crowd, of=asked)
    assert {one.person.id for one in found} == set(asked)
    every = {one.person.id: one for one in neighborhoods(crowd)}
    assert all(one.neighbors == every[one.person.id].neighbors for one in found)
    steps = []
    neighborhoods(crowd, of=asked, step=lambda: steps.append(1))
    assert len(steps) == 2


def test_the_well_known_and_those_who_left(gallery_of):
    vectors = {name: [np.full(8, n)] for n, name in enumerate(("A", "B", "C", "D"))}
    gallery = gallery_of(vectors, known={"A": True, "C": True, "D": True})
    assert {one.person.name for one in neighborhoods(gallery)} == {"A", "C", "D"}
    everybody = neighborhoods(gallery, FindOptions(everyone=True))
    assert {one.person.name for one in everybody} == set("ABCD")
    with pytest.raises(OptionError, match="not among those"):
        neighborhoods(gallery, of=["b"])
    left = Gallery(gallery.file, {"c"})
    assert {one.person.name for one in neighborhoods(left)} == {"A", "D"}


def test_too_few_and_unknown(gallery_of):
    gallery = gallery_of({"A": [np.zeros(8)]})
    with pytest.raises(GalleryEmpty, match="two people"):
        neighborhoods(gallery)


def test_an_unknown_metric(crowd):
    with pytest.raises(UnknownName):
        neighborhoods(crowd, FindOptions(metric="cosin"))


@pytest.mark.parametrize("rank", ["nearest", "mean", "centroid"])
def test_the_meaning_is_said(rank):
    said = meaning(FindOptions(rank=rank, metric="cosine"))
    assert said.startswith("cosine distance")
    assert "photos" in said
    assert "model" in meaning(FindOptions(metric="mahalanobis-person"))


def test_memory_is_bounded(crowd, monkeypatch):
    """No matrix of all photos by all photos."""
    monkeypatch.setattr(between, "_BUDGET", 200)
    columns = crowd.columns(everyone=True)
    seen = []
    block = between.Between._block

    def watched(self, people, most, slack):
        seen.append(most * len(columns.groups))
        return block(self, people, most, slack)

    monkeypatch.setattr(between.Between, "_block", watched)
    neighborhoods(crowd)
    assert len(seen) > 5
    assert max(seen) <= 200

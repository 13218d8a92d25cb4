"""Every photo asks: against doing it one by one with the house's own indexes."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import EvaluationError, OptionError, UnknownName
from lookalike.evaluation import ways as ways_module
from lookalike.evaluation.asked import KEPT
from lookalike.evaluation.asking import RANKS, Way, measure_asked, steps, usual_metrics, ways
from lookalike.gallery.asking.people_search import Pool, mean_people
from lookalike.gallery.asking.ranking import centroids
from lookalike.search.exact import ExactIndex
from lookalike.search.mahalanobis import PersonMahalanobis, PooledMahalanobis
from lookalike.search.metrics import Cosine, Euclidean

COUNTS = [4, 1, 3, 2, 5, 1, 2, 6, 3]


def left_out(columns, row):
    """Return vectors and people without one photo; people keep their numbers."""
    keep = np.arange(len(columns.groups)) != row
    return columns.vectors[keep], columns.groups[keep]


def by_hand(columns, row, metric, rank):
    """Return the distance of one photo to everybody, with what a search has."""
    vectors, groups = left_out(columns, row)
    query, found = columns.vectors[[row]], np.full(len(columns.people), np.inf)
    shown, numbered = np.unique(groups, return_inverse=True)
    if rank == "centroid":
        index = ExactIndex(centroids(vectors, numbered), metric)
        neighbors = index.search(query, len(shown))
        found[shown[neighbors.rows[0]]] = neighbors.distances[0]
    elif rank == "mean":
        pool = Pool(numbered, np.bincount(numbered))
        for one in mean_people(ExactIndex(vectors, metric), query, pool, len(shown))[0]:
            found[shown[one.group]] = one.distance
    else:
        neighbors = ExactIndex(vectors, metric).search(query, len(vectors))
        np.minimum.at(found, groups[neighbors.rows[0]], neighbors.distances[0])
    return found


def check(answers, columns, expected):
    """Hold what was answered against distances to everybody, photo by photo."""
    for row, distances in enumerate(expected):
        own = columns.groups[row]
        others = np.delete(distances, own)
        assert answers.own[row] == pytest.approx(distances[own], rel=1e-4)
        assert answers.other[row] == pytest.approx(others.min(), rel=1e-4)
        place = 0 if np.isinf(distances[own]) else 1 + (others <= distances[own]).sum()
        assert answers.place[row] == place
        order = np.argsort(distances, kind="stable")[:KEPT]
        known = np.isfinite(distances[order])
        assert answers.top[row].tolist() == np.where(known, order, -1).tolist()
        np.testing.assert_allclose(answers.distances[row], distances[order], rtol=1e-4)


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("metric", [Euclidean(), Cosine()])
def test_metrics_as_they_are(metric, rank, crowd, header) -> None:
    columns = crowd(COUNTS)
    asked = measure_asked(columns, header, [Way(metric.name, rank)])
    rows = range(len(columns.groups))
    expected = [by_hand(columns, row, metric, rank) for row in rows]
    check(asked.answers[0], columns, expected)


@pytest.mark.parametrize("rank", RANKS)
def test_pooled_mahalanobis_has_not_seen_the_asking_person(rank, crowd, header) -> None:
    columns = crowd(COUNTS, within=0.8)
    asked = measure_asked(columns, header, [Way("mahalanobis", rank)])
    expected = []
    for row, own in enumerate(columns.groups):
        seen = columns.groups != own
        if columns.counts[own] == 1:
            seen[:] = True
        groups = np.unique(columns.groups[seen], return_inverse=True)[1]
        metric = PooledMahalanobis.fit(columns.vectors[seen], groups)
        expected.append(by_hand(columns, row, metric, rank))
    check(asked.answers[0], columns, expected)


def test_of_many_people_several_are_left_out_at_a_time(crowd, header, monkeypatch) -> None:
    monkeypatch.setattr(ways_module, "FITS", 3)
    columns = crowd(COUNTS, within=0.8)
    fitted = []
    original = PooledMahalanobis.fit.__func__
    monkeypatch.setattr(
        PooledMahalanobis,
        "fit",
        classmethod(lambda kind, v, g: fitted.append(len(v)) or original(kind, v, g)),
    )
    asked = measure_asked(columns, header, [Way("mahalanobis"), Way("mahalanobis", "mean")])
    # Once for both rankings: three parts, and those whom nobody has to leave out.
    assert len(fitted) == 4
    assert (asked.answers[0].place > 0).sum() == (columns.counts[columns.groups] > 1).sum()


def test_a_model_of_each_person_has_not_seen_the_asking_photo(crowd, header) -> None:
    columns = crowd([3] * 6)
    asked = measure_asked(columns, header, [Way("mahalanobis-person", "model")])
    order = np.argsort(columns.groups, kind="stable")
    turn = np.empty(len(order), int)
    turn[order] = np.arange(len(order)) % 3
    expected = []
    for row in range(len(order)):
        keep = turn != turn[row]
        model = PersonMahalanobis.fit(columns.vectors[keep], columns.groups[keep])
        found = np.full(6, np.inf)
        neighbors = model.search(columns.vectors[[row]], 6)
        found[neighbors.rows[0]] = neighbors.distances[0]
        expected.append(found)
    check(asked.answers[0], columns, expected)


def test_a_model_of_one_photo_is_not_asked_by_that_photo(crowd, header) -> None:
    columns = crowd([1, 4, 4, 1])
    answers = measure_asked(columns, header, [Way("mahalanobis-person", "model")]).answers[0]
    alone = columns.counts[columns.groups] == 1
    np.testing.assert_array_equal(np.isinf(answers.own), alone)
    np.testing.assert_array_equal(answers.place == 0, alone)
    assert (answers.top[alone, -1] == -1).all()


def test_what_is_compared_with_the_first_is_kept(crowd, header) -> None:
    columns = crowd(COUNTS)
    asked = measure_asked(columns, header, ways(["euclidean", "cosine"], ["nearest"]))
    first, other = asked.answers
    np.testing.assert_array_equal(first.of_first, first.distances)
    for row in range(len(columns.groups)):
        distances = by_hand(columns, row, Cosine(), "nearest")
        top = first.top[row]
        expected = np.where(top >= 0, distances[top], np.inf)
        np.testing.assert_allclose(other.of_first[row], expected, atol=1e-6)


def test_of_two_people_at_one_distance_the_wrong_one_is_first(crowd, header) -> None:
    columns = crowd([2, 2])
    columns.vectors[:] = 1
    answers = measure_asked(columns, header, [Way("euclidean")]).answers[0]
    assert answers.place.tolist() == [2] * 4


def test_progress_is_said_and_ways_are_listed(crowd, header) -> None:
    columns, times = crowd(COUNTS), []
    wanted = ways(["euclidean", "mahalanobis-person", "euclidean"], RANKS)
    assert [(way.metric, way.rank) for way in wanted] == [
        *(("euclidean", rank) for rank in RANKS), ("mahalanobis-person", "model"),
    ]  # fmt: skip
    measure_asked(columns, header, wanted, on_block=lambda: times.append(1))
    assert len(times) >= steps(columns, wanted)


def test_metrics_that_cannot_be_fitted_are_not_usual(crowd, header) -> None:
    few = crowd([2, 1, 1, 1])
    assert usual_metrics(few) == ("euclidean", "cosine")
    assert "mahalanobis" in usual_metrics(crowd([4] * 10))
    with pytest.raises(OptionError, match="several photos"):
        measure_asked(few, header, [Way("mahalanobis")])


@pytest.mark.parametrize("counts", [[5], [1, 1, 1], []])
def test_somebody_must_be_there_to_be_found(counts, crowd, header) -> None:
    with pytest.raises(EvaluationError, match="without the asking photo"):
        measure_asked(crowd(counts), header, [Way("euclidean")])


def test_wrong_names_are_refused() -> None:
    with pytest.raises(OptionError, match="no ranking named 'best'"):
        ways(["euclidean"], ["best"])
    with pytest.raises(UnknownName):
        ways(["euclid"], ["nearest"])

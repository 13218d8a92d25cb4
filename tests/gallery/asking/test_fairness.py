"""Who is near to everybody counts as farther away; nobody else moves."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from lookalike.errors import OptionError
from lookalike.gallery.asking.fairness import closeness, reordered
from lookalike.gallery.asking.ranking import FindOptions, Ranked
from lookalike.gallery.gallery import Gallery
from lookalike.search.metrics import ready_made
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings


@pytest.fixture
def file(create, record):
    """Return a gallery with somebody in the middle of everybody."""
    file = create()
    rng = np.random.default_rng(0)
    records = [record("Hub", "hub", np.zeros(8))]
    for at in range(120):
        middle = rng.normal(size=8)
        middle *= 2 / np.linalg.norm(middle)
        records += [
            record(f"P{at:03}", f"{at}/{k}", middle + rng.normal(0, 0.2, 8))
            for k in range(1 + at % 2)
        ]
    file.write(records, [])
    return file


def askers(count=300):
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(count, 8))
    rows *= rng.uniform(0.8, 1.6, (count, 1)) / np.linalg.norm(rows, axis=1, keepdims=True)
    return Embeddings(rows.astype(np.float32), FAKE_SPACE)


@pytest.mark.parametrize("rank", ["nearest", "mean", "centroid"])
def test_a_hub_is_named_less_often_and_others_in_its_place(rank, file):
    gallery = Gallery(file)
    plain, fair = (
        Counter(
            matches[0].person.name
            for matches in gallery.find(askers(), FindOptions(1, rank=rank, fair=one))
        )
        for one in (False, True)
    )
    assert plain["Hub"] > 100
    assert fair["Hub"] < 0.75 * plain["Hub"]
    assert len(fair) > len(plain)


def test_distances_and_numbers_of_matches_stay(file):
    gallery = Gallery(file)
    plain = gallery.find(askers(5), FindOptions(121))
    fair = gallery.find(askers(5), FindOptions(121, fair=True))
    for one, other in zip(plain, fair, strict=True):
        assert {m.person.id: m.distance for m in one} == {m.person.id: m.distance for m in other}
        assert [m.rank for m in other] == list(range(1, 122))


def test_closeness_is_the_mean_over_the_nearest_strangers(file):
    columns = Gallery(file).columns(everyone=True)
    near = closeness(columns, columns, ready_made("euclidean"))
    _, firsts = np.unique(columns.groups, return_index=True)
    for person in (0, 1, 2, 57):
        own = columns.vectors[columns.groups == person].astype(float)
        others = columns.vectors[firsts[firsts != firsts[person]]].astype(float)
        away = np.linalg.norm(others[:, None] - own[None], axis=2).min(axis=1)
        assert near[person] == pytest.approx(np.sort(away)[:30].mean(), rel=1e-4)


def test_reordering_takes_what_is_near_to_strangers_off():
    people = [Ranked(0, 1.0, (0,)), Ranked(1, 1.1, (1,)), Ranked(2, 1.5, (2,))]
    near = np.array([0.5, 0.9, 0.6])
    assert [one.group for one in reordered(people, near, 2)] == [1, 0]


def test_models_of_single_persons_have_no_fair_ranking(create, record):
    file = create()
    rng = np.random.default_rng(2)
    file.write(
        [record(f"P{at}", f"{at}/{k}", rng.normal(size=8)) for at in range(4) for k in range(5)], []
    )
    with pytest.raises(OptionError, match="no fair ranking"):
        Gallery(file).find(askers(1), FindOptions(metric="mahalanobis-person", fair=True))


def test_two_people_are_enough(create, record):
    file = create()
    file.write([record("A", "a", np.zeros(8)), record("B", "b", np.ones(8))], [])
    found = Gallery(file).find(askers(3), FindOptions(2, fair=True))
    assert [len(matches) for matches in found] == [2, 2, 2]

"""The small parts: names, links, halves, copies, distances."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lookalike.gallery.audit import confidence
from lookalike.gallery.audit.copies import nearest_copies
from lookalike.gallery.audit.distances import apart, medians, thinned
from lookalike.gallery.audit.halves import smaller_half
from lookalike.gallery.audit.links import CannotLinks
from lookalike.gallery.audit.names import alike
from lookalike.types import Photo

RNG = np.random.default_rng(3)


@pytest.mark.parametrize(
    ("one", "two"),
    [("Selena", "Selena Gomez"), ("Tom Hanks 2", "tom_hanks"), ("Фёдор", "Фёдор Бондарчук")],
)
def test_contained_names_are_alike(one: str, two: str) -> None:
    assert alike(one, two) == alike(two, one) == 1


def test_other_names_are_not() -> None:
    assert alike("Selena Gomez", "Serena Williams") == 0
    assert alike("2", "3") == 0
    assert 0.3 < alike("Katharine Hepburn", "Katherine Hepburn") < 1


def photos(*ids: str) -> list[Photo]:
    return [Photo(one, f"{one}.jpg") for one in ids]


def test_faces_of_one_photo_are_linked_in_both_directions() -> None:
    links = CannotLinks(photos("a", "b", "a", "a"), np.eye(4, dtype=np.float32))
    pairs = set(zip(links.faces.tolist(), links.others.tolist(), strict=True))
    assert pairs == {(0, 2), (2, 0), (0, 3), (3, 0), (2, 3), (3, 2)}
    assert links.people(np.array([0, 1, 5, -1])) == {(0, 5), (5, 0)}


def test_the_same_face_filed_twice_is_no_proof() -> None:
    vectors = np.ones((2, 4), np.float32)
    assert not len(CannotLinks(photos("a", "a"), vectors).faces)


def test_of_two_faces_under_one_name_the_worse_one_yields() -> None:
    links = CannotLinks(photos("a", "a", "b"), np.eye(3, dtype=np.float32))
    assert links.weaker(np.zeros(3, int), np.array([0.2, 0.9, 0.0])).tolist() == [
        True,
        False,
        False,
    ]
    assert links.weaker(np.zeros(3, int), np.zeros(3)).tolist() == [False, True, False]
    assert not links.weaker(np.array([0, 1, 0]), np.zeros(3)).any()
    assert not links.weaker(np.full(3, -1), np.zeros(3)).any()


def test_halves_are_where_people_differ() -> None:
    rows = RNG.normal(0, 1, (12, 6)).astype(np.float32)
    rows[:5, 0] += 8
    part = smaller_half(rows, np.array([9.0, 1, 1, 1, 1, 1]))
    assert part is not None
    assert part.tolist() == [True] * 5 + [False] * 7


def test_equal_rows_have_no_halves() -> None:
    assert smaller_half(np.ones((4, 3), np.float32), np.ones(3)) is None
    assert smaller_half(np.ones((1, 3), np.float32), np.ones(3)) is None


@pytest.mark.parametrize("block", [7, 1 << 23])
def test_copies_are_those_of_all_pairs(block: int, monkeypatch) -> None:
    monkeypatch.setattr("lookalike.gallery.audit.copies._BUDGET", block)
    vectors = RNG.normal(5, 1, (60, 4)).astype(np.float32)
    vectors[50:] = vectors[:10] + RNG.normal(0, 1e-3, (10, 4)).astype(np.float32)
    groups = RNG.integers(0, 4, 60)
    every = apart(vectors, np.arange(60), np.arange(60))
    every[groups[:, None] == groups] = np.inf
    nearest, distances = nearest_copies(vectors, groups, 0.7)
    there = every.min(axis=1) <= 0.7
    assert 5 < there.sum() < 60
    assert np.array_equal(nearest >= 0, there)
    assert np.array_equal(nearest[there], every.argmin(axis=1)[there])
    assert np.allclose(distances[there], every.min(axis=1)[there])
    assert np.isinf(distances[~there]).all()


def test_medians_need_pairs() -> None:
    one = np.zeros((1, 3), np.float32)
    assert all(map(math.isnan, medians(one, np.zeros(1, int))))
    within, between = medians(np.eye(3, dtype=np.float32), np.arange(3))
    assert math.isnan(within)
    assert between == pytest.approx(math.sqrt(2))


def test_medians_are_about_those_of_all_pairs(crowd) -> None:
    columns = crowd([10] * 30)
    every = apart(columns.vectors, np.arange(300), np.arange(300))
    same = columns.groups[:, None] == columns.groups
    upper = np.triu(np.ones((300, 300), bool), 1)
    within, between = medians(columns.vectors, columns.groups)
    assert within == pytest.approx(np.median(every[same & upper]), rel=0.03)
    assert between == pytest.approx(np.median(every[~same & upper]), rel=0.03)


def test_thinning_keeps_what_is_few() -> None:
    assert len(thinned(np.arange(0))) == 0
    assert len(thinned(np.arange(200))) == 200
    assert 100 <= len(thinned(np.arange(1001))) <= 200


def test_confidences_stay_in_range_and_grow_with_the_evidence() -> None:
    ratios = np.linspace(-1e6, 1e6, 101)
    zero, no = np.zeros(101), np.zeros(101, bool)
    curves = [
        confidence.relabel(ratios, ratios, -ratios, alone=no),
        confidence.alien(-ratios, zero, alone=no),
        confidence.one_person(ratios, zero, zero, single=no),
        confidence.two_people(-ratios, -ratios),
        confidence.same_picture(-ratios),
    ]
    for curve in curves:
        assert (np.diff(curve) >= 0).all()
        assert 0 <= curve[0] < 0.5 < curve[-1] <= 0.99


def test_names_add_nothing_where_faces_differ() -> None:
    weak, none = np.array([-1.0]), np.array([0.0])
    one = confidence.one_person(weak, none, np.array([1.0]), single=np.array([False]))
    two = confidence.one_person(weak, none, none, single=np.array([False]))
    assert one == two < 0.1

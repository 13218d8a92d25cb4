"""Rows that come and go after an index was built."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from lookalike.search import growing
from lookalike.search.exact import ExactIndex
from lookalike.search.growing import GrowingIndex, outgrown, places_now
from lookalike.search.inverted_lists import IvfIndex
from lookalike.search.kept import Rows, open_index
from lookalike.search.metrics import Cosine, Euclidean
from lookalike.search.options import IndexOptions

BEFORE = 2000
IVF = IndexOptions("ivf", threads=1)


@pytest.fixture(scope="module")
def built():
    """Return a function that builds an index over the same rows only once: they take long."""
    there = {}

    def building(kind, rows, metric):
        key = (kind, metric.name, rows.tobytes())
        if key not in there:
            there[key] = kind(rows, metric)
        return there[key]

    return building


def grown(kind, before, gone, new, metric):
    """Return an index over what is left of some rows and new ones, and all rows as they are."""
    left = np.delete(np.arange(len(before)), gone)
    now = np.concatenate([before[left], new])
    places = np.full(len(before), -1, np.int64)
    places[left] = np.arange(len(left))
    return GrowingIndex(kind(before, metric), places, now, metric), now


@pytest.mark.parametrize("metric", [Euclidean(), Cosine()], ids=lambda metric: metric.name)
@pytest.mark.parametrize("kind", [ExactIndex, IvfIndex])
@pytest.mark.parametrize(
    ("gone", "new"), [([], 0), ([], 30), ([0], 0), (range(50), 1), (range(5, 400), 90)]
)
def test_what_is_gone_is_not_found_and_what_is_new_is(gone, new, kind, metric, vectors, built):
    before = vectors(BEFORE, 12, 1)
    index, now = grown(partial(built, kind), before, list(gone), vectors(new, 12, 2), metric)
    assert len(index) == len(now)
    assert index.changed == len(gone) + new
    queries = np.concatenate([vectors(10, 12, 3), before[:5], vectors(new, 12, 2)[:5]])
    expected = ExactIndex(now, metric)
    for k in (1, 10, 60):
        found, wanted = index.search(queries, k), expected.search(queries, k)
        hits = [len(np.intersect1d(a, b)) / k for a, b in zip(found.rows, wanted.rows, strict=True)]
        assert np.mean(hits) >= (1 if kind is ExactIndex else 0.98)
        assert (np.diff(found.distances, axis=1) >= 0).all()
    for mask in (np.arange(len(now)) % 7 == 0, np.arange(len(now)) > len(now) - 20):
        found, wanted = index.search(queries, 8, mask), expected.search(queries, 8, mask)
        np.testing.assert_array_equal(found.rows, wanted.rows)
        np.testing.assert_array_equal(found.distances, wanted.distances)


def test_all_nearest_may_be_gone(vectors):
    before = vectors(BEFORE, 12, 1)
    query = before[:1]
    nearest = ExactIndex(before, Euclidean()).search(query, 200).rows[0]
    index, now = grown(ExactIndex, before, np.sort(nearest), vectors(0, 12, 2), Euclidean())
    found, wanted = index.search(query, 10), ExactIndex(now, Euclidean()).search(query, 10)
    np.testing.assert_array_equal(found.rows, wanted.rows)


def test_everything_may_be_gone(vectors):
    before = vectors(30, 4, 1)
    index, _ = grown(ExactIndex, before, np.arange(30), vectors(0, 4, 2), Euclidean())
    assert len(index) == 0
    assert (index.search(before, 3).rows == -1).all()
    index, now = grown(ExactIndex, before, np.arange(30), vectors(2, 4, 2), Euclidean())
    assert index.search(now, 3).rows[:, 0].tolist() == [0, 1]


def test_rows_are_found_again_by_id_and_content():
    ids, stamps = np.array([5, 3, 8, 1]), np.array([50, 30, 80, 10], np.uint64)
    now, stamps_now = np.array([8, 9, 1, 3]), np.array([80, 90, 11, 30], np.uint64)
    # 5 is gone, 1 has other numbers in it.
    assert places_now(ids, stamps, now, stamps_now).tolist() == [-1, 3, 0, -1]
    assert places_now(ids, stamps, now[:0], stamps_now[:0]).tolist() == [-1] * 4
    assert places_now(ids[:0], stamps[:0], now, stamps_now).tolist() == []


@pytest.mark.parametrize(
    ("changed", "rows", "answer"),
    [
        (0, 0, False),
        (1000, 10, False),
        (1001, 10, True),
        (9_999, 100_000, False),
        (10_001, 100_000, True),
    ],
)
def test_a_tenth_may_change(changed, rows, answer):
    assert outgrown(changed, rows) is answer


def made(vectors, ids):
    return Rows(vectors[ids], np.asarray(ids), "space", "photos", int(ids[-1]))


def test_a_kept_index_is_brought_up_to_date_without_building(vectors, tmp_path, monkeypatch):
    everything = vectors(3000, 16, 1)
    open_index(made(everything, np.arange(BEFORE)), Euclidean(), IVF, tmp_path)
    (path,) = tmp_path.iterdir()
    written = path.stat().st_mtime_ns

    some = made(everything, np.r_[3:700, 703:2100])
    opened = open_index(some, Euclidean(), IVF, tmp_path)
    assert opened.note == ""
    assert isinstance(opened.index, GrowingIndex)
    assert opened.index.changed == 3 + 3 + 100
    assert path.stat().st_mtime_ns == written
    queries = vectors(20, 16, 2)
    found, wanted = (
        opened.index.search(queries, 5),
        ExactIndex(some.vectors, Euclidean()).search(queries, 5),
    )
    np.testing.assert_array_equal(found.rows, wanted.rows)

    monkeypatch.setattr(growing, "CHANGED_ROWS", 100)
    many = made(everything, np.arange(3000))
    opened = open_index(many, Euclidean(), IVF, tmp_path)
    assert opened.note == "Many rows have changed, and the index was built again."
    assert path.stat().st_mtime_ns > written
    assert open_index(many, Euclidean(), IVF, tmp_path).note == ""


def test_a_row_with_other_numbers_is_new(vectors, tmp_path):
    rows = made(vectors(BEFORE, 16, 1), np.arange(BEFORE))
    open_index(rows, Euclidean(), IVF, tmp_path)
    rows.vectors[70] += 5
    opened = open_index(rows, Euclidean(), IVF, tmp_path)
    assert isinstance(opened.index, GrowingIndex)
    found = opened.index.search(rows.vectors[70:71], 1)
    assert found.rows.tolist() == [[70]]
    assert found.distances.tolist() == [[0]]


def test_the_order_of_rows_may_change(vectors, tmp_path):
    everything = vectors(BEFORE, 16, 1)
    open_index(made(everything, np.arange(BEFORE)), Euclidean(), IVF, tmp_path)
    backward = made(everything, np.arange(BEFORE)[::-1])
    opened = open_index(backward, Euclidean(), IVF, tmp_path)
    assert opened.note == ""
    assert opened.index.search(everything[:3], 1).rows[:, 0].tolist() == [1999, 1998, 1997]

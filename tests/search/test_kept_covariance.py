"""The covariance is estimated again when a tenth has changed, not at every photo."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.search import choice, kept, kept_covariance
from lookalike.search.kept import Rows, open_index
from lookalike.search.mahalanobis import PooledMahalanobis, within_person_covariance

N, D = 4000, 8


def rows_of(count, seed=0):
    rng = np.random.default_rng(seed)
    groups = np.arange(count) // 4
    scale = np.geomspace(0.2, 2, D)
    vectors = rng.normal(size=(count // 4 + 1, D))[groups] + scale * rng.normal(size=(count, D))
    return Rows(vectors.astype(np.float32), np.arange(count), "s", "everyone", count), groups


def more(rows, groups, count):
    """Add photos of somebody new."""
    vectors = np.random.default_rng(9).normal(size=(count, D)).astype(np.float32)
    grown = Rows(
        np.concatenate([rows.vectors, vectors]),
        np.arange(len(rows.ids) + count),
        rows.space,
        rows.view,
        rows.generation + 1,
    )
    return grown, np.concatenate([groups, np.full(count, groups[-1] + 1)])


@pytest.fixture(autouse=True)
def many(monkeypatch):
    """Let a few rows count as many."""
    monkeypatch.setattr(choice, "EXACT_NUMBERS", 1000)


def test_it_is_the_same_until_much_has_changed(tmp_path):
    rows, groups = rows_of(N)
    first = kept_covariance.kept_covariance(rows, groups, tmp_path)
    np.testing.assert_array_equal(first, within_person_covariance(rows.vectors, groups))
    grown, members = more(rows, groups, 900)
    again = kept_covariance.kept_covariance(grown, members, tmp_path)
    np.testing.assert_array_equal(again, first)
    outgrown, members = more(rows, groups, 1100)
    fresh = kept_covariance.kept_covariance(outgrown, members, tmp_path)
    np.testing.assert_array_equal(fresh, within_person_covariance(outgrown.vectors, members))
    assert not np.array_equal(fresh, first)


def test_the_index_over_it_grows_and_answers_as_a_new_one(tmp_path, monkeypatch):
    rows, groups = rows_of(N)
    metric = PooledMahalanobis(kept_covariance.kept_covariance(rows, groups, tmp_path))
    open_index(rows, metric, folder=tmp_path)
    grown, members = more(rows, groups, 50)
    built = []
    make = kept.make_index
    monkeypatch.setattr(kept, "make_index", lambda *given: built.append(1) or make(*given))
    metric = PooledMahalanobis(kept_covariance.kept_covariance(grown, members, tmp_path))
    index = open_index(grown, metric, folder=tmp_path).index
    assert not built
    queries = grown.vectors[-30:]
    found, whole = (one.search(queries, 5) for one in (index, make(grown.vectors, metric)))
    np.testing.assert_array_equal(found.rows[:, 0], np.arange(len(grown.ids) - 30, len(grown.ids)))
    np.testing.assert_allclose(found.distances, whole.distances, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("harm", ["cut", "flipped", "other shape", "no covariance"])
def test_a_wrong_file_is_not_believed(tmp_path, harm):
    rows, groups = rows_of(N)
    right = kept_covariance.kept_covariance(rows, groups, tmp_path)
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    if harm == "cut":
        path.write_bytes(data[:-100])
    elif harm == "flipped":
        path.write_bytes(data[:-50] + bytes([data[-50] ^ 1]) + data[-49:])
    else:
        wrong = {"other shape": np.eye(D + 1), "no covariance": -np.eye(D)}[harm]
        file = kept_covariance.IndexFile(path)
        stamps = kept_covariance.row_stamps(rows.vectors)
        stamp = kept_covariance.Stamp("s", "mahalanobis", "everyone", "covariance", 64, N)
        assert file.write(stamp, {"ids": rows.ids, "stamps": stamps, "covariance": wrong})
    np.testing.assert_array_equal(kept_covariance.kept_covariance(rows, groups, tmp_path), right)


def test_few_rows_or_no_folder_keep_nothing(tmp_path, monkeypatch):
    rows, groups = rows_of(N)
    kept_covariance.kept_covariance(rows, groups)
    monkeypatch.setattr(choice, "EXACT_NUMBERS", N * D)
    kept_covariance.kept_covariance(rows, groups, tmp_path)
    assert not list(tmp_path.iterdir())

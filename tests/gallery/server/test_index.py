"""The database finds what is near, also under a condition; and nobody who shall not be found."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lookalike.errors import ArrayError
from lookalike.gallery import care
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.opening import create_store, open_store
from lookalike.gallery.records import Header
from lookalike.gallery.server.index import PgvectorIndex
from lookalike.search.metrics import Euclidean, SquaredEuclidean
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings, Space

N_PEOPLE = 300


@pytest.fixture
def filled(address, record):
    """Return the address of a gallery of 600 faces, searched by the database."""
    store = create_store(address, Header(FAKE_SPACE, "fake-32", 1))
    rng = np.random.default_rng(5)
    store.write(
        [
            record(
                f"P {person}",
                f"{person}/{at}.jpg",
                rng.normal(size=8),
                {"gender": ("female", "male")[person % 2], "well_known": person % 3 == 0},
            )
            for person in range(N_PEOPLE)
            for at in range(2)
        ],
        [],
    )
    store.close()
    return f"{address}&index=pgvector"


@pytest.fixture
def asked():
    return Embeddings(np.random.default_rng(6).normal(size=(8, 8)).astype("f4"), FAKE_SPACE)


def test_the_database_answers_as_memory_does(filled, asked):
    memory = filled.replace("&index=pgvector", "")
    choices = itertools.product(
        ("euclidean", "sqeuclidean", "cosine", "mahalanobis"),
        ("nearest", "mean", "centroid"),
        ("", "gender = 'female'", "name = 'P 3' or name = 'P 8'"),
        (True, False),
    )
    with Gallery.open(filled) as one, Gallery.open(memory) as other:
        for metric, rank, where, everyone in choices:
            options = FindOptions(metric=metric, rank=rank, where=where, everyone=everyone, k=5)
            for found, wanted in zip(
                one.find(asked, options), other.find(asked, options), strict=True
            ):
                assert [m.person for m in found] == [m.person for m in wanted], options
                assert [m.photos for m in found] == [m.photos for m in wanted], options
                np.testing.assert_allclose(
                    [m.distance for m in found], [m.distance for m in wanted], rtol=1e-5, atol=1e-5
                )


def test_who_has_opted_out_or_is_hidden_is_not_found(filled, asked):
    store = open_store(filled, writable=True)
    first = Gallery(store).find(asked, FindOptions(everyone=True))[0][0].person
    gallery = Gallery(store, {first.id})
    found = gallery.find(asked, FindOptions(everyone=True, k=N_PEOPLE))[0]
    assert len(found) == N_PEOPLE - 1
    assert first not in [match.person for match in found]
    care.erase(store, [first.id])
    assert len(Gallery(store).find(asked, FindOptions(everyone=True, k=N_PEOPLE))[0]) == 299
    store.close()


def test_rows_and_masks_choose_rows(filled):
    store = open_store(filled)
    columns = store.columns()
    index = PgvectorIndex.over(store, columns.numbers, Euclidean())
    query = columns.vectors[7:8]
    assert index.search(query, 1).rows.tolist() == [[7]]
    assert index.search(query, 1).distances.tolist() == [[0.0]]
    mask = np.zeros(len(index), bool)
    mask[[3, 9]] = True
    for rows in (mask, np.array([9, 3])):
        found = index.search(query, 5, rows)
        assert sorted(found.rows[0].tolist()) == [-1, -1, -1, 3, 9]
        assert np.isinf(found.distances[0, 2:]).all()
    squared = PgvectorIndex.over(store, columns.numbers, SquaredEuclidean())
    np.testing.assert_allclose(
        squared.search(query, 9).distances, index.search(query, 9).distances ** 2, rtol=1e-5
    )
    with pytest.raises(ArrayError):
        index.search(np.zeros((1, 9), np.float32), 1)
    store.close()


def test_vectors_too_long_for_a_graph_are_compared_one_by_one(address, record):
    long = Space("long", 2100, "0" * 64)
    store = create_store(address, Header(long, "fake-32", 1))
    rng = np.random.default_rng(1)
    store.write([record(f"P {at}", f"{at}.jpg", rng.normal(size=2100)) for at in range(20)], [])
    columns = store.columns()
    index = PgvectorIndex.over(store, columns.numbers, Euclidean())
    assert index.search(columns.vectors, 1).rows.ravel().tolist() == list(range(20))
    store.close()

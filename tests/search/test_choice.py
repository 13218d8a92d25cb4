"""Which index is chosen, and with how many threads it works."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import threadpoolctl

from lookalike.errors import OptionError
from lookalike.registry import load, names
from lookalike.search import products, threads
from lookalike.search.choice import BITS, EXACT_NUMBERS, choose
from lookalike.search.options import IndexOptions
from lookalike.search.threads import LARGE_BATCH, blas_threads, faiss_threads, threads_for


@pytest.mark.parametrize(
    ("n", "d", "kind"),
    [
        (0, 128, "exact"),
        (1462, 128, "exact"),
        (EXACT_NUMBERS // 128, 128, "exact"),
        (EXACT_NUMBERS // 128 + 1, 128, "ivf"),
        (EXACT_NUMBERS // 512 + 1, 512, "ivf"),
        (460_000, 128, "ivf"),
    ],
)
def test_the_number_of_numbers_decides(n, d, kind):
    choice = choose(n, d)
    assert (choice.kind, choice.bits) == (kind, BITS[kind][0])
    assert f"{n:,} rows" in choice.reason
    assert choice.reason.endswith(".")


@pytest.mark.parametrize("kind", BITS)
@pytest.mark.parametrize("n", [10, 460_000])
def test_what_is_asked_for_is_chosen(kind, n):
    for bits in BITS[kind]:
        choice = choose(n, 128, IndexOptions(kind, bits))
        assert (choice.kind, choice.bits) == (kind, bits)
    assert choose(n, 128, IndexOptions(kind)).bits == BITS[kind][0]


@pytest.mark.parametrize(
    ("n", "bits", "chosen"),
    [
        (10, 4, ("exact", 32)),
        (10, 8, ("exact", 8)),
        (460_000, 8, ("ivf", 8)),
        (460_000, 4, ("ivf", 4)),
        (460_000, 32, ("exact", 32)),
    ],
)
def test_bits_alone_can_be_asked_for(n, bits, chosen):
    choice = choose(n, 128, IndexOptions(bits=bits))
    assert (choice.kind, choice.bits) == chosen


@pytest.mark.parametrize(("kind", "bits"), [("exact", 4), ("hnsw", 4)])
def test_bits_that_a_kind_does_not_know_are_refused(kind, bits):
    with pytest.raises(OptionError, match=f"{kind!r} has no {bits} bits"):
        choose(10, 8, IndexOptions(kind, bits))


@pytest.mark.parametrize("wrong", [{"kind": "annoy"}, {"bits": 16}, {"threads": 0}])
def test_options_are_checked(wrong):
    with pytest.raises(OptionError):
        IndexOptions(**wrong)


def test_every_kind_is_in_the_registry():
    assert names("index") == tuple(BITS)
    for kind in BITS:
        assert callable(load("index", kind))


def test_one_thread_until_a_batch_is_large():
    assert threads_for(1, None) == threads_for(LARGE_BATCH - 1, None) == 1
    assert threads_for(LARGE_BATCH, None) >= 1
    assert threads_for(1000, 1) == 1
    assert threads_for(1, 3) == 3


def blas_now():
    return {pool["num_threads"] for pool in threads._blas().info()}


def test_the_limit_of_matrix_products_is_set_back():
    before = blas_now()
    with blas_threads(1):
        assert blas_now() == {1}
    assert blas_now() == before


def test_limits_at_the_same_time_are_set_back_by_the_last():
    with threadpoolctl.threadpool_limits(2, "blas"):
        before = blas_now()

        def other():
            with blas_threads(2):
                assert blas_now() == {1}

        with blas_threads(1):
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
            assert blas_now() == {1}
        assert blas_now() == before


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("queries", [0, 1, 4, 5])
@pytest.mark.parametrize(("n", "d"), [(0, 3), (1, 9), (910, 9), (1820, 9), (2000, 9), (5, 9000)])
def test_products_are_those_of_numpy(n, d, queries, threads, vectors):
    one, other = vectors(queries, d, 1), vectors(n, d, 2)
    found = products.products(one, other, threads)
    np.testing.assert_allclose(found, one.astype("f8") @ other.T.astype("f8"), atol=1e-3)


def test_one_query_keeps_other_cores_free(vectors):
    rows, query = vectors(60_000, 64, 1), vectors(1, 64, 2)
    products.products(query, rows, 1)
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(100):
        products.products(query, rows, 1)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert cpu <= 1.2 * wall


def test_the_limit_of_faiss_is_of_one_thread_only():
    import faiss

    def elsewhere() -> int:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(faiss.omp_get_max_threads).result()

    # Other libraries may have set a limit of their own in this thread.
    before, usual = faiss.omp_get_max_threads(), elsewhere()
    with faiss_threads(before + 3):
        assert faiss.omp_get_max_threads() == before + 3
        assert elsewhere() == usual
    assert faiss.omp_get_max_threads() == before


def test_small_searches_start_no_threads(vectors):
    import faiss

    from lookalike.search.making import make_index
    from lookalike.search.metrics import Euclidean

    index = make_index(vectors(3000, 40, 1), Euclidean(), IndexOptions("ivf"))
    used = []
    search = index.shortcut._codes.search

    class Watched:
        def search(self, *args, **options):
            used.append(faiss.omp_get_max_threads())
            return search(*args, **options)

    index.shortcut._codes = Watched()
    before = faiss.omp_get_max_threads()
    index.search(vectors(1, 40, 2), 5)
    index.search(np.repeat(vectors(1, 40, 2), LARGE_BATCH, axis=0), 5)
    assert used[0] == 1
    assert faiss.omp_get_max_threads() == before

"""How many threads a search may use, without others noticing.

A server answers many small questions at a time, and each on one thread is quickest then. Only a
large batch is worth more.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import threading
from typing import TYPE_CHECKING, Any, Final

from lookalike.search.faiss_library import faiss

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Queries from which a batch is worth all cores.
LARGE_BATCH: Final = 64


def threads_for(queries: int, asked: int | None) -> int:
    """Return the number of threads for a batch.

    Parameters
    ----------
    queries : int
        How many there are.
    asked : int or None
        What the user wants; None for 1, and for all cores from `LARGE_BATCH` queries on.

    Returns
    -------
    int
        1 and up.
    """
    if asked is not None:
        return max(1, asked)
    if queries < LARGE_BATCH:
        return 1
    # What this process may use, where the system tells; a container may have fewer than there are.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _all_cores()


def _all_cores() -> int:
    return os.cpu_count() or 1


class _BlasLimit:
    """The number of threads of NumPy's matrix products, which is one for the whole process.

    The first search that comes in sets it and the last one that leaves sets it back. If each did
    both, searches at a time would set back one another's limits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before: Any = None

    def enter(self, threads: int) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._before = _blas().limit(limits=threads)

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._before.restore_original_limits()


_LIMIT: Final = _BlasLimit()


@functools.cache
def _blas() -> Any:
    return importlib.import_module("threadpoolctl").ThreadpoolController().select(user_api="blas")


@contextlib.contextmanager
def blas_threads(threads: int) -> Iterator[None]:
    """Limit the threads of NumPy's matrix products.

    Parameters
    ----------
    threads : int
        1 and up.

    Yields
    ------
    None
        Inside, the limit holds, or the one that another search has set before.
    """
    _LIMIT.enter(threads)
    try:
        yield
    finally:
        _LIMIT.leave()


@contextlib.contextmanager
def faiss_threads(threads: int) -> Iterator[None]:
    """Limit the threads that FAISS uses for calls of this thread.

    Parameters
    ----------
    threads : int
        1 and up.

    Yields
    ------
    None
        Inside, the limit holds. Other threads have their own.
    """
    library = faiss()
    before = library.omp_get_max_threads()
    library.omp_set_num_threads(threads)
    try:
        yield
    finally:
        library.omp_set_num_threads(before)

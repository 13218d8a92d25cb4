"""Doing the same with many things on all cores, a little ahead of whoever takes the results."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Result = TypeVar("Result")


def ahead(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int = 0
) -> Iterator[tuple[Item, Result]]:
    """Work on items in threads.

    Reading, decoding and hashing leave Python's lock to others, so threads are enough. No more
    than twice as many items as threads are under way or wait to be taken, so the memory does not
    grow with the number of items.

    Parameters
    ----------
    work : callable
        Takes an item and returns a result.
    items : iterable
        Any number.
    workers : int, default 0
        How many threads; 0 for one on each core.

    Yields
    ------
    item : object
        In the order given.
    result : object
        What became of it.
    """
    count = workers or os.cpu_count() or 1
    pool = ThreadPoolExecutor(count)
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    try:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) >= 2 * count:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        pool.shutdown(cancel_futures=True)

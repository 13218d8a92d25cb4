"""Work in two steps on all cores: on items one by one, then on a few of them together.

Decoding, networks and drawing leave Python's lock to others, so threads are enough. One queue
feeds them all, so no core waits while there is work of either step. Only so many items are under
way at a time; further ones are taken as results are fetched, and the memory that is needed does
not depend on how many there are. Which items are computed together never depends on timing.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from lookalike.models.threads import use_one_core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Half = TypeVar("Half")
Result = TypeVar("Result")

#: Items that go through the second step together.
GROUP: Final = 8


def staged(
    items: Iterable[Item],
    first: Callable[[Item], Half],
    second: Callable[[list[Half]], list[Result]],
    workers: int,
) -> Iterator[Result]:
    """Lead items through two steps.

    A single item, and any number with a single worker, stay in the thread that asks, and the
    networks on all cores that they were opened for. Otherwise each worker runs them on one core.

    Parameters
    ----------
    items : iterable
        Any number. They are taken in the thread that asks.
    first : callable
        Takes an item.
    second : callable
        Takes what the first step makes of up to `GROUP` items, and returns as many results.
    workers : int
        Threads, 1 and up. At most `GROUP` items for each of them are under way.

    Yields
    ------
    object
        The results, in the order of the items. An exception comes in its place, too: in that of
        its group, or after all items that came before it if taking an item fails.
    """
    stream = iter(items)
    start = list(islice(stream, 2))
    stream = chain(start, stream)
    if workers > 1 and len(start) > 1:
        yield from _in_threads(stream, first, second, workers)
        return
    while group := list(islice(stream, GROUP)):
        yield from second([first(item) for item in group])


def _in_threads(
    stream: Iterator[Item],
    first: Callable[[Item], Half],
    second: Callable[[list[Half]], list[Result]],
    workers: int,
) -> Iterator[Result]:
    pool = ThreadPoolExecutor(workers, "lookalike", use_one_core)
    try:
        under_way = _UnderWay(pool, stream, first, second)
        while under_way.fill(workers * GROUP):
            results = under_way.groups.popleft().result()[::-1]
            while results:
                # Popped, so that nothing is kept of what has been handed over.
                yield results.pop()
                under_way.count -= 1
                under_way.take()
    finally:
        # Also where nobody wants the rest: what has begun ends, and no thread stays behind.
        pool.shutdown(cancel_futures=True)


class _UnderWay(Generic[Item, Half, Result]):
    """Items that have been taken, and groups whose results have not been fetched."""

    def __init__(
        self,
        pool: ThreadPoolExecutor,
        stream: Iterator[Item],
        first: Callable[[Item], Half],
        second: Callable[[list[Half]], list[Result]],
    ) -> None:
        self.count = 0
        self.groups: deque[Future[list[Result]]] = deque()
        self._pool, self._stream = pool, stream
        self._first, self._second = first, second
        self._group: list[Future[Half]] = []

    def fill(self, most: int) -> bool:
        """Begin with as many items as may be under way; tell whether there are results to fetch.

        Results that are there already are not kept waiting for items that are slow to come.
        """
        while self.count < most and not (self.groups and self.groups[0].done()):
            if not self.take():
                break
        return bool(self.groups)

    def take(self) -> bool:
        """Begin with one more item, if there is one."""
        try:
            for item in islice(self._stream, 1):
                self._group.append(self._pool.submit(self._first, item))
                self.count += 1
                if len(self._group) == GROUP:
                    self._close()
                return True
        except Exception as error:  # noqa: BLE001 - raised again, after what came before
            self._close()
            self.groups.append(Future())
            self.groups[-1].set_exception(error)
            self._stream = iter(())
        self._close()
        return False

    def _close(self) -> None:
        """Let the second step follow the first."""
        if self._group:
            self.groups.append(self._pool.submit(_together, self._second, self._group))
            self._group = []


def _together(
    second: Callable[[list[Half]], list[Result]], group: list[Future[Half]]
) -> list[Result]:
    # Waits only for work that others have begun, because the queue is first in, first out.
    return second([half.result() for half in group])

"""Stages that work at the same time, each in a thread of its own, with bounded queues between.

A stage is a generator that takes what the stage before it yields. Decoding, networks and encoding
leave Python's lock to others, so threads are enough.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

Item = TypeVar("Item")

#: How long a thread waits at a queue before it looks whether anybody still wants its work.
_PATIENCE_S: Final = 0.1


def ahead(
    items: Iterable[Item],
    most: int,
    begin: Callable[[], None] | None = None,
    spare: Callable[[Item], bool] | None = None,
) -> Generator[Item, None, None]:
    """Let a stage run ahead of who takes its results.

    Parameters
    ----------
    items : iterable
        The stage; it runs in a thread of its own from the first result that is asked for.
    most : int
        How many results may wait.
    begin : callable, optional
        Called first in the new thread.
    spare : callable, optional
        Says which results may be left out while others wait, for a stage that cannot wait itself.

    Yields
    ------
    object
        The results in order. An exception of the stage comes in its place. When nobody wants the
        rest, the thread ends before this does.
    """
    stage = _Stage(items, most, begin, spare)
    stage.start()
    try:
        while (result := stage.results.get()).error is None and not result.last:
            # Never None: only the last result is.
            yield result.item  # type: ignore[misc]
        if result.error is not None:
            raise result.error
    finally:
        stage.unwanted.set()
        stage.join()


@dataclass(frozen=True, slots=True)
class _Result(Generic[Item]):
    item: Item | None = None
    error: BaseException | None = None
    last: bool = False


class _Stage(threading.Thread, Generic[Item]):
    """The thread of a stage."""

    def __init__(
        self,
        items: Iterable[Item],
        most: int,
        begin: Callable[[], None] | None,
        spare: Callable[[Item], bool] | None,
    ) -> None:
        super().__init__(name="lookalike-video", daemon=True)
        self.results: queue.Queue[_Result[Item]] = queue.Queue(most)
        self.unwanted = threading.Event()
        self._items, self._begin, self._spare = items, begin, spare

    def run(self) -> None:
        """Do the stage's work until it ends or nobody wants it."""
        try:
            if self._begin is not None:
                self._begin()
            for item in self._items:
                if self._spare is None or not (self.results.full() and self._spare(item)):
                    self._put(_Result(item))
                if self.unwanted.is_set():
                    break
            self._put(_Result(last=True))
        except BaseException as error:  # noqa: BLE001 - raised again where the results are taken
            self._put(_Result(error=error))
        finally:
            close = getattr(self._items, "close", None)
            if close is not None:
                close()

    def _put(self, result: _Result[Item]) -> None:
        while not self.unwanted.is_set():
            try:
                self.results.put(result, timeout=_PATIENCE_S)
            except queue.Full:
                continue
            return

"""Work off the event loop: so many workers, so many who may wait, and so long."""

from __future__ import annotations

import asyncio
import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from lookalike.errors import ServiceBusy
from lookalike.models.threads import use_one_core

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

#: How fast the notion of how long a piece of work takes follows what is seen.
_FOLLOWS: Final = 0.1


class Desk:
    """Takes work from the event loop. To be used from one event loop.

    Parameters
    ----------
    name : str
        How its threads are called.
    workers : int
        Threads.
    queue : int
        How many pieces of work may wait for one.
    time_s : float
        How long whoever asks waits at most.
    """

    def __init__(self, name: str, workers: int, queue: int, time_s: float) -> None:
        self._workers = workers
        self._room = workers + queue
        self._time_s = time_s
        self._inside = 0
        self._usual_s = 0.2
        # Several photos at a time, each on one core, are faster than one after the other on all.
        start = use_one_core if workers > 1 else None
        self._pool = ThreadPoolExecutor(workers, f"lookalike-{name}", start)

    @property
    def inside(self) -> int:
        """How many pieces of work are waiting or being done."""
        return self._inside

    @property
    def free(self) -> bool:
        """Whether a worker could begin at once."""
        return self._inside < self._workers

    async def do(self, work: Callable[[], Result], times: float = 1.0) -> Result:
        """Have something done by a worker.

        Parameters
        ----------
        work : callable
            Takes nothing. It is not stopped once it has begun.
        times : float, default 1
            How many times as long as usual it may take.

        Returns
        -------
        object
            What the work returns; what it raises is raised.

        Raises
        ------
        ServiceBusy
            If too many are waiting, or it is not done in time.
        """
        if self._inside >= self._room:
            raise ServiceBusy("too many are waiting", *self._later())
        self._inside += 1
        loop = asyncio.get_running_loop()
        future = self._pool.submit(self._timed, work)
        # A future that was cancelled while waiting calls from here, any other from a worker.
        future.add_done_callback(lambda _: self._leave(loop))
        try:
            async with asyncio.timeout(times * self._time_s):
                return await asyncio.wrap_future(future)
        except TimeoutError as fault:
            words = f"there was no answer within {times * self._time_s:g} s"
            raise ServiceBusy(words, *self._later()) from fault

    def close(self) -> None:
        """Finish what has begun, and nothing else."""
        self._pool.shutdown(cancel_futures=True)

    def _later(self) -> tuple[str, int]:
        """Say when whoever waits now will be through."""
        again_s = max(1, math.ceil(self._inside * self._usual_s / self._workers))
        return f"try again in {again_s} s", again_s

    def _timed(self, work: Callable[[], Result]) -> Result:
        start = time.monotonic()
        try:
            return work()
        finally:
            self._usual_s += _FOLLOWS * (time.monotonic() - start - self._usual_s)

    def _leave(self, loop: asyncio.AbstractEventLoop) -> None:
        def left() -> None:
            self._inside -= 1

        if not loop.is_closed():
            loop.call_soon_threadsafe(left)

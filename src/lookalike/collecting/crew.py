"""A few threads that download, and hand back what came of it in any order.

They are daemons: after Ctrl-C nobody waits for a server that has stopped talking, and since
files appear only when they are whole, nothing is lost with a thread.
"""

from __future__ import annotations

import queue
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Job, Result]):
    """What came of a job.

    Parameters
    ----------
    job : object
        The job.
    result : object or None
        What the work returned.
    error : BaseException or None
        What it raised instead.
    """

    job: Job
    result: Result | None = None
    error: BaseException | None = None


class Crew(Generic[Job, Result]):
    """Threads that do one kind of work.

    Parameters
    ----------
    work : callable
        Takes a job and returns a result.
    size : int
        How many threads.
    """

    def __init__(self, work: Callable[[Job], Result], size: int) -> None:
        self._work = work
        self._size = size
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Outcome[Job, Result]] = queue.SimpleQueue()
        self.under_way = 0
        for _ in range(size):
            threading.Thread(target=self._run, daemon=True).start()

    @property
    def has_room(self) -> bool:
        """Whether a job given now would be begun soon."""
        return self.under_way < 2 * self._size

    def give(self, job: Job) -> None:
        """Have a job done.

        Parameters
        ----------
        job : object
            What to do.
        """
        self.under_way += 1
        self._jobs.put(job)

    def take(self) -> Outcome[Job, Result]:
        """Wait until some job is done.

        Returns
        -------
        Outcome
            What came of it.
        """
        while True:
            try:
                # Without a limit, Ctrl-C would not be heard on Windows.
                outcome = self._outcomes.get(timeout=1.0)
            except queue.Empty:
                continue
            self.under_way -= 1
            return outcome

    def dismiss(self) -> None:
        """Let the threads end after the jobs that they have begun; forget all others."""
        with suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        for _ in range(self._size):
            self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            outcome: Outcome[Job, Result]
            try:
                outcome = Outcome(job, result=self._work(job))
            except BaseException as error:  # noqa: BLE001 - handed over, and raised there
                outcome = Outcome(job, error=error)
            self._outcomes.put(outcome)

"""Sharing photos out to workers, and having the answers in order whatever happens to them."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Self

from distributed import CancelledError, KilledWorker, wait
from distributed.comm.core import CommClosedError

from lookalike.cluster.hiring import await_workers, connected, hired
from lookalike.cluster.looking import leave, look
from lookalike.cluster.part import Part
from lookalike.errors import ClusterLost, ClusterUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from distributed import Client, Future

    from lookalike.cluster.looking import Answer, Job, Looked
    from lookalike.cluster.options import ClusterOptions
    from lookalike.types import Candidate

#: Tasks for each thread of a worker that are given out ahead of the answers that are awaited.
_AHEAD: Final = 3
#: How often to see whether scheduler and workers are still there, in seconds.
_LOOK_S: Final = 2.0
#: What waiting for tasks ends with, where they are not done: time is over, or they are lost.
_NOTHING_TO_AWAIT: Final = (TimeoutError, CancelledError, CommClosedError, RuntimeError)


class Crew:
    """Workers, and what keeps them busy. A context: workers of one's own go when it ends.

    A worker that is lost costs the tasks that it had, which others do again. A scheduler that is
    lost is waited for, and what it had is given to it again. Answers come in order and once each.

    Parameters
    ----------
    options : ClusterOptions
        Where the workers are.

    Raises
    ------
    ClusterUnreachable, ClusterMismatch
        When entering, if there are no workers, or wrong ones.
    """

    def __init__(self, options: ClusterOptions) -> None:
        self.options = options
        self._stack = contextlib.ExitStack()
        self._client: Client | None = None
        self._read_here = False

    def __enter__(self) -> Self:
        """Get the workers."""
        self._client = self._stack.enter_context(hired(self.options))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the workers go."""
        self._client = None
        self._stack.close()

    @property
    def client(self) -> Client:
        """Dask's client, for what is not done here."""
        if self._client is None:
            raise ClusterUnreachable("there are no workers yet", "use Crew in a with statement")
        return self._client

    def look(self, job: Job, parts: Iterator[Sequence[Candidate]]) -> Iterator[list[Looked]]:
        """Look at photos.

        Parameters
        ----------
        job : Job
            What to do.
        parts : iterator of sequence of Candidate
            Photos that go to a worker together. They are taken as answers come.

        Yields
        ------
        list of Looked
            For each part in order, what became of each of its photos.

        Raises
        ------
        ClusterLost
            If the scheduler, or all workers, went away and did not come back in time.
        LookalikeError
            What workers cannot do at all: no weights, other weights.
        """
        under_way: deque[Part] = deque()
        try:
            while True:
                for candidates in islice(parts, max(self._most() - len(under_way), 0)):
                    under_way.append(Part(candidates))
                    self._give(job, under_way[-1])
                if not under_way:
                    return
                while not under_way[0].done:
                    self._await(job, under_way)
                yield under_way.popleft().looked
        finally:
            tasks = [part.task for part in under_way if part.task is not None]
            with contextlib.suppress(Exception):
                self.client.cancel(tasks)

    def _most(self) -> int:
        threads: int = self._facts()["total_threads"]
        return _AHEAD * max(threads, 1)

    def _facts(self) -> dict[str, Any]:
        """Return what the scheduler says of itself and of how many workers there are."""
        return dict(self.client.scheduler_info(n_workers=0))

    def _give(self, job: Job, part: Part) -> None:
        if part.done:
            return
        candidates = part.next(read_here=self._read_here)
        # Not pure: the same photos may have to be looked at again.
        part.task = self.client.submit(look, job, candidates, pure=False)

    def _await(self, job: Job, under_way: deque[Part]) -> None:
        """Wait for any task, and give out what follows from it."""
        tasks = [part.task for part in under_way if part.task is not None]
        # What has become of the scheduler and the tasks is seen below.
        with self.client.as_current(), contextlib.suppress(*_NOTHING_TO_AWAIT):
            wait(tasks, timeout=_LOOK_S, return_when="FIRST_COMPLETED")
        if self.client.status != "running" or any(_is_lost(task) for task in tasks):
            self._find_again()
            for part in under_way:
                self._give(job, part)
            return
        ended = [part for part in under_way if part.task is not None and part.task.done()]
        for part in ended:
            self._take(part)
            self._give(job, part)
        if not ended and not self._facts()["n_workers"]:
            self._await_workers()

    def _take(self, part: Part) -> None:
        task: Any = part.task
        try:
            answer: Answer = task.result()
        except KilledWorker:
            part.crash()
            return
        self._read_here = part.take(answer) or self._read_here
        if answer.stuck:
            with contextlib.suppress(Exception):
                self.client.run(leave, workers=[answer.stuck], wait=False)

    def _find_again(self) -> None:
        """Wait for the scheduler, and for workers."""
        until = time.monotonic() + self.options.patience_s
        while self.client.status != "running":
            if time.monotonic() > until or not self.options.scheduler:
                raise ClusterLost(
                    f"the scheduler at {self.options.scheduler or 'this machine'} went away",
                    "what was done is kept; run the same command again when it is back",
                )
            if self.client.status == "closed":
                with contextlib.suppress(ClusterUnreachable):
                    # The old one has closed itself; leaving it behind costs nothing.
                    self._client = self._stack.enter_context(connected(self.options))
            else:
                time.sleep(_LOOK_S / 10)
        self._await_workers()

    def _await_workers(self) -> None:
        try:
            await_workers(self.client, self.options)
        except ClusterUnreachable as error:
            raise ClusterLost(
                f"all workers went away: {error.message}",
                "what was done is kept; run the same command again when they are back",
            ) from error


def _is_lost(task: Future[Any]) -> bool:
    """Tell whether nobody works on a task any more."""
    return task.status in {"cancelled", "lost"}

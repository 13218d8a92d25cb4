"""What a worker does: a few photos, through steps 1 to 4, on one core.

All of this runs in the worker's process. Networks are opened once in each.
"""

from __future__ import annotations

import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol

from distributed import get_worker

from lookalike import __version__
from lookalike.errors import ClusterMismatch, ImageError, ImageTooSlow
from lookalike.models.threads import use_one_core
from lookalike.pipeline import Analyst
from lookalike.staging import GROUP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.eye import Seen
    from lookalike.models.options import ModelOptions
    from lookalike.types import Analysis, Candidate, Space

_OPENING: Final = threading.Lock()
_OPENED: Final[dict[ModelOptions, Analyst]] = {}


class Making(Protocol):
    """What is made of a photo, before anything is sent back. Plain data and no closure."""

    def __call__(self, candidate: Candidate, sha256: str, analysis: Analysis | ImageError) -> Any:
        """Return what the process that asked wants of a photo."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """What all workers do to every photo.

    Parameters
    ----------
    models : ModelOptions
        The networks.
    space : Space
        Where the vectors must live.
    make : Making
        What is sent back.
    photo_s : float
        Seconds that a photo may take.
    """

    models: ModelOptions
    space: Space
    make: Making
    photo_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What became of one photo.

    Parameters
    ----------
    sha256 : str
        Of its file; empty if there is a fault.
    made : object
        What `Job.make` returned; None if there is a fault.
    fault : ImageError, optional
        Why the file could not be read, or the photo was set aside.
    """

    sha256: str = ""
    made: Any = None
    fault: ImageError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a worker sends back.

    Parameters
    ----------
    looked : list of Looked
        One for each photo, in order, up to the one that was too slow if there was one.
    stuck : str
        The worker's address if a thread of it still works on a photo that was given up; else
        empty.
    """

    looked: list[Looked]
    stuck: str = ""


def version() -> str:
    """Return the version of lookalike that a worker runs."""
    return __version__


async def leave() -> None:  # Dask waits for what is no coroutine
    """End this worker's process, because of a thread that cannot be ended otherwise.

    Its nanny starts another one. A worker that has none goes on, with a core that is not free.
    """
    if get_worker().nanny is not None:
        os._exit(1)


def look(job: Job, candidates: Sequence[Candidate]) -> Answer:
    """Look at a few photos.

    Parameters
    ----------
    job : Job
        What to do.
    candidates : sequence of Candidate
        The photos.

    Returns
    -------
    Answer
        What became of them. Only one that is too slow ends it early.

    Raises
    ------
    ClusterMismatch
        If the weights here are not those of the process that asks.
    ModelError, UnknownName
        If the networks cannot be opened here.
    """
    looker = _Looker(job, _analyst(job))
    looked: list[Looked] = []
    stream = iter(candidates)
    while group := list(islice(stream, GROUP)):
        looked += looker.look(group)
        if looker.stuck:
            return Answer(looked, str(get_worker().address))
    looker.close()
    return Answer(looked)


def _analyst(job: Job) -> Analyst:
    with _OPENING:
        analyst = _OPENED.get(job.models)
        if analyst is None:
            analyst = _OPENED[job.models] = Analyst.open(job.models)
    if analyst.space != job.space:
        raise ClusterMismatch(
            f"a worker has other weights of {job.space.encoder} than this process",
            "give all machines the same weights: lookalike models verify",
        )
    return analyst


class _Looker:
    """Goes through groups, in a thread of its own that can be left behind."""

    def __init__(self, job: Job, analyst: Analyst) -> None:
        self.stuck = False
        self._job, self._analyst = job, analyst
        self._thread = ThreadPoolExecutor(1, "lookalike", use_one_core)

    def look(self, group: list[Candidate]) -> list[Looked]:
        """Look at photos one by one and encode them together; stop after one that is too slow."""
        photos: list[tuple[Candidate, str, Seen | ImageError] | Looked] = []
        for candidate in group:
            photos.append(self._see_in_time(candidate))
            if self.stuck:
                break
        seen = [one[2] for one in photos if not isinstance(one, Looked)]
        analyses = iter(self._analyst.eye.encode(seen))
        return [
            one if isinstance(one, Looked) else self._made(one[0], one[1], next(analyses))
            for one in photos
        ]

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown()

    def _made(self, candidate: Candidate, sha256: str, analysis: Analysis | ImageError) -> Looked:
        return Looked(sha256, self._job.make(candidate, sha256, analysis))

    def _see_in_time(
        self, candidate: Candidate
    ) -> tuple[Candidate, str, Seen | ImageError] | Looked:
        seeing = self._thread.submit(self._see, candidate)
        try:
            return seeing.result(self._job.photo_s)
        except TimeoutError:
            if seeing.done():
                raise
            self.stuck = True
            self._thread.shutdown(wait=False)
            return Looked(
                fault=ImageTooSlow(
                    f"{candidate.uri} took longer than {self._job.photo_s:g} s",
                    "look at the file, and at the disk that it is on",
                )
            )

    def _see(self, candidate: Candidate) -> tuple[Candidate, str, Seen | ImageError] | Looked:
        try:
            data = candidate.load()
        except ImageError as error:
            return Looked(fault=error)
        return candidate, hashlib.sha256(data).hexdigest(), self._analyst.eye.see(data)

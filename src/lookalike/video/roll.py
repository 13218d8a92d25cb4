"""Who is on screen when: collected as frames are labeled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from lookalike.types import Person
    from lookalike.video.tracks import Track
    from lookalike.video.voting import Verdict

#: Somebody who is gone for less than this is there all the time, in seconds.
_APART_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time in which somebody is on screen.

    Parameters
    ----------
    person : Person or None
        None for unknown.
    start_s, end_s : float
        From the first frame to the end of the last one, in seconds from the start of the footage.
    confidence : float
        The share of the votes for the name, 0 to 1.
    measure : float or None
        The head's mean distance or probability.
    tracks : tuple of int
        The numbers of the tracks.
    """

    person: Person | None
    start_s: float
    end_s: float
    confidence: float
    measure: float | None
    tracks: tuple[int, ...]

    @property
    def name(self) -> str:
        """The person's name, or that it is unknown."""
        return self.person.name if self.person else "unknown"


@dataclass(slots=True)
class _Run:
    """A stretch of one track under one name, still growing."""

    track: Track
    verdict: Verdict
    start_s: float
    end_s: float

    def segment(self) -> Segment:
        verdict = self.verdict
        return Segment(verdict.person, self.start_s, self.end_s, verdict.confidence,
                       verdict.measure, (self.track.number,))  # fmt: skip


class Roll:
    """Keeps who is on screen when, and everybody's best picture."""

    def __init__(self) -> None:
        self._runs: dict[int, _Run] = {}
        self._done: list[Segment] = []
        self._best: dict[str, tuple[float, NDArray[np.uint8]]] = {}
        self.revisions = 0

    def show(self, track: Track, verdict: Verdict, start_s: float, end_s: float) -> None:
        """Take down that a face is shown in a frame.

        Parameters
        ----------
        track : Track
            The face.
        verdict : Verdict
            Under which name.
        start_s, end_s : float
            From when to when the frame is shown.
        """
        run = self._runs.get(track.number)
        if run is not None and run.verdict.person == verdict.person:
            run.end_s, run.verdict = end_s, verdict
            return
        if run is not None:
            self.revisions += 1
            self._done.append(run.segment())
        self._runs[track.number] = _Run(track, verdict, start_s, end_s)

    def leave(self, track: Track) -> None:
        """Take down that a track has ended.

        Parameters
        ----------
        track : Track
            It will not be shown again.
        """
        run = self._runs.pop(track.number, None)
        if run is None:
            return
        self._done.append(run.segment())
        person, best = run.verdict.person, track.best
        if person is not None and best.portrait is not None:
            quality = self._best.get(person.id, (-1.0, None))[0]
            if best.quality > quality:
                self._best[person.id] = best.quality, best.portrait

    def segments(self) -> list[Segment]:
        """Return all stretches, with those of one name that follow each other joined.

        Returns
        -------
        list of Segment
            By their beginning. Unknown faces are not joined: they may be several people.
        """
        runs = [*self._done, *(run.segment() for run in self._runs.values())]
        return joined(runs)

    def portraits(self) -> dict[str, NDArray[np.uint8]]:
        """Return the best picture of everybody who was named, by the id.

        Returns
        -------
        dict of str to ndarray of shape (P, P, 3), uint8
            RGB.
        """
        return {person: picture for person, (_, picture) in sorted(self._best.items())}


def joined(segments: Iterable[Segment]) -> list[Segment]:
    """Join stretches of one name that overlap or nearly follow each other.

    Parameters
    ----------
    segments : iterable of Segment
        In any order.

    Returns
    -------
    list of Segment
        By their beginning; confidence and measure weighed by how long each lasts.
    """
    done: list[Segment] = []
    open_: dict[str, int] = {}
    for one in sorted(segments, key=lambda segment: (segment.start_s, segment.tracks)):
        at = open_.get(one.person.id) if one.person else None
        if at is not None and one.start_s - done[at].end_s <= _APART_S:
            done[at] = _together(done[at], one)
            continue
        if one.person:
            open_[one.person.id] = len(done)
        done.append(one)
    return done


def _together(one: Segment, other: Segment) -> Segment:
    lasts = max(one.end_s - one.start_s, 1e-6), max(other.end_s - other.start_s, 1e-6)

    def mean(first: float, second: float) -> float:
        return (lasts[0] * first + lasts[1] * second) / sum(lasts)

    measure = one.measure
    if measure is not None and other.measure is not None:
        measure = mean(measure, other.measure)
    return Segment(
        one.person,
        one.start_s,
        max(one.end_s, other.end_s),
        mean(one.confidence, other.confidence),
        measure,
        tuple(dict.fromkeys([*one.tracks, *other.tracks])),
    )

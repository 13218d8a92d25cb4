"""From frames to named faces: look at some, follow between them, decide for each track.

Frames wait for a moment before they go on, so that what the next ones show is known: when
a face comes or goes is found by looking between, a face that is missed once is there all the
same, and a name stands on the first frame that its face is in.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from lookalike.video.cast import cast
from lookalike.video.footage import Picture
from lookalike.video.likeness import Likeness
from lookalike.video.pace import Pace, PaceOptions, agree
from lookalike.video.roll import Roll
from lookalike.video.sampling import Sampler
from lookalike.video.tracking import Tracker
from lookalike.video.voting import TO_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from av import Packet
    from numpy.typing import NDArray

    from lookalike.video.eyes import Eyes
    from lookalike.video.footage import Event
    from lookalike.video.heads import Head
    from lookalike.video.tracks import Sighting, Track
    from lookalike.video.voting import Verdict

    Look: TypeAlias = tuple[Picture, list[Sighting]]

#: A face that is missed for no longer than this is there meanwhile, in seconds.
_BRIDGED_S: Final = 0.5
#: Who is seen for less than this is not shown, in seconds.
_BRIEF_S: Final = 0.15
#: Times of frames are rounded, by some as much as this, in seconds.
_SOON_S: Final = 0.002
#: Memory for frames that wait.
_WAITING_BYTES: Final = 256 << 20


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How to watch.

    Parameters
    ----------
    look_ahead_s : float
        For how long a frame waits for what comes after it.
    pace : PaceOptions
        How often the detector looks.
    hold_s : float
        For how long before and after a face is found it is taken to be there: for hiding faces,
        where it is worse to miss one.
    """

    look_ahead_s: float = 1.0
    pace: PaceOptions = field(default_factory=PaceOptions)
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A face in a frame.

    Parameters
    ----------
    box : ndarray of shape (4,), float32
        ``x1 y1 x2 y2`` in pixels.
    verdict : Verdict
        Who it is.
    track : int
        The track's number.
    """

    box: NDArray[np.float32]
    verdict: Verdict
    track: int


@dataclass(frozen=True, slots=True, eq=False)
class Labeled:
    """A frame and the faces in it.

    Parameters
    ----------
    picture : Picture
        The frame.
    faces : tuple of Shown
        Far ones first.
    """

    picture: Picture
    faces: tuple[Shown, ...]


class Watcher:
    """Watches footage once.

    Parameters
    ----------
    eyes : Eyes
        Finds and encodes faces.
    head : Head
        Says whom they show.
    rate : float
        Frames a second.
    options : WatchOptions, optional
        How to watch.
    likeness : Likeness, optional
        What distances mean.
    """

    def __init__(
        self,
        eyes: Eyes,
        head: Head,
        rate: float,
        options: WatchOptions | None = None,
        likeness: Likeness | None = None,
    ) -> None:
        likeness = likeness or Likeness()
        self.options = options or WatchOptions()
        self.roll = Roll()
        self.pace = Pace(self.options.pace)
        self._rate = rate
        self._eyes, self._exclusive = eyes, head.exclusive
        # Everybody looks like somebody, however the votes are divided.
        self._least = TO_NAME if head.exclusive else 0.0
        self._tracker = Tracker(eyes.encode, likeness)
        self._sampler = Sampler(eyes, head, self._tracker, likeness)
        self._tracks: list[Track] = []
        self._waiting: deque[tuple[Picture, int]] = deque()
        self._gap: list[Picture] = []
        self._last: Look | None = None
        self._shot, self._looked = 0, -1
        self._next_s, self._now_s = float("-inf"), 0.0

    def watch(self, events: Iterable[Event]) -> Iterator[Labeled | Packet[Any]]:
        """Name the faces of all frames.

        Parameters
        ----------
        events : iterable of Picture or av.Packet
            Footage.

        Yields
        ------
        Labeled or av.Packet
            The frames in order, a moment later; the packets at once.
        """
        for event in events:
            if not isinstance(event, Picture):
                yield event
                continue
            self._take(event)
            yield from self._due(event.time_s)
        self._end_shot()
        self._sampler.flush(self._tracks)
        yield from self._due(float("inf"))
        for track in self._tracks:
            self.roll.leave(track)

    def _take(self, picture: Picture) -> None:
        """Take the next frame, and look at it if it is time."""
        if picture.cut:
            self._end_shot()
            self._tracker.cut()
            self._shot += 1
            self._last, self._next_s = None, float("-inf")
        self._waiting.append((picture, self._shot))
        self.pace.earn(picture.time_s - self._now_s)
        self._now_s = picture.time_s
        stride = self.options.pace.stride
        early = picture.number < self._looked + stride if stride else picture.time_s < self._next_s
        if early and self._last is not None:
            self._gap.append(picture)
            return
        self._look_up_to(picture)
        speed = max((track.speed for track in self._tracker.tracks), default=0.0)
        self._next_s = picture.time_s + self.pace.wait_s(speed) - _SOON_S

    def _end_shot(self) -> None:
        """Look at the last frame of a shot."""
        if self._gap:
            self._look_up_to(self._gap.pop())

    def _look_up_to(self, picture: Picture) -> None:
        """Look at a frame, and between it and the one before where they do not agree."""
        look = self._look(picture)
        between = self._between(self._last, self._gap, look) if self._last else []
        for seen, sightings in [*between, look]:
            new = self._tracker.see(sightings, seen.time_s)
            self._tracks += new
        self._sampler.note(self._tracker.tracks)
        self._gap, self._last, self._looked = [], look, picture.number

    def _look(self, picture: Picture) -> Look:
        began_s = time.perf_counter()
        sightings = self._eyes.look(picture)
        self.pace.spend(time.perf_counter() - began_s)
        return picture, sightings

    def _between(self, before: Look, gap: list[Picture], after: Look) -> list[Look]:
        if not gap or not self.pace.affords or agree(before[1], after[1]):
            return []
        middle = len(gap) // 2
        look = self._look(gap[middle])
        earlier = self._between(before, gap[:middle], look)
        return [*earlier, look, *self._between(look, gap[middle + 1 :], after)]

    def _due(self, now_s: float) -> Iterator[Labeled]:
        """Let go of the frames that have waited long enough."""
        while self._waiting:
            picture, shot = self._waiting[0]
            waited = now_s - picture.time_s >= self.options.look_ahead_s
            full = len(self._waiting) > self._most(picture)
            if picture.number > self._looked or not (waited or full):
                return
            there = [track for track in self._tracks if track.shot == shot]
            if self._sampler.oldest_s <= picture.time_s or self._sampler.owes(there):
                self._tracks += self._sampler.flush(self._tracks)
            self._waiting.popleft()
            yield self._labeled(picture, shot)

    def _most(self, picture: Picture) -> int:
        """Return how many frames may wait."""
        size = picture.frame.width * picture.frame.height * 3 // 2
        return max(_WAITING_BYTES // size, 2 * round(self._rate / self.pace.options.least_hz))

    def _labeled(self, picture: Picture, shot: int) -> Labeled:
        """Name the faces of a frame that is let go of."""
        hold_s, now_s = self.options.hold_s, picture.time_s
        there: list[tuple[Track, NDArray[np.float32]]] = []
        for track in self._tracks:
            box = track.box_at(now_s, _BRIDGED_S, hold_s) if track.shot == shot else None
            if box is not None and (hold_s or not self._brief(track)):
                there.append((track, box))
        if not hold_s:
            there = _in_sight(there, now_s)
        there.sort(key=lambda one: float(one[1][3] - one[1][1]))
        verdicts = cast([track for track, _ in there], exclusive=self._exclusive, least=self._least)
        end_s = now_s + 1 / self._rate
        faces = []
        for (track, box), verdict in zip(there, verdicts, strict=True):
            self.roll.show(track, verdict, now_s, end_s)
            faces.append(Shown(box, verdict, track.number))
        self._forget(now_s)
        return Labeled(picture, tuple(faces))

    def _brief(self, track: Track) -> bool:
        return track.last.time_s - track.since_s + 1 / self._rate < _BRIEF_S

    def _forget(self, now_s: float) -> None:
        """Let go of what frames after this one do not need."""
        followed = set(map(id, self._tracker.tracks))
        kept = []
        for track in self._tracks:
            track.forget_before(now_s)
            if id(track) in followed or track.last.time_s + self.options.hold_s > now_s:
                kept.append(track)
            else:
                self.roll.leave(track)
        self._tracks = kept


def _in_sight(
    there: list[tuple[Track, NDArray[np.float32]]], now_s: float
) -> list[tuple[Track, NDArray[np.float32]]]:
    """Leave out faces that were not found where another face is: they are behind it."""
    seen = [(track, box) for track, box in there if not track.unseen_at(now_s)]
    guessed = [(track, box) for track, box in there if track.unseen_at(now_s)]
    return seen + [(track, box) for track, box in guessed
                   if not any(_behind(box, other) for _, other in seen)]  # fmt: skip


def _behind(box: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    middle = (box[:2] + box[2:]) / 2
    return bool((other[:2] < middle).all() and (middle < other[2:]).all())

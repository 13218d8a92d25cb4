"""One face through time: where it was seen, and what was learned of it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.types import Face
    from lookalike.video.voting import Ballot

#: How fast the idea of a face's speed follows what is seen, 0 to 1.
_FOLLOWING: Final = 0.6
#: Nobody moves on in a straight line for longer than this, in seconds.
_STRAIGHT_S: Final = 0.4


@dataclass(slots=True, eq=False)
class Sighting:
    """A face that a detector found in a frame.

    Parameters
    ----------
    number : int
        The frame's number.
    time_s : float
        When it is shown.
    face : Face
        Where, in pixels of the frame.
    crop : ndarray of shape (S, S, 3), uint8
        The face as the encoder wants it.
    quality : float
        How much it tells, 0 to 1.
    portrait : ndarray of shape (P, P, 3), uint8, or None
        The face as people want it.
    vector : ndarray of shape (d,), float32, or None
        Once it has been encoded.
    regained : bool
        Whether the face had been looked for in vain since its sighting before.
    """

    number: int
    time_s: float
    face: Face
    crop: NDArray[np.uint8]
    quality: float
    portrait: NDArray[np.uint8] | None = None
    vector: NDArray[np.float32] | None = None
    regained: bool = False

    @property
    def center(self) -> NDArray[np.float64]:
        """The middle of the box, shape (2,)."""
        box = self.face.box.astype(np.float64)
        return (box[:2] + box[2:]) / 2

    @property
    def size_px(self) -> float:
        """The mean of the box's sides."""
        box = self.face.box.astype(np.float64)
        return float(np.mean(box[2:] - box[:2]))


@dataclass(slots=True, eq=False)
class Track:
    """The sightings of one face from when it comes to when it goes, in one shot.

    Parameters
    ----------
    number : int
        From 1, in the order of coming.
    sightings : list of Sighting
        In the order of time; those long past are forgotten.
    ballot : Ballot
        What its best faces say about who it is.
    shot : int
        The number of the shot that it is in.
    missed : bool
        Whether it was looked for in vain since it was seen last.
    """

    number: int
    sightings: list[Sighting]
    ballot: Ballot
    shot: int = 0
    missed: bool = False
    since_s: float = field(init=False)
    best: Sighting = field(init=False)
    _speed: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        """Begin."""
        self.since_s = self.sightings[0].time_s
        self.best = self.sightings[0]
        self._speed = np.zeros(2)

    @property
    def last(self) -> Sighting:
        """Where it was seen last."""
        return self.sightings[-1]

    @property
    def speed(self) -> float:
        """How fast it moves, in its own size a second."""
        return float(np.hypot(*self._speed)) / max(self.last.size_px, 1.0)

    def add(self, sighting: Sighting) -> None:
        """Take the next sighting.

        Parameters
        ----------
        sighting : Sighting
            Later than the last one.
        """
        passed_s = max(sighting.time_s - self.last.time_s, 1e-3)
        speed = (sighting.center - self.last.center) / passed_s
        # The first step says all there is to know.
        share = _FOLLOWING if len(self.sightings) > 1 else 1.0
        self._speed = share * speed + (1 - share) * self._speed
        sighting.regained, self.missed = self.missed, False
        self.sightings.append(sighting)
        if sighting.quality > self.best.quality:
            self.best = sighting

    def predicted(self, time_s: float) -> NDArray[np.float64]:
        """Return where the middle of the face should be.

        Parameters
        ----------
        time_s : float
            Later than the last sighting.

        Returns
        -------
        ndarray of shape (2,), float64
            In pixels; straight on for a moment, then waiting.
        """
        return self.last.center + self._speed * min(time_s - self.last.time_s, _STRAIGHT_S)

    def forget_before(self, time_s: float) -> None:
        """Let go of sightings that no frame from a time on needs.

        Parameters
        ----------
        time_s : float
            When the frame is shown.
        """
        at = bisect_right(self.sightings, time_s, key=lambda one: one.time_s)
        del self.sightings[: max(min(at, len(self.sightings)) - 1, 0)]

    def unseen_at(self, time_s: float) -> bool:
        """Say whether the face was looked for in vain around a time, and found again later.

        Parameters
        ----------
        time_s : float
            When the frame is shown.

        Returns
        -------
        bool
            Whether `box_at` is a mere guess.
        """
        at = bisect_right(self.sightings, time_s, key=lambda one: one.time_s)
        if not 0 < at < len(self.sightings):
            return False
        return self.sightings[at].regained and self.sightings[at - 1].time_s != time_s

    def box_at(
        self, time_s: float, bridged_s: float, hold_s: float = 0.0
    ) -> NDArray[np.float32] | None:
        """Return where the face is in a frame, also in one that no detector looked at.

        Parameters
        ----------
        time_s : float
            When the frame is shown.
        bridged_s : float
            How long the face may be missed between two sightings and be there meanwhile.
        hold_s : float, default 0
            For how long before the first and after the last sighting it is taken to be where it
            was.

        Returns
        -------
        ndarray of shape (4,), float32, or None
            ``x1 y1 x2 y2`` in pixels, in a straight line between the sightings before and after;
            None where the face is not.
        """
        seen = self.sightings
        at = bisect_right(seen, time_s, key=lambda one: one.time_s)
        if at == 0:
            return seen[0].face.box if seen[0].time_s - time_s <= hold_s else None
        before = seen[at - 1]
        if at == len(seen) or before.time_s == time_s:
            return before.face.box if time_s - before.time_s <= hold_s else None
        after = seen[at]
        if after.time_s - before.time_s > bridged_s:
            return None
        share = (time_s - before.time_s) / (after.time_s - before.time_s)
        between: NDArray[np.float32] = np.float32(1 - share) * before.face.box
        return between + np.float32(share) * after.face.box

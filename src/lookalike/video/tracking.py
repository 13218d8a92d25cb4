"""Which face of a frame is which one of the frames before.

Faces are assigned to tracks by how far they are from where each track should be (constant
velocity), all at once (the Hungarian method), and where that leaves doubt, because two faces are
near each other, one has been hidden, or the picture of a face has changed, by their vectors.

References
----------
Bewley, Ge, Ott, Ramos, Upcroft, "Simple Online and Realtime Tracking", ICIP 2016; Wojke, Bewley,
Paulus, "Simple Online and Realtime Tracking with a Deep Association Metric", ICIP 2017.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from lookalike.video.likeness import Likeness, resemblance
from lookalike.video.tracks import Sighting, Track
from lookalike.video.voting import LEAST_QUALITY, Ballot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

#: How far a face may be from where it should be, in its own size: at once, and after a while.
_REACH: Final = (0.7, 1.5)
#: How long a face may be out of sight, in seconds.
_LOST_S: Final = 1.0
#: Out of sight for longer than this is a reason to look twice, in seconds.
_UNSURE_S: Final = 0.3
#: Below this correlation of pictures a face may have become another one.
_ALIKE: Final = 0.5
#: Faces that overlap so much (intersection over union) may have changed places.
_OVERLAP: Final = 0.05
#: What resemblance weighs beside movement.
_WEIGHT: Final = 1.0
_NEVER: Final = 1e6


class Encodes(Protocol):
    """Gives sightings their vectors."""

    def __call__(self, sightings: Sequence[Sighting]) -> None:
        """Fill in `Sighting.vector` where it is missing."""
        ...


class Tracker:
    """Follows faces through one shot after the other.

    Parameters
    ----------
    encode : callable
        Gives sightings their vectors; asked only where there is doubt.
    likeness : Likeness, optional
        What distances of vectors mean.
    """

    def __init__(self, encode: Encodes, likeness: Likeness | None = None) -> None:
        self._encode = encode
        self._likeness = likeness or Likeness()
        self._count = self._shot = 0
        self.tracks: list[Track] = []

    def cut(self) -> None:
        """Begin a new shot: no track goes on."""
        self.tracks = []
        self._shot += 1

    def see(self, sightings: Sequence[Sighting], time_s: float) -> list[Track]:
        """Follow the tracks to the faces of the next frame.

        Parameters
        ----------
        sightings : sequence of Sighting
            All faces of the frame.
        time_s : float
            When it is shown.

        Returns
        -------
        list of Track
            Those that begin here.
        """
        self.tracks = [one for one in self.tracks if time_s - one.last.time_s <= _LOST_S]
        taken = self._assigned(sightings, time_s)
        for row, track in enumerate(self.tracks):
            if row in taken:
                track.add(sightings[taken[row]])
            else:
                track.missed = True
        return [self.begin(one) for at, one in enumerate(sightings) if at not in taken.values()]

    def begin(self, *sightings: Sighting) -> Track:
        """Begin a track.

        Parameters
        ----------
        *sightings : Sighting
            At least one.

        Returns
        -------
        Track
            It is followed from now on.
        """
        self._count += 1
        track = Track(self._count, list(sightings), Ballot(), self._shot)
        self.tracks.append(track)
        return track

    def split(self, track: Track, number: int) -> Track:
        """End a track where it turns out to have become somebody else.

        Parameters
        ----------
        track : Track
            With sightings before and from `number` on.
        number : int
            The frame of the first sighting that is not of the track.

        Returns
        -------
        Track
            The new one, which is followed in its place if that was followed.
        """
        moved = [one for one in track.sightings if one.number >= number]
        track.sightings = [one for one in track.sightings if one.number < number]
        track.best = max([*track.sightings, track.best], key=lambda one: one.quality)
        followed = track in self.tracks
        new = self.begin(moved[0])
        new.shot = track.shot
        for one in moved[1:]:
            new.add(one)
        self.tracks.remove(track if followed else new)
        return new

    def _assigned(self, sightings: Sequence[Sighting], time_s: float) -> dict[int, int]:
        """Return which track goes on in which face, both by their place."""
        from scipy.optimize import linear_sum_assignment

        if not self.tracks or not sightings:
            return {}
        costs = np.array([[self._gap(one, face, time_s) for face in sightings]
                          for one in self.tracks])  # fmt: skip
        hidden = self._hidden()
        close = costs < 1
        for row, column in zip(*np.nonzero(close), strict=True):
            track, face = self.tracks[row], sightings[column]
            if (
                close[row].sum() > 1
                or close[:, column].sum() > 1
                or hidden[row]
                or time_s - track.last.time_s > _UNSURE_S
                or resemblance(track.last.crop, face.crop) < _ALIKE
            ):
                costs[row, column] += self._doubt(track, face)
        costs[~close] = _NEVER
        rows, columns = linear_sum_assignment(np.minimum(costs, _NEVER))
        return {
            int(row): int(column)
            for row, column in zip(rows, columns, strict=True)
            if costs[row, column] < _NEVER
        }

    def _gap(self, track: Track, face: Sighting, time_s: float) -> float:
        """Return how far a face is from where a track should be; 1 is as far as it may be."""
        waited = min((time_s - track.last.time_s) / _LOST_S, 1.0)
        reach = _REACH[0] + (_REACH[1] - _REACH[0]) * waited
        sizes = track.last.size_px, face.size_px
        away = np.hypot(*(track.predicted(time_s) - face.center)) / max(np.mean(sizes), 1.0)
        grown = abs(np.log(max(sizes[1], 1.0) / max(sizes[0], 1.0)))
        return float((away + grown) / reach)

    def _doubt(self, track: Track, face: Sighting) -> float:
        """Ask the vectors; return what to add to the cost."""
        known = [one.vector for one in track.ballot.samples]
        if min(face.quality, 1.0 if known else track.best.quality) < LEAST_QUALITY:
            # Nothing can be said of one of them: better a new track than somebody else's.
            return _NEVER if known or track.best.quality >= LEAST_QUALITY else 0.0
        self._encode([face] if known else [face, track.best])
        if not known and track.best.vector is not None:
            known = [track.best.vector]
        if face.vector is None or not known:
            return 0.0
        apart = self._likeness.apart(face.vector, known)
        return _NEVER if apart > 1 else _WEIGHT * apart

    def _hidden(self) -> NDArray[np.bool_]:
        """Tell for each track whether another face overlaps it, shape (tracks,)."""
        boxes = np.array([one.last.face.box for one in self.tracks], np.float64)
        overlaps = intersections(boxes, boxes)
        np.fill_diagonal(overlaps, 0)
        return np.asarray(overlaps.max(axis=1, initial=0) > _OVERLAP)


def intersections(ones: NDArray[np.floating], others: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return how much boxes overlap.

    Parameters
    ----------
    ones : ndarray of shape (n, 4)
        ``x1 y1 x2 y2``.
    others : ndarray of shape (m, 4)
        The same.

    Returns
    -------
    ndarray of shape (n, m), float64
        Intersection over union, 0 to 1.
    """
    ones, others = ones.reshape(-1, 1, 4), others.reshape(1, -1, 4)
    low = np.maximum(ones[..., :2], others[..., :2])
    high = np.minimum(ones[..., 2:], others[..., 2:])
    inside = np.prod(np.maximum(high - low, 0), axis=-1)
    areas = [np.prod(boxes[..., 2:] - boxes[..., :2], axis=-1) for boxes in (ones, others)]
    shared: NDArray[np.float64] = inside / np.maximum(areas[0] + areas[1] - inside, 1e-9)
    return shared

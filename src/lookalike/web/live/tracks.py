"""Which face of a frame is which one of the frames before.

A camera in front of people shows few faces that move little between two looks, so nearest place
and nearest vector are enough; a track remembers nothing but its last place and the mean of what it
has looked like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.types import Analysis

#: How far a face may have moved, in its own size, for each second and at least.
_SPEED: Final = 3.0
_LEAST_REACH: Final = 0.5
#: How long a face may be out of sight, and how long a busy service may not have looked.
_LOST_S: Final = 1.0
_BUSY_S: Final = 5.0
#: Over how many looks a track's vector is averaged: about two seconds.
_LOOKS: Final = 16
#: Vectors that are farther apart than so many times the usual change of a face between two looks
#: belong to two people. The usual change is learned from the track itself.
_OTHER: Final = 4.0
_USUAL_START: Final = 0.12


@dataclass(slots=True, eq=False)
class Track:
    """A face that is followed.

    Parameters
    ----------
    number : int
        From 1.
    box : ndarray of shape (4,), float32
        Where it was last, in pixels.
    vector : ndarray of shape (d,), float32
        The mean of its last looks.
    seen_s, since_s : float
        When it was last seen, and first.
    looks : int
        How often it was seen.
    usual : float
        How much its vector changes between two looks, as a part of its length.
    """

    number: int
    box: NDArray[np.float32]
    vector: NDArray[np.float32]
    seen_s: float
    since_s: float
    looks: int = 1
    usual: float = _USUAL_START

    def see(self, box: NDArray[np.float32], vector: NDArray[np.float32], now_s: float) -> None:
        """Go on with the face of a new frame.

        Parameters
        ----------
        box : ndarray of shape (4,), float32
            Where it is.
        vector : ndarray of shape (d,), float32
            What it looks like.
        now_s : float
            When.
        """
        self.usual += 0.1 * (self.change(vector) - self.usual)
        self.looks += 1
        self.vector = self.vector + (vector - self.vector) / np.float32(min(self.looks, _LOOKS))
        self.box, self.seen_s = box, now_s

    def change(self, vector: NDArray[np.float32]) -> float:
        """Return how far a vector is from the track's, as a part of its length."""
        length = max(float(np.linalg.norm(self.vector)), 1e-9)
        return float(np.linalg.norm(vector - self.vector)) / length

    def gap(self, box: NDArray[np.float32], now_s: float) -> float:
        """Return how far a box is from the track's, 1 being the farthest it may be."""
        size = max(float((self.box[2:] - self.box[:2]).max()), 1.0)
        centers = (box[:2] + box[2:] - self.box[:2] - self.box[2:]) / 2
        growth = abs(float((box[2:] - box[:2]).max()) / size - 1)
        reach = max(_LEAST_REACH, _SPEED * (now_s - self.seen_s))
        return float(np.linalg.norm(centers) / size + growth / 2) / reach


class Tracks:
    """Follows faces from frame to frame."""

    def __init__(self) -> None:
        self._count = 0
        self._looked_s = 0.0
        self.followed: list[Track] = []

    def follow(self, analysis: Analysis, now_s: float) -> list[Track]:
        """Say which track each face of a frame belongs to.

        Parameters
        ----------
        analysis : Analysis
            The frame.
        now_s : float
            When it was taken, in seconds.

        Returns
        -------
        list of Track
            One for each face; new ones where none fits.
        """
        self.followed = [one for one in self.followed if not self._is_lost(one, now_s)]
        self._looked_s = now_s
        boxes, vectors = analysis.faces.boxes, analysis.embeddings.vectors
        pairs = sorted(
            (track.gap(boxes[face], now_s) + track.change(vectors[face]), track.number, face)
            for track in self.followed
            for face in range(len(boxes))
            if track.gap(boxes[face], now_s) <= 1
            and track.change(vectors[face]) <= _OTHER * max(track.usual, _USUAL_START)
        )
        by_number = {track.number: track for track in self.followed}
        found: dict[int, Track] = {}
        for _, number, face in pairs:
            if face not in found and number in by_number:
                found[face] = by_number.pop(number)
                found[face].see(boxes[face], vectors[face], now_s)
        for face in range(len(boxes)):
            if face not in found:
                self._count += 1
                found[face] = Track(self._count, boxes[face], vectors[face], now_s, now_s)
                self.followed.append(found[face])
        return [found[face] for face in range(len(boxes))]

    def _is_lost(self, track: Track, now_s: float) -> bool:
        was_there = track.seen_s == self._looked_s
        return now_s - track.seen_s > (_BUSY_S if was_there else _LOST_S)

"""Five landmarks for detectors that give only boxes: O-Net, the last network of MTCNN.

O-Net looks at a square around a face, says whether it is one, where its box should be, and where
eyes, nose and mouth corners are. It was made for the squares that the networks before it pass
on; the boxes of other detectors are first brought to where those would be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from lookalike.detection.boxes import moved, planes, points_within, squared
from lookalike.detection.pyramid import Pyramid
from lookalike.models.card import card
from lookalike.types import Faces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.models.runtime import Runtime
    from lookalike.protocols import Session

_PATCH_PX: Final = 48

#: What O-Net must say of a face that another detector has found. Measured on 378 photos of LFW
#: against what MTCNN, YuNet and SCRFD find: of the faces that Haar, HOG, MMOD and SSD find, at
#: least 99.3 % stay; of 31 false boxes of Haar 26 go, of 109 weak ones of SSD 97.
LEAST_SCORE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Framing:
    """From a detector's box to the square that O-Net expects: its convention for boxes.

    Parameters
    ----------
    right, down : float
        How far the square's center lies from the box's, as parts of the box's longer side.
    size : float
        The square's side as a part of the box's longer side.
    """

    right: float
    down: float
    size: float

    def squares(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the square of each box.

        Parameters
        ----------
        boxes : ndarray of shape (n, 4), float32
            ``x1 y1 x2 y2``.

        Returns
        -------
        ndarray of shape (n, 4), float32
            ``x1 y1 x2 y2``.
        """
        sides = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True)
        away = np.array([self.right, self.down], np.float32)
        center = (boxes[:, :2] + boxes[:, 2:]) / 2 + away * sides
        half = sides * np.float32(self.size / 2)
        return np.concatenate([center - half, center + half], axis=1)


class Landmarker:
    """Adds landmarks to boxes. Safe to share between threads.

    Parameters
    ----------
    session : Session
        O-Net.

    Notes
    -----
    O-Net looks twice: the second time at where it said that the box should be. Then the median
    distance to the landmarks that MTCNN itself gives is 0.7 % of the face's width, whichever
    detector the box comes from (once: 0.7 to 0.8 %, with a longer tail).
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @classmethod
    def open(cls, runtime: Runtime) -> Self:
        """Open O-Net as it comes with MTCNN.

        Parameters
        ----------
        runtime : Runtime
            What runs the network.

        Returns
        -------
        Landmarker
            Ready for boxes.

        Raises
        ------
        ModelError
            One of its kinds, if the network cannot be used.
        """
        return cls(runtime.sessions(card("mtcnn"))["onet"])

    def complete(
        self,
        pixels: NDArray[np.uint8],
        boxes: NDArray[np.float32],
        scores: NDArray[np.float32] | None,
        framing: Framing,
        least: float,
    ) -> Faces:
        """Find the landmarks of faces, and drop what is no face.

        Parameters
        ----------
        pixels : ndarray of shape (H, W, 3), uint8
            The picture.
        boxes : ndarray of shape (n, 4), float32
            Where a detector saw faces.
        scores : ndarray of shape (n,), float32, or None
            The detector's confidence, 0 to 1; O-Net's own if there is none.
        framing : Framing
            The detector's convention.
        least : float
            What O-Net must say of a face, 0 to 1.

        Returns
        -------
        Faces
            The detector's boxes and scores, best first, with landmarks.
        """
        if len(boxes) == 0:
            return Faces.none()
        pyramid = Pyramid(pixels)
        first = framing.squares(boxes)
        _, offsets, _ = self._session.run(planes(pyramid.patches(first, _PATCH_PX)))
        second = squared(moved(first, offsets))
        sure, _, points = self._session.run(planes(pyramid.patches(second, _PATCH_PX)))
        stated = sure[:, 0] if scores is None else scores
        passed = np.flatnonzero(sure[:, 0] >= least)
        order = passed[np.argsort(-stated[passed], kind="stable")]
        landmarks = points_within(points, second)
        return Faces(boxes, landmarks.astype(np.float32), stated.astype(np.float32)).take(order)

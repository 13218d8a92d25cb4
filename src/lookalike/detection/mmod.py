"""MMOD: dlib's convolutional sliding window, completed by landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from lookalike.detection.boxes import planes
from lookalike.detection.dlib_extra import score_of
from lookalike.detection.landmarks import LEAST_SCORE, Framing, Landmarker
from lookalike.detection.looks import Look, search
from lookalike.detection.ranges import check_range
from lookalike.detection.tiled_pyramid import tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.models.card import Card
    from lookalike.models.runtime import Runtime
    from lookalike.protocols import Session
    from lookalike.types import Faces, Image

_WINDOW_PX: Final = 80

#: Pixels of the canvas between two windows, and the middle of the first.
_STEP_PX: Final = 8
_FIRST_PX: Final = 14

#: What the network takes for nothing.
_MEAN: Final = np.array([122.782, 117.001, 104.298], np.float32).reshape(3, 1, 1)

#: Of two boxes that share more than this part of the smallest box around both, the better stays.
_OVERLAP: Final = 0.338276

#: A picture with a shorter side is not looked at: it holds less than half a window.
_LEAST_PX: Final = _WINDOW_PX // 2

#: A small picture is enlarged like dlib's example does, once; larger would only blur.
_ENLARGED: Final = 2.0

#: Measured on 205 faces of LFW against the squares that reach O-Net within MTCNN.
_FRAMING: Final = Framing(right=0.0, down=-0.027, size=1.205)


@dataclass(frozen=True, slots=True)
class MmodOptions:
    """How hard to look.

    Parameters
    ----------
    min_face : float
        The smallest face to look for, as a part of the picture's longer side, 0.02 to 0.5. In a
        small picture it is 40 pixels. Time and memory grow with the inverse square of this, to
        seconds and 2 GB for a large picture at 0.02.
    threshold : float
        dlib's margin that a face must reach, 0 to 2; 0 is dlib's own.
    least_landmarks : float
        What O-Net must say of a face, 0 to 1; 0 keeps all.
    """

    min_face: float = 0.08
    threshold: float = 0.0
    least_landmarks: float = LEAST_SCORE

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_range("min_face", self.min_face, 0.02, 0.5)
        check_range("threshold", self.threshold, 0, 2)
        check_range("least_landmarks", self.least_landmarks, 0, 1)


class Mmod:
    """dlib's max-margin network, on ONNX Runtime. Safe to share between threads.

    Parameters
    ----------
    session : Session
        The network: (n, 3, rows, columns) float32 RGB less the mean in; margins of windows out.
    landmarker : Landmarker
        Adds landmarks, and drops boxes that are no faces.
    options : MmodOptions, optional
        How hard to look.

    Notes
    -----
    Boxes and margins are those of dlib to half a pixel and 0.001. The score is a logistic
    function of the margin: 0.5 at dlib's border, 0.98 at 1.

    References
    ----------
    King, "Max-Margin Object Detection", 2015.
    """

    name = "mmod"

    def __init__(
        self, session: Session, landmarker: Landmarker, options: MmodOptions | None = None
    ) -> None:
        self._session = session
        self._landmarker = landmarker
        self.options = options or MmodOptions()

    @classmethod
    def open(cls, card: Card, runtime: Runtime) -> Self:
        """Open the detector that a card describes.

        Parameters
        ----------
        card : Card
            With the part ``"mmod"``.
        runtime : Runtime
            What runs the networks.

        Returns
        -------
        Mmod
            Ready for pictures.

        Raises
        ------
        ModelError
            One of its kinds, if the network or the landmarks cannot be used.
        """
        return cls(runtime.sessions(card)["mmod"], Landmarker.open(runtime))

    def detect(self, images: Sequence[Image]) -> list[Faces]:
        """Find the faces of pictures.

        Parameters
        ----------
        images : sequence of Image
            Any number, of any size.

        Returns
        -------
        list of Faces
            One for each picture, best first; boxes and landmarks in pixels of that picture.
        """
        return [self._detect_one(image) for image in images]

    def _detect_one(self, image: Image) -> Faces:
        fine = Look(round(_WINDOW_PX / self.options.min_face), enlarged=_ENLARGED)
        boxes, scores = search(image.pixels, (fine,), self._look)
        least = self.options.least_landmarks
        return self._landmarker.complete(image.pixels, boxes, scores, _FRAMING, least)

    def _look(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what dlib would find on a canvas, best first."""
        rows, columns = pixels.shape[:2]
        if min(rows, columns) < _LEAST_PX:
            return np.empty((0, 4), np.float32), np.empty(0, np.float32)
        levels = tiles(columns, rows)
        canvas = levels.draw(planes(pixels[None])[0] - _MEAN)
        (output,) = self._session.run(canvas[None])
        y, x = np.nonzero(output[0, 0] > self.options.threshold)
        boxes = levels.boxes(np.stack([x, y], axis=1) * _STEP_PX + _FIRST_PX, _WINDOW_PX)
        margins = output[0, 0, y, x]
        keep = _best(boxes, margins)
        return boxes[keep], score_of(margins[keep])


def _best(boxes: NDArray[np.float32], margins: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the rows that stay of boxes that overlap, best first; dlib's own suppression.

    One after the other, because a face has dozens of windows: comparing all with all would take
    memory by their square.
    """
    left = np.argsort(-margins, kind="stable")
    kept = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        left = left[_shared(boxes[best], boxes[left]) <= _OVERLAP]
    return np.array(kept, np.int64)


def _shared(box: NDArray[np.float32], boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a box shares with others, as parts of the smallest boxes around both."""
    low, high = np.minimum(box, boxes), np.maximum(box, boxes)
    shared = np.maximum(low[:, 2:] - high[:, :2], 0).prod(axis=1)
    result: NDArray[np.float32] = shared / (high[:, 2:] - low[:, :2]).prod(axis=1)
    return result

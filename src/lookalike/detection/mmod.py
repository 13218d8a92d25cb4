"""MMOD: dlib's convolutional sliding window, completed by landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from lookalike.detection.dlib_extra import corners_of, import_dlib, score_of
from lookalike.detection.landmarks import LEAST_SCORE, Framing, Landmarker
from lookalike.detection.looks import Look, search
from lookalike.detection.ranges import check_range
from lookalike.errors import WeightsUnreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.models.card import Card
    from lookalike.models.runtime import Runtime
    from lookalike.types import Faces, Image

_WINDOW_PX: Final = 80

#: A picture with a shorter side is not shown to dlib: it holds less than half a window, and on
#: one of a few pixels dlib raises an error that leaves its memory damaged.
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
        small picture it is 40 pixels. The time grows with the inverse square of this.
    threshold : float
        dlib's margin that a face must reach, 0 to 2; 0 is dlib's own.
    least_landmarks : float
        What O-Net must say of a face, 0 to 1; 0 keeps all.
    """

    min_face: float = 0.16
    threshold: float = 0.0
    least_landmarks: float = LEAST_SCORE

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_range("min_face", self.min_face, 0.02, 0.5)
        check_range("threshold", self.threshold, 0, 2)
        check_range("least_landmarks", self.least_landmarks, 0, 1)


class Mmod:
    """dlib's max-margin network. Safe to share between threads; slow without a GPU.

    Parameters
    ----------
    detector : dlib.cnn_face_detection_model_v1
        The network.
    landmarker : Landmarker
        Adds landmarks, and drops boxes that are no faces.
    options : MmodOptions, optional
        How hard to look.

    Notes
    -----
    The score is a logistic function of dlib's margin: 0.5 at dlib's border, 0.98 at 1.

    dlib keeps its layers' outputs inside, so calls take turns.

    References
    ----------
    King, "Max-Margin Object Detection", 2015.
    """

    name = "mmod"

    def __init__(
        self, detector: Any, landmarker: Landmarker, options: MmodOptions | None = None
    ) -> None:
        self._detector = detector
        self._landmarker = landmarker
        self._turn = Lock()
        self.options = options or MmodOptions()

    @classmethod
    def open(cls, card: Card, runtime: Runtime) -> Self:
        """Open the detector that a card describes.

        Parameters
        ----------
        card : Card
            With the part ``"mmod"``.
        runtime : Runtime
            Where its file is, and what runs the landmarks.

        Returns
        -------
        Mmod
            Ready for pictures.

        Raises
        ------
        MissingExtra
            If dlib is not installed.
        ModelError
            One of its kinds, if the network or the landmarks cannot be used.
        """
        dlib = import_dlib(cls.name)
        path = runtime.files(card)["mmod"]
        try:
            detector = dlib.cnn_face_detection_model_v1(str(path))
        except RuntimeError as error:
            raise WeightsUnreadable(f"{path.name} cannot be read by dlib: {error}") from error
        return cls(detector, Landmarker.open(runtime))

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
        """Return what dlib finds on a canvas."""
        if min(pixels.shape[:2]) < _LEAST_PX:
            return np.empty((0, 4), np.float32), np.empty(0, np.float32)
        with self._turn:
            found = self._detector(pixels, 0)
            pairs = [(corners_of(one.rect), one.confidence) for one in found]
        pairs = [(box, margin) for box, margin in pairs if margin >= self.options.threshold]
        boxes = np.array([box for box, _ in pairs], np.float32).reshape(-1, 4)
        return boxes, score_of([margin for _, margin in pairs])

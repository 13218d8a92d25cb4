"""HOG: dlib's sliding window over histograms of oriented gradients, completed by landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from lookalike.detection.dlib_extra import corners_of, import_dlib, score_of
from lookalike.detection.landmarks import LEAST_SCORE, Framing, Landmarker
from lookalike.detection.looks import Look, search
from lookalike.detection.ranges import check_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.models.card import Card
    from lookalike.models.runtime import Runtime
    from lookalike.types import Faces, Image

_WINDOW_PX: Final = 80

#: A small picture is enlarged like dlib's example does, once; larger would only blur.
_ENLARGED: Final = 2.0

#: A face that fills the picture is found in a small copy with a frame around it.
_COARSE: Final = Look(300, frame=0.25)

#: Measured on 413 faces of LFW against the squares that reach O-Net within MTCNN.
_FRAMING: Final = Framing(right=-0.01, down=-0.086, size=1.134)


@dataclass(frozen=True, slots=True)
class HogOptions:
    """How hard to look.

    Parameters
    ----------
    min_face : float
        The smallest face to look for, as a part of the picture's longer side, 0.02 to 0.5. In a
        small picture it is 40 pixels.
    threshold : float
        dlib's margin that a face must reach, -1 to 2; 0 is dlib's own.
    least_landmarks : float
        What O-Net must say of a face, 0 to 1; 0 keeps all.
    """

    min_face: float = 0.08
    threshold: float = 0.0
    least_landmarks: float = LEAST_SCORE

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_range("min_face", self.min_face, 0.02, 0.5)
        check_range("threshold", self.threshold, -1, 2)
        check_range("least_landmarks", self.least_landmarks, 0, 1)


class Hog:
    """dlib's frontal face detector. Safe to share between threads.

    Parameters
    ----------
    detector : dlib.fhog_object_detector
        What ``dlib.get_frontal_face_detector`` returns.
    landmarker : Landmarker
        Adds landmarks, and drops boxes that are no faces.
    options : HogOptions, optional
        How hard to look.

    Notes
    -----
    The score is a logistic function of dlib's margin: 0.5 at dlib's border, 0.98 at 1.

    dlib keeps the picture that it works on inside, so calls take turns.

    References
    ----------
    Dalal, Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005.
    King, "Max-Margin Object Detection", 2015.
    """

    name = "hog"

    def __init__(
        self, detector: Any, landmarker: Landmarker, options: HogOptions | None = None
    ) -> None:
        self._detector = detector
        self._landmarker = landmarker
        self._turn = Lock()
        self.options = options or HogOptions()

    @classmethod
    def open(cls, card: Card, runtime: Runtime) -> Self:  # noqa: ARG003 - dlib has it built in
        """Open the detector.

        Parameters
        ----------
        card : Card
            Without files.
        runtime : Runtime
            What runs the landmarks.

        Returns
        -------
        Hog
            Ready for pictures.

        Raises
        ------
        MissingExtra
            If dlib is not installed.
        ModelError
            One of its kinds, if the landmarks cannot be used.
        """
        dlib = import_dlib(cls.name)
        return cls(dlib.get_frontal_face_detector(), Landmarker.open(runtime))

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
        boxes, scores = search(image.pixels, (fine, _COARSE), self._look)
        least = self.options.least_landmarks
        return self._landmarker.complete(image.pixels, boxes, scores, _FRAMING, least)

    def _look(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what dlib finds on a canvas."""
        with self._turn:
            found, margins, _ = self._detector.run(pixels, 0, self.options.threshold)
        boxes = np.array([corners_of(one) for one in found], np.float32).reshape(-1, 4)
        return boxes, score_of(margins)

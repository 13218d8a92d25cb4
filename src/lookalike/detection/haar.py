"""Haar: OpenCV's classic cascade of boosted features, completed by landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

import cv2
import numpy as np

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

_WINDOW_PX: Final = 24

#: A face that fills the picture is found in a small copy with a frame around it.
_COARSE: Final = Look(120, frame=0.25)

#: Measured on 397 faces of LFW against the squares that reach O-Net within MTCNN.
_FRAMING: Final = Framing(right=-0.026, down=-0.005, size=1.05)

#: From windows that agree to a score: even odds at 5.5 windows, fitted to 432 boxes of LFW.
_EVEN_WINDOWS: Final = 5.5
_STEEPNESS: Final = 2.5


@dataclass(frozen=True, slots=True)
class HaarOptions:
    """How hard to look.

    Parameters
    ----------
    min_face : float
        The smallest face to look for, as a part of the picture's longer side, 0.01 to 0.5. In a
        small picture it is 24 pixels.
    factor : float
        Ratio between two sizes at which the picture is scanned, 1.01 to 2.
    neighbors : int
        How many windows must agree on a face, 1 to 100.
    least_landmarks : float
        What O-Net must say of a face, 0 to 1; 0 keeps all.
    """

    min_face: float = 0.06
    factor: float = 1.1
    neighbors: int = 3
    least_landmarks: float = LEAST_SCORE

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_range("min_face", self.min_face, 0.01, 0.5)
        check_range("factor", self.factor, 1.01, 2)
        check_range("neighbors", self.neighbors, 1, 100)
        check_range("least_landmarks", self.least_landmarks, 0, 1)


class Haar:
    """OpenCV's cascade. Safe to share between threads.

    Parameters
    ----------
    cascade : cv2.CascadeClassifier
        The cascade.
    landmarker : Landmarker
        Adds landmarks, and drops boxes that are no faces.
    options : HaarOptions, optional
        How hard to look.

    Notes
    -----
    The score of a face at which n windows agree is ``1 / (1 + (5.5 / n)^2.5)``, a logistic
    function of log n.

    A cascade keeps the picture that it works on inside, so calls take turns; OpenCV spreads one
    call over all cores.

    References
    ----------
    Viola, Jones, "Rapid Object Detection Using a Boosted Cascade of Simple Features", CVPR 2001.
    """

    name = "haar"

    def __init__(
        self,
        cascade: cv2.CascadeClassifier,
        landmarker: Landmarker,
        options: HaarOptions | None = None,
    ) -> None:
        self._cascade = cascade
        self._landmarker = landmarker
        self._turn = Lock()
        self.options = options or HaarOptions()

    @classmethod
    def open(cls, card: Card, runtime: Runtime) -> Self:
        """Open the detector that a card describes.

        Parameters
        ----------
        card : Card
            With the part ``"cascade"``.
        runtime : Runtime
            Where its file is, and what runs the landmarks.

        Returns
        -------
        Haar
            Ready for pictures.

        Raises
        ------
        ModelError
            One of its kinds, if the cascade or the landmarks cannot be used.
        """
        path = runtime.files(card)["cascade"]
        try:
            cascade = cv2.CascadeClassifier(str(path))
        except (cv2.error, SystemError) as error:
            raise WeightsUnreadable(f"{path.name} does not hold a cascade: {error}") from error
        if cascade.empty():
            raise WeightsUnreadable(f"{path.name} does not hold a cascade")
        return cls(cascade, Landmarker.open(runtime))

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
        fine = Look(round(_WINDOW_PX / self.options.min_face))
        boxes, scores = search(image.pixels, (fine, _COARSE), self._look)
        least = self.options.least_landmarks
        return self._landmarker.complete(image.pixels, boxes, scores, _FRAMING, least)

    def _look(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what the cascade finds on a canvas."""
        gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        with self._turn:
            found, counts = self._cascade.detectMultiScale2(
                gray, self.options.factor, self.options.neighbors
            )
        # Nothing found is an empty tuple.
        corners = np.asarray(found, np.float32).reshape(-1, 4)
        boxes = np.concatenate([corners[:, :2], corners[:, :2] + corners[:, 2:]], axis=1)
        windows = np.asarray(counts, np.float64).reshape(-1)
        scores = 1 / (1 + (_EVEN_WINDOWS / windows) ** _STEEPNESS)
        return boxes, scores.astype(np.float32)

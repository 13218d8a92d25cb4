"""SSD: OpenCV's res10 network, run by OpenCV, completed by landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

import cv2
import numpy as np

from lookalike.detection.landmarks import LEAST_SCORE, Framing, Landmarker
from lookalike.detection.looks import Look, distinct
from lookalike.detection.ranges import check_range
from lookalike.errors import WeightsUnreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.models.card import Card, InputSpec
    from lookalike.models.runtime import Runtime
    from lookalike.types import Faces, Image

#: Measured on 428 faces of LFW against the squares that reach O-Net within MTCNN.
_FRAMING: Final = Framing(right=-0.028, down=-0.015, size=0.926)

#: Larger boxes come from the two layers whose anchors the published network misplaces: see Notes.
_LARGEST_PX: Final = 175

#: Faces as large as that are found in a small copy with a frame around it.
_COARSE_PX: Final = 150
_FRAME: Final = 0.5


@dataclass(frozen=True, slots=True)
class SsdOptions:
    """How hard to look.

    Parameters
    ----------
    threshold : float
        The least score of a face, 0 to 1.
    overlap : float
        Of two faces that overlap by more than this, the better stays, 0 to 1.
    side_px : int
        The picture is brought to a square of this side, 150 to 600. Faces from about 28 pixels
        in that square are found: from a tenth of the picture by default.
    least_landmarks : float
        What O-Net must say of a face, 0 to 1; 0 keeps all.
    """

    threshold: float = 0.5
    overlap: float = 0.4
    side_px: int = 300
    least_landmarks: float = LEAST_SCORE

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_range("threshold", self.threshold, 0, 1)
        check_range("overlap", self.overlap, 0, 1)
        check_range("side_px", self.side_px, 150, 600)
        check_range("least_landmarks", self.least_landmarks, 0, 1)


class Ssd:
    """OpenCV's single-shot detector with ten residual layers. Safe to share between threads.

    Parameters
    ----------
    network : cv2.dnn.Net
        The network.
    spec : InputSpec
        What it wants to be fed.
    landmarker : Landmarker
        Adds landmarks, and drops boxes that are no faces.
    options : SsdOptions, optional
        How hard to look.

    Notes
    -----
    The picture is squeezed into a square, as OpenCV's own example does.

    The last two layers of the published network have 5 × 5 places each, but their anchors stand
    100 and 300 pixels apart, as if there were 3 × 3 and one: most lie outside the picture. A face
    larger than half of it is answered with high scores and boxes that are somewhere else. What
    these layers say is dropped, and such faces are looked for in a small framed copy.

    A network keeps its layers' outputs inside, so calls take turns; OpenCV spreads one call over
    all cores.

    References
    ----------
    Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016.
    """

    name = "ssd"

    def __init__(
        self,
        network: cv2.dnn.Net,
        spec: InputSpec,
        landmarker: Landmarker,
        options: SsdOptions | None = None,
    ) -> None:
        self._network = network
        self._spec = spec
        self._landmarker = landmarker
        self._turn = Lock()
        self.options = options or SsdOptions()

    @classmethod
    def open(cls, card: Card, runtime: Runtime) -> Self:
        """Open the detector that a card describes.

        Parameters
        ----------
        card : Card
            With the parts ``"weights"`` and ``"layers"``, of Caffe or of TensorFlow.
        runtime : Runtime
            Where its files are, and what runs the landmarks.

        Returns
        -------
        Ssd
            Ready for pictures.

        Raises
        ------
        ModelError
            One of its kinds, if the network or the landmarks cannot be used.
        """
        files = runtime.files(card)
        try:
            network = cv2.dnn.readNet(str(files["weights"]), str(files["layers"]))
        except cv2.error as error:
            raise WeightsUnreadable(
                f"{files['weights'].name} cannot be read by OpenCV: {error}"
            ) from error
        return cls(network, card.input, Landmarker.open(runtime))

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
        side_px, least = self.options.side_px, self.options.least_landmarks
        fine = Look(max(image.width, image.height))
        # The second square grows with the first, so that no size of face falls between them.
        coarse_px = max(_COARSE_PX, side_px // 2)
        parts = []
        for look, side in ((fine, side_px), (Look(coarse_px, frame=_FRAME), coarse_px)):
            canvas = look.show(image.pixels)
            found = self._look(canvas.pixels, side)
            small = (found[:, 3:] - found[:, 1:3]).max(axis=1) * side <= _LARGEST_PX
            found = found[small & (found[:, 0] >= self.options.threshold)]
            sides = np.array(canvas.pixels.shape[1::-1], np.float32)
            corners = canvas.to_picture(found[:, 1:].reshape(-1, 2, 2) * sides)
            parts.append((corners.reshape(-1, 4).astype(np.float32), found[:, 0]))
        boxes, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
        rows = distinct(boxes, scores, self.options.overlap)
        return self._landmarker.complete(image.pixels, boxes[rows], scores[rows], _FRAMING, least)

    def _look(self, pixels: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
        """Return score and corners, as parts of the canvas's sides, of all candidates."""
        spec = self._spec
        blob = cv2.dnn.blobFromImage(
            pixels,
            spec.scale,
            (side, side),
            # OpenCV subtracts after it has swapped the channels.
            spec.mean,
            swapRB=spec.channels == "bgr",
        )
        with self._turn:
            self._network.setInput(blob)
            rows = np.array(self._network.forward(), np.float32).reshape(-1, 7)
        # Where nothing is found OpenCV returns one row of zeros, or one without a size.
        sides = rows[:, 5:] - rows[:, 3:5]
        return rows[(sides > 0).all(axis=1), 2:]

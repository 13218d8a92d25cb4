"""YuNet: a tiny network that sees faces at three strides, with five landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from lookalike.detection.ranges import check_range
from lookalike.detection.single_shot import STRIDES, anchors, scan
from lookalike.types import Faces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.models.card import Card
    from lookalike.models.runtime import Runtime
    from lookalike.protocols import Session
    from lookalike.types import Image


@dataclass(frozen=True, slots=True)
class YunetOptions:
    """How hard to look.

    Parameters
    ----------
    threshold : float
        The least score of a face, 0 to 1.
    overlap : float
        Of two faces that overlap by more than this, the better stays, 0 to 1.
    longest_px : int
        A larger picture is brought down to this longer side, 64 to 4096. Faces from about 16
        pixels at that size are found: from 2.5 % of the picture by default.
    """

    threshold: float = 0.7
    overlap: float = 0.3
    longest_px: int = 640

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_range("threshold", self.threshold, 0, 1)
        check_range("overlap", self.overlap, 0, 1)
        check_range("longest_px", self.longest_px, 64, 4096)


class Yunet:
    """The fast detector of OpenCV, on ONNX Runtime. Safe to share between threads.

    Parameters
    ----------
    session : Session
        The network: (n, 3, rows, columns) float32 BGR 0-255 in; scores, objectness, boxes and
        landmarks of three strides out.
    options : YunetOptions, optional
        How hard to look.

    Notes
    -----
    The score is the geometric mean of the network's two: how much an anchor looks like a face,
    and how well its box fits. YuNet names eyes and mouth corners as the person would, right
    first: as seen in the picture, that is left first.

    References
    ----------
    Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research,
    2023.
    """

    name = "yunet"

    def __init__(self, session: Session, options: YunetOptions | None = None) -> None:
        self._session = session
        self.options = options or YunetOptions()

    @classmethod
    def open(cls, card: Card, runtime: Runtime) -> Self:
        """Open the detector that a card describes.

        Parameters
        ----------
        card : Card
            With the part ``"yunet"``.
        runtime : Runtime
            What runs the network.

        Returns
        -------
        Yunet
            Ready for pictures.

        Raises
        ------
        ModelError
            One of its kinds, if the network cannot be used.
        """
        return cls(runtime.sessions(card)["yunet"])

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
        options = self.options
        return [
            scan(image.pixels, self._look, options.longest_px, options.overlap) for image in images
        ]

    def _look(self, pixels: NDArray[np.uint8]) -> Faces:
        """Return all candidates of a canvas that score enough."""
        rows, columns = pixels.shape[:2]
        bgr = pixels[..., ::-1].transpose(2, 0, 1)[None]
        outputs = self._session.run(np.ascontiguousarray(bgr, dtype=np.float32))
        # Four kinds of outputs, each for three strides.
        kinds = (outputs[at : at + len(STRIDES)] for at in range(0, len(outputs), len(STRIDES)))
        parts = []
        for stride, face, fit, box, points in zip(STRIDES, *kinds, strict=True):
            scores = np.sqrt(np.clip(face[0, :, 0], 0, 1) * np.clip(fit[0, :, 0], 0, 1))
            chosen = np.flatnonzero(scores >= self.options.threshold)
            places = anchors(rows, columns, stride)[chosen]
            middle = places + box[0, chosen, :2] * stride
            half = np.exp(box[0, chosen, 2:]) * (stride / 2)
            boxes = np.concatenate([middle - half, middle + half], axis=1)
            landmarks = places[:, None] + points[0, chosen].reshape(-1, 5, 2) * stride
            parts.append((boxes, landmarks, scores[chosen]))
        boxes, landmarks, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Faces(
            boxes.astype(np.float32), landmarks.astype(np.float32), scores.astype(np.float32)
        )

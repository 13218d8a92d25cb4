"""SCRFD: InsightFace's detector, two anchors a place at three strides, with five landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

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

_ANCHORS_EACH: Final = 2
_MEAN: Final = np.float32(127.5)
_SCALE: Final = np.float32(1 / 128)


@dataclass(frozen=True, slots=True)
class ScrfdOptions:
    """How hard to look.

    Parameters
    ----------
    threshold : float
        The least score of a face, 0 to 1.
    overlap : float
        Of two faces that overlap by more than this, the better stays, 0 to 1.
    longest_px : int
        A larger picture is brought down to this longer side, 64 to 4096. Faces from about 12
        pixels at that size are found: from 2 % of the picture by default.
    """

    threshold: float = 0.5
    overlap: float = 0.4
    longest_px: int = 640

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_range("threshold", self.threshold, 0, 1)
        check_range("overlap", self.overlap, 0, 1)
        check_range("longest_px", self.longest_px, 64, 4096)


class Scrfd:
    """The detector of InsightFace. Safe to share between threads.

    Parameters
    ----------
    session : Session
        The network: (1, 3, rows, columns) float32 in, ``(RGB - 127.5) / 128``; scores, boxes and
        landmarks of three strides out.
    options : ScrfdOptions, optional
        How hard to look.

    Notes
    -----
    A box is given by the distances of its sides from the anchor, a landmark by its way from the
    anchor, both in strides.

    References
    ----------
    Guo, Deng, Lattas, Zafeiriou, "Sample and Computation Redistribution for Efficient Face
    Detection", ICLR 2022.
    """

    name = "scrfd"

    def __init__(self, session: Session, options: ScrfdOptions | None = None) -> None:
        self._session = session
        self.options = options or ScrfdOptions()

    @classmethod
    def open(cls, card: Card, runtime: Runtime) -> Self:
        """Open the detector that a card describes.

        Parameters
        ----------
        card : Card
            With the part ``"scrfd"``.
        runtime : Runtime
            What runs the network.

        Returns
        -------
        Scrfd
            Ready for pictures.

        Raises
        ------
        ModelError
            One of its kinds, if the network cannot be used.
        """
        return cls(runtime.sessions(card)["scrfd"])

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
        planes = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=np.float32)
        outputs = self._session.run((planes - _MEAN) * _SCALE)
        # Three kinds of outputs, each for three strides.
        kinds = (outputs[at : at + len(STRIDES)] for at in range(0, len(outputs), len(STRIDES)))
        parts = []
        for stride, face, sides, points in zip(STRIDES, *kinds, strict=True):
            chosen = np.flatnonzero(face[:, 0] >= self.options.threshold)
            places = anchors(rows, columns, stride, _ANCHORS_EACH)[chosen]
            away = sides[chosen] * stride
            boxes = np.concatenate([places - away[:, :2], places + away[:, 2:]], axis=1)
            landmarks = places[:, None] + points[chosen].reshape(-1, 5, 2) * stride
            parts.append((boxes, landmarks, face[chosen, 0]))
        boxes, landmarks, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Faces(boxes, landmarks, scores)

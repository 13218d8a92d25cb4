"""MTCNN: a cascade of three small networks.

P-Net scans the picture at every size for windows that might hold a face, R-Net throws most of
them out, O-Net decides, sharpens the box and says where eyes, nose and mouth corners are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from lookalike.detection.boxes import moved, planes, points_within, squared
from lookalike.detection.nms import suppress, suppress_on_grid
from lookalike.detection.pyramid import STEP_PX, WINDOW_PX, Layout, Pyramid
from lookalike.errors import OptionError
from lookalike.types import Faces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lookalike.models.card import Card
    from lookalike.models.runtime import Runtime
    from lookalike.protocols import Session
    from lookalike.types import Image

_REFINE_PX: Final = 24
_OUTPUT_PX: Final = 48


@dataclass(frozen=True, slots=True)
class MtcnnOptions:
    """How hard to look.

    Parameters
    ----------
    min_face : float
        The smallest face to look for, as a part of the picture's longer side, 0.005 to 0.5.
    thresholds : tuple of float
        What a candidate must score to pass each of the three networks, 0 to 1.
    factor : float
        Ratio between two sizes at which the picture is scanned, 0.3 to 0.95.
    min_face_px : int
        The smallest face to look for in pixels, whatever the picture's size, 12 or more.
    most_candidates : int
        How many windows may reach the second network, best first, 1 or more. Bounds time and
        memory on pictures full of texture.
    """

    min_face: float = 0.04
    thresholds: tuple[float, float, float] = (0.6, 0.7, 0.8)
    factor: float = 0.709
    min_face_px: int = 20
    most_candidates: int = 1000

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not 0.005 <= self.min_face <= 0.5:
            raise OptionError(f"min_face must be between 0.005 and 0.5, got {self.min_face}")
        if not 0.3 <= self.factor <= 0.95:
            raise OptionError(f"factor must be between 0.3 and 0.95, got {self.factor}")
        if self.min_face_px < WINDOW_PX:
            raise OptionError(f"min_face_px must be at least {WINDOW_PX}, got {self.min_face_px}")
        if not all(0 <= least <= 1 for least in self.thresholds):
            raise OptionError(f"thresholds must be between 0 and 1, got {self.thresholds}")
        if self.most_candidates < 1:
            raise OptionError(f"most_candidates must be at least 1, got {self.most_candidates}")


class Mtcnn:
    """The default detector. Safe to share between threads.

    Parameters
    ----------
    sessions : mapping of str to Session
        The networks ``"pnet"``, ``"rnet"`` and ``"onet"``.
    options : MtcnnOptions, optional
        How hard to look.

    Notes
    -----
    The work does not grow with the picture: the smallest face is relative to it, so the largest
    level of the pyramid always has the same size.

    References
    ----------
    Zhang, Zhang, Li, Qiao, "Joint Face Detection and Alignment Using Multitask Cascaded
    Convolutional Networks", IEEE Signal Processing Letters, 2016.
    """

    name = "mtcnn"

    def __init__(
        self, sessions: Mapping[str, Session], options: MtcnnOptions | None = None
    ) -> None:
        self._sessions = sessions
        self.options = options or MtcnnOptions()

    @classmethod
    def open(cls, card: Card, runtime: Runtime) -> Self:
        """Open the detector that a card describes.

        Parameters
        ----------
        card : Card
            With the parts ``"pnet"``, ``"rnet"`` and ``"onet"``.
        runtime : Runtime
            What runs the networks.

        Returns
        -------
        Mtcnn
            Ready for pictures.

        Raises
        ------
        ModelError
            One of its kinds, if the networks cannot be used.
        """
        return cls(runtime.sessions(card))

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
        pyramid = Pyramid(image.pixels)
        boxes = self._propose(pyramid)
        boxes = self._refine(pyramid, boxes)
        return self._decide(pyramid, boxes)

    def _propose(self, pyramid: Pyramid) -> NDArray[np.float32]:
        """Scan all sizes; return square candidates."""
        options = self.options
        longest_px = int(pyramid.size.max())
        smallest_px = max(options.min_face * longest_px, options.min_face_px)
        canvas, plan = pyramid.scan(min(WINDOW_PX / smallest_px, 1.0), options.factor)
        scores, offsets = self._scanned(canvas, plan)
        i, j = np.divmod(np.flatnonzero(scores > options.thresholds[0]), scores.shape[1])
        if len(i) == 0:
            return np.empty((0, 4), np.float32)
        score, boxes = scores[i, j], _windows_to_picture(pyramid, plan, (i, j))
        # Suppressed within each level first, as the authors do: pushing the levels far apart
        # lets one pass do it for all.
        apart = (plan.levels[i, j] * np.float32(8 * longest_px))[:, None].astype(np.float32)
        keep = suppress_on_grid(boxes + apart, score, 0.5, (i, j))[: options.most_candidates]
        boxes = moved(boxes[keep], offsets[:, i[keep], j[keep]].T)
        return squared(boxes[suppress(boxes, score[keep], 0.7)])

    def _scanned(
        self, canvas: NDArray[np.uint8], plan: Layout
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return score and correction of all windows; the score of those in no level is 0."""
        scores = np.zeros(plan.levels.shape, np.float32)
        offsets = np.empty((4, *plan.levels.shape), np.float32)
        for i, j in plan.parts:
            seen = canvas[
                STEP_PX * i.start : STEP_PX * (i.stop - 1) + WINDOW_PX,
                STEP_PX * j.start : STEP_PX * (j.stop - 1) + WINDOW_PX,
            ]
            found = self._sessions["pnet"].run(planes(seen[None]))
            scores[i, j], offsets[:, i, j] = found[0][0, 0], found[1][0]
        return scores, offsets

    def _refine(self, pyramid: Pyramid, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        patches = pyramid.patches(boxes, _REFINE_PX)
        scores, offsets = self._sessions["rnet"].run(planes(patches))
        passed = np.flatnonzero(scores[:, 0] > self.options.thresholds[1])
        boxes = moved(boxes[passed], offsets[passed])
        keep = suppress(boxes, scores[passed, 0], 0.7)
        return squared(boxes[keep])

    def _decide(self, pyramid: Pyramid, boxes: NDArray[np.float32]) -> Faces:
        patches = pyramid.patches(boxes, _OUTPUT_PX)
        scores, offsets, points = self._sessions["onet"].run(planes(patches))
        passed = np.flatnonzero(scores[:, 0] > self.options.thresholds[2])
        boxes, scores = boxes[passed], scores[passed, 0]
        landmarks = points_within(points[passed], boxes)
        boxes = moved(boxes, offsets[passed])
        keep = suppress(boxes, scores, 0.7, over="smaller")
        return Faces(
            boxes[keep].astype(np.float32),
            landmarks[keep].astype(np.float32),
            scores[keep].astype(np.float32),
        )


def _windows_to_picture(
    pyramid: Pyramid, plan: Layout, windows: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> NDArray[np.float32]:
    """Turn windows of the scanning network into boxes in pixels of the picture."""
    i, j = windows
    level = plan.levels[i, j]
    corner = np.stack([j, i], axis=1) * STEP_PX - plan.origins[level]
    scale = pyramid.size / plan.sizes[level]
    boxes = np.concatenate([corner * scale, (corner + WINDOW_PX) * scale], axis=1)
    return boxes.astype(np.float32)

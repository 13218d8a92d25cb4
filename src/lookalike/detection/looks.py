"""Showing a picture to a detector at the size that it works at, perhaps at two sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import cv2
import numpy as np

from lookalike.detection.nms import suppress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

_GRAY: Final = 128

#: A box goes if a better one covers this part of it, or it covers this part of a better one: from
#: near, the parts of a huge face look like faces.
_INSIDE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is shown.

    Parameters
    ----------
    longest_px : int
        Longer side of the picture as it is shown.
    enlarged : float
        How far a smaller picture is enlarged at most; 1 leaves it as it is.
    frame : float
        Width of a frame around it, as a part of the longer side as shown.
    step_px : int
        The sides of what is shown are multiples of this; black fills up to the right and below.
    color : {"gray", "mean"}
        Of the frame: gray, or the picture's mean color, against which its edge stands out least.
    """

    longest_px: int
    enlarged: float = 1.0
    frame: float = 0.0
    step_px: int = 1
    color: Literal["gray", "mean"] = "gray"

    def show(self, pixels: NDArray[np.uint8]) -> Canvas:
        """Bring a picture to this size.

        Parameters
        ----------
        pixels : ndarray of shape (H, W, 3), uint8
            The picture.

        Returns
        -------
        Canvas
            What the detector sees.
        """
        height, width = pixels.shape[:2]
        scale = min(self.longest_px / max(height, width), self.enlarged)
        columns, rows = max(round(width * scale), 1), max(round(height * scale), 1)
        if (rows, columns) != (height, width):
            way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            pixels = np.asarray(cv2.resize(pixels, (columns, rows), interpolation=way), np.uint8)
        edge = round(self.frame * max(rows, columns))
        high, wide = (-(-(side + 2 * edge) // self.step_px) for side in (rows, columns))
        shape = (high * self.step_px, wide * self.step_px, 3)
        drawn = np.zeros(shape, np.uint8)
        if edge:
            drawn[:] = _GRAY if self.color == "gray" else pixels.mean(axis=(0, 1)).round()
        drawn[edge : edge + rows, edge : edge + columns] = pixels
        return Canvas(drawn, np.array([width / columns, height / rows], np.float32), edge)


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """What a detector sees.

    Parameters
    ----------
    pixels : ndarray of shape (rows, columns, 3), uint8
        The picture, with what is around it.
    ratio : ndarray of shape (2,), float32
        Pixels of the picture for each pixel shown, along x and y.
    edge_px : int
        Where the picture begins, along both axes.
    """

    pixels: NDArray[np.uint8]
    ratio: NDArray[np.float32]
    edge_px: int

    def to_picture(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Bring places on the canvas back to the picture.

        Parameters
        ----------
        points : ndarray of shape (..., 2), float32
            ``x y`` in pixels of the canvas.

        Returns
        -------
        ndarray of shape (..., 2), float32
            ``x y`` in pixels of the picture.
        """
        result: NDArray[np.float32] = (points - np.float32(self.edge_px)) * self.ratio
        return result


def search(
    pixels: NDArray[np.uint8],
    looks: Sequence[Look],
    find: Callable[[NDArray[np.uint8]], tuple[NDArray[np.float32], NDArray[np.float32]]],
    overlap: float = 0.4,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Look at a picture several times, and count every face once.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        The picture.
    looks : sequence of Look
        How it is shown.
    find : callable
        Takes the pixels of a canvas, returns boxes of shape (n, 4) and scores of shape (n,).
    overlap : float, default 0.4
        See `distinct`.

    Returns
    -------
    boxes : ndarray of shape (n, 4), float32
        In pixels of the picture, best first.
    scores : ndarray of shape (n,), float32
        As found.
    """
    parts = []
    for look in looks:
        canvas = look.show(pixels)
        boxes, scores = find(canvas.pixels)
        parts.append((canvas.to_picture(boxes.reshape(-1, 2, 2)).reshape(-1, 4), scores))
    boxes, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
    rows = distinct(boxes, scores, overlap)
    return boxes[rows].astype(np.float32), scores[rows].astype(np.float32)


def distinct(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], overlap: float
) -> NDArray[np.int64]:
    """Return one box for each face.

    Parameters
    ----------
    boxes : ndarray of shape (n, 4), float32
        ``x1 y1 x2 y2``.
    scores : ndarray of shape (n,), float32
        Higher is better.
    overlap : float
        A box goes if it overlaps a better one by more than this part of both, 0 to 1, or if one
        of the two lies mostly inside the other.

    Returns
    -------
    ndarray of shape (m,), int64
        Row numbers, by falling score.
    """
    rows = suppress(boxes, scores, overlap)
    return rows[suppress(boxes[rows], scores[rows], _INSIDE, over="smaller")]

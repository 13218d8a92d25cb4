"""Drawing crops: a picture, an affine map, and what to do at the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What lies outside of a picture: black, its mirror image, or more of its edge.
BLACK: Final = cv2.BORDER_CONSTANT
MIRROR: Final = cv2.BORDER_REFLECT_101
EDGE: Final = cv2.BORDER_REPLICATE

#: OpenCV warps no picture with a longer side.
_TOO_LONG_PX: Final = (1 << 15) - 1


def warp(
    pixels: NDArray[np.uint8],
    matrix: NDArray[np.float32],
    side: int,
    border: int = BLACK,
) -> NDArray[np.uint8]:
    """Draw the part of a picture that a map leads into a square crop.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        The picture.
    matrix : ndarray of shape (2, 3), float32
        From picture pixels to crop pixels; a similarity.
    side : int
        Side of the crop in pixels.
    border : {BLACK, MIRROR, EDGE}
        What lies outside of the picture.

    Returns
    -------
    ndarray of shape (side, side, 3), uint8
        The crop; black if the map is all zeros.

    Notes
    -----
    Bilinear sampling looks at four pixels only: a face that shrinks more than twofold would be
    sampled with gaps, so the part of the picture that holds it is reduced first.
    """
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale <= 0:
        return np.zeros((side, side, 3), np.uint8)
    if scale < 0.5 or max(pixels.shape) >= _TOO_LONG_PX:
        corners = np.array([[0, 0], [side, 0], [0, side], [side, side]], np.float64)
        inverse = cv2.invertAffineTransform(matrix.astype(np.float64))
        reach = corners @ inverse[:, :2].T + inverse[:, 2]
        height, width = pixels.shape[:2]
        x1, y1 = np.clip(np.floor(reach.min(axis=0)) - 2, 0, [width - 1, height - 1]).astype(int)
        x2, y2 = np.clip(np.ceil(reach.max(axis=0)) + 2, [x1 + 1, y1 + 1], [width, height]).astype(
            int
        )
        part = pixels[y1:y2, x1:x2]
        shrink = min(scale * 1.5, 1.0)
        small = max(round((x2 - x1) * shrink), 1), max(round((y2 - y1) * shrink), 1)
        ratio = np.array([(x2 - x1) / small[0], (y2 - y1) / small[1]])
        pixels = np.asarray(cv2.resize(part, small, interpolation=cv2.INTER_AREA), np.uint8)
        # small -> picture, then picture -> crop; pixel centers lie at +0.5
        shift = (ratio - 1) / 2 + np.array([x1, y1])
        matrix = np.column_stack(
            [matrix[:, :2] * ratio, matrix[:, :2] @ shift + matrix[:, 2]]
        ).astype(np.float32)
    return np.asarray(
        cv2.warpAffine(pixels, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=border),
        np.uint8,
    )

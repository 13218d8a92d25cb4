"""The part of a photo around a face that is kept when the photo is not.

It stands as the photo does, so nothing is lost at its borders, and is only made smaller: both a
portrait for people to look at and a crop for any encoder can be cut from it later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from lookalike.types import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.types import Face

#: From the middle of the face to each side, in distances of the eyes: what a portrait shows of a
#: face that leans a little.
_REACH: Final = 2.3

#: A face in profile has its eyes close together; then its height says how large it is. This is
#: the distance from the eyes to the mouth of most faces, in distances of the eyes.
_HEIGHT: Final = 1.1


def cutout(image: Image, face: Face, eyes_px: float) -> tuple[Image, NDArray[np.float32]]:
    """Cut out what is around a face.

    Parameters
    ----------
    image : Image
        The picture.
    face : Face
        In pixels of it.
    eyes_px : float
        The distance of the eyes in the cutout; a face that is smaller stays as it is.

    Returns
    -------
    cut : Image
        At least one pixel, also of a face outside the picture.
    landmarks : ndarray of shape (5, 2), float32
        In pixels of `cut`.
    """
    points = face.landmarks.astype(np.float64)
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    unit = max(
        float(np.linalg.norm(points[1] - points[0])),
        float(np.linalg.norm(mouth - eyes)) / _HEIGHT,
        1.0,
    )
    middle = (eyes + mouth) / 2
    size = np.array([image.width, image.height])
    start = np.clip(np.floor(middle - _REACH * unit), 0, size - 1).astype(int)
    end = np.clip(np.ceil(middle + _REACH * unit), start + 1, size).astype(int)
    cut = image.pixels[start[1] : end[1], start[0] : end[0]]
    scale = min(1.0, eyes_px / unit)
    if scale < 1:
        wanted = np.maximum(np.rint((end - start) * scale), 1).astype(int)
        size_px = (int(wanted[0]), int(wanted[1]))
        cut = np.asarray(cv2.resize(cut, size_px, interpolation=cv2.INTER_AREA), np.uint8)
    ratio = np.array([cut.shape[1], cut.shape[0]]) / (end - start)
    # Alignment takes landmarks as numbers of pixels, whose middles move by half of what is lost.
    moved = (points - start + 0.5) * ratio - 0.5
    return Image(np.ascontiguousarray(cut)), moved.astype(np.float32)

"""Faces cut out for people to look at: upright, with their hair, and with nothing made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.alignment.templates import DLIB_150, fit_similarity
from lookalike.alignment.warp import EDGE, warp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.types import Faces, Image

#: In a portrait: distance of the eyes and the place between them, as parts of its side.
EYES: Final = 0.28
_MIDDLE: Final = (0.5, 0.45)


def portraits(image: Image, faces: Faces, size_px: int) -> NDArray[np.uint8]:
    """Cut out every face upright and with its hair.

    A portrait never shows more than the picture holds. A face near the edge stands nearer to the
    edge of its portrait, and one that fills the picture fills its portrait; such a face keeps its
    own slant, because to turn it would need what is not there.

    Parameters
    ----------
    image : Image
        The picture.
    faces : Faces
        Its faces.
    size_px : int
        Side of a portrait.

    Returns
    -------
    ndarray of shape (n, size_px, size_px, 3), uint8
        RGB.
    """
    result = np.empty((len(faces), size_px, size_px, 3), np.uint8)
    for portrait, matrix in zip(result, portrait_maps(image, faces, size_px), strict=True):
        portrait[:] = warp(image.pixels, matrix, size_px, EDGE)
    return result


def portrait_maps(image: Image, faces: Faces, size_px: int) -> NDArray[np.float32]:
    """Say how every face's portrait is cut: where it takes each point of the picture.

    Parameters
    ----------
    image : Image
        The picture.
    faces : Faces
        Its faces.
    size_px : int
        Side of a portrait.

    Returns
    -------
    ndarray of shape (n, 2, 3), float32
        Takes ``(x, y, 1)`` in pixels of the picture to pixels of the portrait.
    """
    points = np.array(DLIB_150.points)
    middle = points[:2].mean(axis=0)
    zoom = EYES * size_px / (points[1, 0] - points[0, 0])
    target = (points - middle) * zoom + np.array(_MIDDLE) * size_px
    room = np.array([image.width, image.height], np.float64)
    maps = fit_similarity(faces.landmarks, target)
    return np.stack([_inside(matrix, size_px, room) for matrix in maps]) if len(maps) else maps


def _inside(
    matrix: NDArray[np.float32], size_px: int, room: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the map itself if its crop lies in the picture, else the nearest one that does."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale <= 0:
        return matrix
    turn = matrix[:, :2].astype(np.float64) / scale
    corners = np.array([[0, 0], [size_px, 0], [0, size_px], [size_px, size_px]], np.float64)
    reach = (corners - matrix[:, 2]) @ turn / scale
    if (reach >= 0).all() and (reach <= room).all():
        return matrix
    # A crop that stands square to the picture is the largest that fits: quarter turns only.
    quarter = np.round(turn)
    if abs(np.linalg.det(quarter)) != 1:  # exactly halfway between two quarter turns
        quarter = np.eye(2)
    side = min(size_px / scale, *room)
    center = np.clip(reach.mean(axis=0), side / 2, room - side / 2)
    linear = quarter * (size_px / side)
    return np.column_stack([linear, size_px / 2 - linear @ center]).astype(np.float32)

"""Step 3: set faces in square crops, all in the same place and at the same size.

A template says where a face belongs: most turn, scale and shift it so that its five landmarks
fall near five fixed points, others cut an upright square around it. The picture is warped by
what the template finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.alignment.templates import (
    ARCFACE_112,
    DLIB_150,
    FACENET_160,
    OPENFACE_96,
    TEMPLATES,
    VGG_224,
    FivePoints,
    Template,
    UprightSquare,
    fit_similarity,
    template,
)
from lookalike.alignment.warp import MIRROR, warp
from lookalike.types import Crops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.types import Faces, Image

__all__ = [
    "ARCFACE_112",
    "DLIB_150",
    "FACENET_160",
    "OPENFACE_96",
    "TEMPLATES",
    "VGG_224",
    "FivePoints",
    "Template",
    "UprightSquare",
    "align",
    "fit_similarity",
    "portraits",
    "template",
]

#: In a portrait: distance of the eyes and the place between them, as parts of its side.
_PORTRAIT_EYES: Final = 0.28
_PORTRAIT_MIDDLE: Final = (0.5, 0.45)


def align(image: Image, faces: Faces, name: str = DLIB_150.name) -> Crops:
    """Cut out every face of a picture as its template wants it.

    Parameters
    ----------
    image : Image
        The picture.
    faces : Faces
        Its faces.
    name : str, default "dlib-150"
        The template.

    Returns
    -------
    Crops
        One for each face; black outside the picture.

    Raises
    ------
    UnknownName
        If there is no template of that name.
    """
    wanted = template(name)
    maps = wanted.fit(faces.landmarks)
    side = wanted.size_px
    pixels = np.empty((len(faces), side, side, 3), np.uint8)
    for crop, matrix in zip(pixels, maps, strict=True):
        crop[:] = warp(image.pixels, matrix, side)
    return Crops(pixels, maps, wanted.name)


def portraits(image: Image, faces: Faces, size_px: int) -> NDArray[np.uint8]:
    """Cut out every face upright and with its hair, for people to look at.

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
        RGB; outside the picture its mirror image, which jars less than a black edge.
    """
    points = np.array(DLIB_150.points)
    middle = points[:2].mean(axis=0)
    eyes_apart = points[1, 0] - points[0, 0]
    zoom = _PORTRAIT_EYES * size_px / eyes_apart
    target = (points - middle) * zoom + np.array(_PORTRAIT_MIDDLE) * size_px
    maps = fit_similarity(faces.landmarks, target)
    result = np.empty((len(faces), size_px, size_px, 3), np.uint8)
    for portrait, matrix in zip(result, maps, strict=True):
        portrait[:] = warp(image.pixels, matrix, size_px, MIRROR)
    return result

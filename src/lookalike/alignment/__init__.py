"""Step 3: set faces in square crops, all in the same place and at the same size.

A template says where a face belongs: most turn, scale and shift it so that its five landmarks
fall near five fixed points, others cut an upright square around it. The picture is warped by
what the template finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.alignment.cutout import cutout
from lookalike.alignment.portraits import EYES, portrait_maps, portraits
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
from lookalike.alignment.warp import warp
from lookalike.types import Crops

if TYPE_CHECKING:
    from lookalike.types import Faces, Image

__all__ = [
    "ARCFACE_112",
    "DLIB_150",
    "EYES",
    "FACENET_160",
    "OPENFACE_96",
    "TEMPLATES",
    "VGG_224",
    "FivePoints",
    "Template",
    "UprightSquare",
    "align",
    "cutout",
    "fit_similarity",
    "portrait_maps",
    "portraits",
    "template",
]


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

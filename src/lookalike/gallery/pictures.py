"""Portraits for people to look at, from what a gallery keeps of its photos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.alignment import portraits
from lookalike.alignment.warp import warp
from lookalike.images import read
from lookalike.types import Faces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns
    from lookalike.gallery.store import GalleryFile
    from lookalike.types import Match

#: Side in pixels of the largest portrait that can be cut from what is kept.
PORTRAIT_PX: Final = 216


def portrait(
    file: GalleryFile, number: int, size_px: int = PORTRAIT_PX
) -> NDArray[np.uint8] | None:
    """Return a portrait of a face.

    Parameters
    ----------
    file : GalleryFile
        The gallery.
    number : int
        The face's number in it.
    size_px : int, default 216
        Side of the portrait.

    Returns
    -------
    ndarray of shape (size_px, size_px, 3), uint8, or None
        RGB, upright; None if the gallery keeps no picture of this face.
    """
    jpeg, points = file.thumbnail(number)
    if not jpeg:
        return None
    image = read(jpeg)
    if points is None:
        # The first format kept finished portraits, which are square.
        return warp(image.pixels, np.eye(2, 3, dtype=np.float32) * (size_px / image.width), size_px)
    box = np.concatenate([points.min(axis=0), points.max(axis=0)])[None]
    face = Faces(box, points[None], np.ones(1, np.float32))
    return np.asarray(portraits(image, face, size_px)[0])


def match_portrait(
    file: GalleryFile, columns: Columns, match: Match, size_px: int
) -> NDArray[np.uint8] | None:
    """Return a portrait from the photo that a match rests on first.

    Parameters
    ----------
    file : GalleryFile
        The gallery.
    columns : Columns
        All of it.
    match : Match
        As a search gave it.
    size_px : int
        Side of the portrait.

    Returns
    -------
    ndarray of shape (size_px, size_px, 3), uint8, or None
        RGB; None if the gallery keeps no picture of it.
    """
    wanted = {photo.id for photo in match.photos[:1]}
    for photo, group, number in zip(columns.photos, columns.groups, columns.numbers, strict=True):
        # A photo of two people has a face of each.
        if photo.id in wanted and columns.people[group].id == match.person.id:
            return portrait(file, int(number), size_px)
    return None

"""Portraits for people to look at, from what a gallery keeps of its photos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from sqlalchemy import select

from lookalike.alignment import align, portrait_maps, portraits
from lookalike.alignment.warp import warp
from lookalike.gallery.storage import schema
from lookalike.images import KEPT, read
from lookalike.types import Faces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns
    from lookalike.gallery.seam import Store
    from lookalike.types import Crops, Image, Match

#: Side in pixels of the largest portrait that can be cut from what is kept.
PORTRAIT_PX: Final = 216


def portrait(file: Store, number: int, size_px: int = PORTRAIT_PX) -> NDArray[np.uint8] | None:
    """Return a portrait of a face.

    Parameters
    ----------
    file : Store
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
    kept = _kept(file, number)
    if kept is None:
        return None
    image, face = kept
    if not len(face):
        # The first format kept finished portraits, which are square.
        return warp(image.pixels, np.eye(2, 3, dtype=np.float32) * (size_px / image.width), size_px)
    return np.asarray(portraits(image, face, size_px)[0])


def portrait_eyes(file: Store, number: int) -> NDArray[np.float32] | None:
    """Say where the eyes are in a portrait, to lay another face over it.

    Parameters
    ----------
    file : Store
        The gallery.
    number : int
        The face's number in it.

    Returns
    -------
    ndarray of shape (2, 2), float32, or None
        Left eye and right eye as seen, ``x y`` in parts of the portrait's side; None if the
        gallery keeps no picture of this face, or not where its eyes are.
    """
    kept = _kept(file, number)
    if kept is None or not len(kept[1]):
        return None
    image, face = kept
    matrix = portrait_maps(image, face, PORTRAIT_PX)[0]
    eyes = face.landmarks[0, :2] @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(eyes / PORTRAIT_PX, np.float32)


def _kept(file: Store, number: int) -> tuple[Image, Faces] | None:
    """Return what is kept of a face, and where it is in it, if that is known."""
    jpeg, points = file.thumbnail(number)
    if not jpeg:
        return None
    return read(jpeg, limits=KEPT), Faces.none() if points is None else _face(points)


def pictured(file: Store) -> frozenset[int]:
    """Return the faces of which a picture is kept.

    Parameters
    ----------
    file : Store
        The gallery.

    Returns
    -------
    frozenset of int
        Their numbers.
    """
    face = schema.faces.c
    with file.reading() as connection:
        rows = connection.execute(select(face.number).where(face.thumbnail.is_not(None)))
        return frozenset(rows.scalars())


def match_portrait(
    file: Store, columns: Columns, match: Match, size_px: int
) -> NDArray[np.uint8] | None:
    """Return a portrait from the photo that a match rests on first.

    Parameters
    ----------
    file : Store
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
    number = _number(columns, match)
    return None if number is None else portrait(file, number, size_px)


def match_crops(file: Store, columns: Columns, match: Match, template: str) -> Crops | None:
    """Return the aligned face of the photo that a match rests on first, ready for an encoder.

    Parameters
    ----------
    file : Store
        The gallery.
    columns : Columns
        All of it.
    match : Match
        As a search gave it.
    template : str
        The alignment template.

    Returns
    -------
    Crops or None
        One crop, of what is kept of the photo; None if no picture of it is kept, or one whose
        landmarks are not known.
    """
    number = _number(columns, match)
    jpeg, points = (b"", None) if number is None else file.thumbnail(number)
    if not jpeg or points is None:
        return None
    return kept_crops(jpeg, points, template)


def kept_crops(jpeg: bytes, points: NDArray[np.float32], template: str) -> Crops:
    """Cut a face out of the picture that is kept of it.

    Parameters
    ----------
    jpeg : bytes
        What is around the face.
    points : ndarray of shape (5, 2), float32
        Its landmarks there, in pixels.
    template : str
        Where the landmarks go.

    Returns
    -------
    Crops
        One.

    Raises
    ------
    ImageError
        If it cannot be read, or is larger than such pictures are.
    """
    return align(read(jpeg, limits=KEPT), _face(points), template)


def _number(columns: Columns, match: Match) -> int | None:
    """Return the number of the face that a match rests on first."""
    wanted = {photo.id for photo in match.photos[:1]}
    for photo, group, number in zip(columns.photos, columns.groups, columns.numbers, strict=True):
        # A photo of two people has a face of each.
        if photo.id in wanted and columns.people[group].id == match.person.id:
            return int(number)
    return None


def _face(points: NDArray[np.float32]) -> Faces:
    box = np.concatenate([points.min(axis=0), points.max(axis=0)])[None]
    return Faces(box, points[None], np.ones(1, np.float32))

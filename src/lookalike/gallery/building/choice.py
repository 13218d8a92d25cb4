"""Which face of a known person's photo is the person's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from lookalike.types import Candidate, Faces, Image

Choice = Literal["dominant", "largest", "centered", "only"]

#: How much larger than the next face the person's face must be to be taken for granted.
_DOMINANCE: Final = 1.5


def check_choice(choice: str) -> None:
    """Raise unless this is a way to choose.

    Parameters
    ----------
    choice : str
        As a user gave it.

    Raises
    ------
    OptionError
        If it is not.
    """
    if choice not in get_args(Choice):
        raise OptionError(f"faces must be one of {', '.join(get_args(Choice))}, got {choice!r}")


def face_of(
    candidate: Candidate, image: Image, faces: Faces, choice: Choice = "dominant"
) -> int | None:
    """Choose the face of the person, by what the source says if it says anything.

    Parameters
    ----------
    candidate : Candidate
        What a source offered.
    image : Image
        Its photo.
    faces : Faces
        The photo's faces, at least one.
    choice : {"dominant", "largest", "centered", "only"}
        How to choose where the source says nothing, see `choose_face`.

    Returns
    -------
    int or None
        The row of the face; None if it cannot be told.
    """
    if candidate.face is None:
        return choose_face(image, faces, choice)
    return stated_face(image, faces, candidate.face)


def choose_face(image: Image, faces: Faces, choice: Choice = "dominant") -> int | None:
    """Choose the face that belongs to the person a photo is filed under.

    Parameters
    ----------
    image : Image
        The photo.
    faces : Faces
        Its faces, at least one.
    choice : {"dominant", "largest", "centered", "only"}
        ``dominant``: the largest, if it is half as large again as the next; ``largest``;
        ``centered``: the nearest to the middle, where a larger face may be further away;
        ``only``: none if there are several.

    Returns
    -------
    int or None
        The row of the face; None if it cannot be told.
    """
    if len(faces) == 1:
        return 0
    sizes = faces.sizes_px
    largest = int(np.argmax(sizes))
    match choice:
        case "only":
            return None
        case "largest":
            return largest
        case "centered":
            middles = (faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2
            away = np.linalg.norm(middles - [image.width / 2, image.height / 2], axis=1)
            return int(np.argmin(away / np.maximum(sizes, 1)))
        case "dominant":
            next_size = np.delete(sizes, largest).max()
            return largest if sizes[largest] >= _DOMINANCE * next_size else None


def stated_face(image: Image, faces: Faces, box: tuple[float, float, float, float]) -> int | None:
    """Choose the face that lies where a source says the person's face is.

    Parameters
    ----------
    image : Image
        The photo, perhaps read at a reduced size.
    faces : Faces
        Its faces, at least one, in pixels of `image`.
    box : tuple of float
        ``x1 y1 x2 y2`` in pixels of the upright file.

    Returns
    -------
    int or None
        The row of the face whose middle is nearest to the middle of the box and inside it; None
        if there is none.
    """
    x1, y1, x2, y2 = (side / image.reduction for side in box)
    middles = (faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2
    inside = ((middles >= [x1, y1]) & (middles <= [x2, y2])).all(axis=1)
    if not inside.any():
        return None
    away = np.linalg.norm(middles - [(x1 + x2) / 2, (y1 + y2) / 2], axis=1)
    return int(np.argmin(np.where(inside, away, np.inf)))

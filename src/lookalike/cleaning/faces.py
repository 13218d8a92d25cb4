"""What is wrong with the faces of a photo, and which of them are to be cut out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.alignment import align, cutout
from lookalike.cleaning.examining import Mark
from lookalike.cleaning.faults import Action, Fault
from lookalike.detection.stepping_back import faces_of
from lookalike.encoding.quality import quality
from lookalike.gallery.building.choice import choose_face
from lookalike.images import read

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.cleaning.options import CleanOptions
    from lookalike.protocols import Detector
    from lookalike.types import Faces, Image

#: A face that is smaller on a reduced scale needs every pixel.
_ENOUGH_FACE_PX: Final = 150
_TEMPLATE: Final = "dlib-150"
_REASONS: Final = {
    "size": "small",
    "sharpness": "blurred",
    "frontality": "turned away",
    "exposure": "flat, dark or burnt out",
    "inside": "cut off by the edge",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the faces of a photo say about it.

    Parameters
    ----------
    marks : tuple of Mark
        What is wrong.
    cut : Faces or None
        What is to be cut out, in pixels of the full photo.
    """

    marks: tuple[Mark, ...] = ()
    cut: Faces | None = None


def several_action(options: CleanOptions) -> Action:
    """Say what is done with a photo of several faces.

    Parameters
    ----------
    options : CleanOptions
        The options.

    Returns
    -------
    Action
        What its policy comes to.
    """
    return {
        "leave": Action.LEAVE,
        "skip": Action.QUARANTINE,
        "largest": Action.CROP,
        "centered": Action.CROP,
        "each": Action.CUT,
    }[options.several]


def judge(path: Path, image: Image, detector: Detector, options: CleanOptions) -> Verdict:
    """Look at the faces of a photo.

    Parameters
    ----------
    path : Path
        The file.
    image : Image
        The same in memory, perhaps on a reduced scale.
    detector : Detector
        Finds faces.
    options : CleanOptions
        What counts as a fault.

    Returns
    -------
    Verdict
        Nothing in it if there is one good face.

    Raises
    ------
    ImageError
        If it has become unreadable.
    """
    faces = faces_of(detector, image)
    if len(faces) == 0:
        return Verdict((Mark(Fault.NO_FACE),))
    if image.reduction > 1 and (faces.sizes_px < _ENOUGH_FACE_PX).any():
        faces = faces.scaled(image.reduction)
        image = read(path, limits=options.opened)
    marks, rows = [], list(range(len(faces)))
    if len(faces) > 1:
        marks.append(Mark(Fault.SEVERAL_FACES, f"{len(faces)} faces"))
        if options.several in {"largest", "centered"}:
            chosen = choose_face(image, faces, options.several)
            rows = [chosen] if chosen is not None else rows
    if options.min_quality > 0 and (poor := _poorness(image, faces.take(rows), options)):
        marks.append(Mark(Fault.LOW_QUALITY, poor))
    cuts = len(faces) > 1 and several_action(options) in {Action.CROP, Action.CUT}
    cut = faces.take(rows).scaled(image.reduction) if cuts else None
    return Verdict(tuple(marks), cut)


def _poorness(image: Image, faces: Faces, options: CleanOptions) -> str:
    """Say what is poor about the best of some faces; empty if it is good enough."""
    found = quality(image, faces, align(image, faces, _TEMPLATE))
    best = int(np.argmax(found.score))
    score = float(found.score[best])
    if score >= options.min_quality:
        return ""
    least = min(_REASONS, key=lambda name: float(getattr(found, name)[best]))
    return f"{score:.2f}: {_REASONS[least]}"


def cut_out(image: Image, faces: Faces) -> list[Image]:
    """Cut faces out of a photo, with what is around them.

    Parameters
    ----------
    image : Image
        The photo at its full size.
    faces : Faces
        In pixels of it.

    Returns
    -------
    list of Image
        One for each face, in pixels of the photo: nothing is made smaller or turned.
    """
    return [cutout(image, face, np.inf)[0] for face in faces]

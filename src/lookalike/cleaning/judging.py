"""Looking at the faces of many photos, and at what will be there once they are cut out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from lookalike.cleaning.ahead import ahead
from lookalike.cleaning.examining import Examined, Mark
from lookalike.cleaning.faces import cut_out, judge, several_action
from lookalike.cleaning.faults import Action, Fault
from lookalike.cleaning.fingerprint import fingerprint
from lookalike.errors import ImageError
from lookalike.images import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lookalike.cleaning.options import CleanOptions
    from lookalike.protocols import Detector
    from lookalike.types import Faces, Image

#: As the pipeline reads: a photo much larger is looked at on a reduced scale.
_ENOUGH_PX: Final = 1600
_CHANGED: Final = Mark(Fault.UNREADABLE, "has changed while it was looked at")


class Judged(NamedTuple):
    """A photo whose faces were looked at.

    Parameters
    ----------
    photo : Examined
        As it will be: of a crop, what the crop looks like.
    marks : tuple of Mark
        What is wrong with its faces.
    cut : Faces or None
        What is to be cut out, in pixels of the full photo.
    """

    photo: Examined
    marks: tuple[Mark, ...] = ()
    cut: Faces | None = None


def judge_all(
    photos: Sequence[Examined], detector: Detector, options: CleanOptions
) -> Iterator[Judged]:
    """Look at the faces of photos, one after another; they are read ahead.

    Parameters
    ----------
    photos : sequence of Examined
        Photos that can be decoded.
    detector : Detector
        Finds faces.
    options : CleanOptions
        What counts as a fault.

    Yields
    ------
    Judged
        For each photo, in order.
    """
    for photo, image in ahead(partial(_load, options=options), photos, options.workers):
        try:
            yield (
                Judged(photo, (_CHANGED,))
                if image is None
                else _judge(photo, image, detector, options)
            )
        except ImageError:
            yield Judged(photo, (_CHANGED,))


def _load(photo: Examined, options: CleanOptions) -> Image | None:
    try:
        return read(photo.entry.path, limits=options.opened, longest_px=_ENOUGH_PX)
    except ImageError:
        return None


def _judge(photo: Examined, image: Image, detector: Detector, options: CleanOptions) -> Judged:
    verdict = judge(photo.entry.path, image, detector, options)
    if verdict.cut is None or several_action(options) is Action.CUT:
        return Judged(photo, verdict.marks, verdict.cut)
    # What will be there is what is compared with others, now as in the next run.
    (crop,) = cut_out(read(photo.entry.path, limits=options.opened), verdict.cut)
    marks = verdict.marks
    if min(crop.width, crop.height) < options.min_side_px:
        words = f"{crop.width} x {crop.height} pixels when cropped"
        marks = (*marks, Mark(Fault.TOO_SMALL, words))
    seen = replace(photo, width=crop.width, height=crop.height, print=fingerprint(crop))
    return Judged(seen, marks, verdict.cut)

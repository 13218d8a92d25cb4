"""Drawing what was found: portraits from the photo and from the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.alignment import portraits
from lookalike.errors import ImageError
from lookalike.figures import GridOptions, Reason, Row, Tile, lookalikes, save
from lookalike.figures.heat import heat_faces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lookalike.gallery.gallery import Gallery
    from lookalike.presenting import Explained
    from lookalike.types import Found, FoundTogether, Match

_VISITOR_PX = 480
_REASON_PX = 320
_GAP_PX = 6


def draw_found(
    output: Path,
    drawn: Sequence[tuple[str, Found, Sequence[Explained | None]]],
    gallery: Gallery,
    metric: str,
) -> None:
    """Draw every face of some photos with its look-alikes.

    Parameters
    ----------
    output : Path
        The figure's file; its suffix says the format.
    drawn : sequence of (str, Found, sequence of Explained or None)
        The name of each photo, what was found in it, and why, for each face; empty if nobody asked.
    gallery : Gallery
        Where the portraits are.
    metric : str
        The distance's name.

    Raises
    ------
    OptionError
        If the file cannot be written.
    """
    rows = []
    for label, found, reasons in drawn:
        visitors = portraits(found.analysis.image, found.analysis.faces, _VISITOR_PX)
        why = reasons or [None] * len(found)
        for visitor, matches, reason in zip(visitors, found, why, strict=True):
            tiles = tuple(_tile(match, gallery) for match in matches)
            rows.append(
                Row(visitor, tiles, label if len(drawn) > 1 else "", _reason(reason, matches))
            )
    save(lookalikes(rows, _options(gallery, metric)), output)


def draw_together(output: Path, found: FoundTogether, gallery: Gallery, metric: str) -> None:
    """Draw the faces of one visitor with their common look-alikes.

    Parameters
    ----------
    output : Path
        The figure's file; its suffix says the format.
    found : FoundTogether
        The photos, and what was found.
    gallery : Gallery
        Where the portraits are.
    metric : str
        The distance's name.

    Raises
    ------
    OptionError
        If the file cannot be written.
    """
    used = len(found.visitor.faces)
    label = f"{used} photos" if used > 1 else ""
    if found.stability is not None:
        label += f" · {found.stability:.0%} stable"
    row = Row(_mosaic(found), tuple(_tile(match, gallery) for match in found), label)
    save(lookalikes([row], _options(gallery, metric)), output)


def _mosaic(found: FoundTogether) -> NDArray[np.uint8]:
    """Put the visitor's faces into one square: one, or the first four, nine or sixteen."""
    photos = [
        (photo.look, photo.face)
        for photo in found.visitor.photos
        if photo.face is not None and not isinstance(photo.look, ImageError)
    ]
    columns = next(n for n in (1, 2, 3, 4) if n * n >= len(photos) or n == 4)
    side = (_VISITOR_PX - (columns - 1) * _GAP_PX) // columns
    square = np.full((_VISITOR_PX, _VISITOR_PX, 3), 255, np.uint8)
    for number in range(columns**2):
        # Places that are left over show faces again rather than nothing.
        look, face = photos[number % len(photos)]
        (portrait,) = portraits(look.image, look.faces.take([face]), side)
        y, x = (at * (side + _GAP_PX) for at in divmod(number, columns))
        square[y : y + side, x : x + side] = portrait
    return square


def _options(gallery: Gallery, metric: str) -> GridOptions:
    return GridOptions(
        title="Your look-alikes",
        footer=f"{gallery.header.space.encoder}. For fun, never for identification.",
        metric=f"{metric.capitalize()} distance",
    )


def _reason(explained: Explained | None, matches: Sequence[Match]) -> Reason | None:
    if explained is None:
        return None
    faces = heat_faces(explained.explanation, explained.faces.pixels, _REASON_PX)
    title = f"Why {matches[0].person.name}?"
    return Reason(faces, explained.explanation.sentence, title)


def _tile(match: Match, gallery: Gallery) -> Tile:
    return Tile(match, gallery.portrait(match))

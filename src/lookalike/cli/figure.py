"""Drawing what was found: portraits from the photo and from the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.alignment import portraits
from lookalike.figures import GridOptions, Reason, Row, Tile, lookalikes, save
from lookalike.figures.heat import heat_faces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lookalike.gallery.gallery import Gallery
    from lookalike.presenting import Explained
    from lookalike.types import Found, Match

_VISITOR_PX = 480
_REASON_PX = 320


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
    options = GridOptions(
        title="Your look-alikes",
        footer=f"{gallery.header.space.encoder}. For fun, never for identification.",
        metric=f"{metric.capitalize()} distance",
    )
    save(lookalikes(rows, options), output)


def _reason(explained: Explained | None, matches: Sequence[Match]) -> Reason | None:
    if explained is None:
        return None
    faces = heat_faces(explained.explanation, explained.faces.pixels, _REASON_PX)
    title = f"Why {matches[0].person.name}?"
    return Reason(faces, explained.explanation.sentence, title)


def _tile(match: Match, gallery: Gallery) -> Tile:
    return Tile(match, gallery.portrait(match))

"""Drawing what was found: portraits from the photo and from the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.alignment import portraits
from lookalike.figures import GridOptions, Row, Tile, lookalikes, save

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lookalike.gallery.gallery import Gallery
    from lookalike.types import Found, Match

_VISITOR_PX = 480


def draw_found(
    output: Path, drawn: Sequence[tuple[str, Found]], gallery: Gallery, metric: str
) -> None:
    """Draw every face of some photos with its look-alikes.

    Parameters
    ----------
    output : Path
        The figure's file; its suffix says the format.
    drawn : sequence of (str, Found)
        The name of each photo, and what was found in it.
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
    for label, found in drawn:
        visitors = portraits(found.analysis.image, found.analysis.faces, _VISITOR_PX)
        for visitor, matches in zip(visitors, found, strict=True):
            tiles = tuple(_tile(match, gallery) for match in matches)
            rows.append(Row(visitor, tiles, label if len(drawn) > 1 else ""))
    options = GridOptions(
        title="Your look-alikes",
        footer=f"{gallery.header.space.encoder}. For fun, never for identification.",
        metric=f"{metric.capitalize()} distance",
    )
    save(lookalikes(rows, options), output)


def _tile(match: Match, gallery: Gallery) -> Tile:
    return Tile(match, gallery.portrait(match))

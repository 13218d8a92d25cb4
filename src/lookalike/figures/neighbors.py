"""Known people and whom of the others they resemble, a row for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lookalike.figures.canvas import RIM, Box, Pen
from lookalike.figures.card import CREDIT_SIZE, NAME_SIZES, Card, Spot, Style, draw_card
from lookalike.figures.distances import Scale
from lookalike.figures.grid import GridOptions
from lookalike.figures.layout import (
    PAD,
    SPLIT,
    TO_LABEL,
    VISITOR,
    Extent,
    arrange,
    tile_columns,
    tile_side,
)
from lookalike.figures.monogram import draw_monogram
from lookalike.figures.palette import theme
from lookalike.figures.sheet import Sheet, Words
from lookalike.figures.typeface import Typeface, clean
from lookalike.figures.wrapping import Room, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.figures.canvas import Canvas
    from lookalike.figures.rows import Tile
    from lookalike.types import Person

_PANEL_RADIUS = 26.0
_FACE_RADIUS = 22.0
_LABEL_SIZES = (14.0, 12.5, 11.0, 10.0)

#: What a figure of neighbors says unless it is told otherwise.
WORDING: Final = GridOptions(title="Who looks like whom", footer="For fun, not for identification.")


@dataclass(frozen=True, slots=True, eq=False)
class Resemblance:
    """A known person and whom this person resembles.

    Parameters
    ----------
    person : Person
        Who it is.
    portrait : ndarray of shape (h, w, 3), uint8, or None
        RGB; None draws a monogram.
    tiles : tuple of Tile
        The others, most alike first.
    """

    person: Person
    portrait: NDArray[np.uint8] | None
    tiles: tuple[Tile, ...]


def resemblances(rows: Sequence[Resemblance], options: GridOptions = WORDING) -> Figure:
    """Draw whom known people resemble.

    Parameters
    ----------
    rows : sequence of Resemblance
        At least one.
    options : GridOptions, optional
        Colors and wording; what it says of visitors is not used.

    Returns
    -------
    matplotlib.figure.Figure
        As large as its contents need. It belongs to no window; `save` writes it to a file.

    Raises
    ------
    OptionError
        If there is no such theme or the typeface is not installed.

    Examples
    --------
    >>> from lookalike.figures import Tile
    >>> from lookalike.figures.neighbors import Resemblance, resemblances
    >>> from lookalike.types import Match, Person
    >>> tile = Tile(Match(Person.named("Alan Turing"), 0.41, 1), None)
    >>> figure = resemblances([Resemblance(Person.named("Ada Lovelace"), None, (tile,))])
    >>> figure.get_size_inches().round(1).tolist()
    [7.0, 5.6]
    """
    typeface = Typeface(options.typeface)
    columns = max(tile_columns(len(row.tiles)) for row in rows)
    side = tile_side(columns)
    cards = [tuple(_card(tile, side, typeface) for tile in row.tiles) for row in rows]
    style = Style(
        theme(options.theme),
        Scale.of(tile.match.distance for row in rows for tile in row.tiles),
        arrange(tuple(_extent(row) for row in cards), columns),
        clean(options.metric),
    )
    words = Words(options.title, options.subtitle, options.footer, options.hint)
    canvas = (sheet := Sheet(words, style, typeface)).open()
    for number, (row, fitted) in enumerate(zip(rows, cards, strict=True)):
        left, top, height = style.layout.panel(number)
        ground = Box(sheet.origin[0] + left, sheet.origin[1] + top, style.layout.panel_width,
                     height, _PANEL_RADIUS)  # fmt: skip
        _draw_row(canvas, row, fitted, ground, (number, style))
    return canvas.figure


def _card(tile: Tile, side: float, typeface: Typeface) -> Card:
    def bold(part: str, size: float) -> float:
        return typeface.width(part, size, bold=True)

    called = clean(tile.match.person.name) or clean(tile.match.person.id)
    name = fit(called, Room(side, 2, NAME_SIZES), bold)
    return Card(tile, name, fit(clean(tile.credit), Room(side, 3, (CREDIT_SIZE,)), typeface.width))


def _extent(cards: tuple[Card, ...]) -> Extent:
    return Extent(
        tiles=len(cards),
        name_lines=max((len(card.name.lines) for card in cards), default=0),
        credit_lines=max((len(card.credit.lines) for card in cards), default=0),
        labeled=True,
    )


def _draw_row(
    canvas: Canvas,
    row: Resemblance,
    cards: tuple[Card, ...],
    ground: Box,
    which: tuple[int, Style],
) -> None:
    number, style = which
    layout, colors, gid = style.layout, style.colors, f"row-{number}"
    canvas.box(ground, colors.panel, colors.hairline, gid)
    _draw_person(canvas, row, ground, layout.extents[number], style)
    middle = ground.x + PAD + VISITOR + SPLIT / 2
    rule = Box(middle, ground.y + PAD + 6, RIM, ground.height - 2 * PAD - 12, 0)
    canvas.box(rule, colors.hairline)
    for at, card in enumerate(cards):
        x, y = layout.tile(number, at)
        spot = Spot(ground.x + x, ground.y + y, layout.extents[number], f"{gid}-tile-{at}")
        draw_card(canvas, card, spot, style)


def _draw_person(
    canvas: Canvas, row: Resemblance, ground: Box, extent: Extent, style: Style
) -> None:
    """Draw the person in the middle of the row's height, with the name below."""
    colors, typeface = style.colors, canvas.typeface

    def bold(part: str, size: float) -> float:
        return typeface.width(part, size, bold=True)

    top = ground.y + (ground.height - extent.visitor) / 2
    frame = Box(ground.x + PAD, top, VISITOR, VISITOR, _FACE_RADIUS)
    gid = f"person-{row.person.id}"
    if row.portrait is None:
        draw_monogram(canvas, row.person, frame, colors, gid)
    else:
        canvas.picture(row.portrait, frame, colors.hairline, gid)
    called = clean(row.person.name) or clean(row.person.id)
    name = fit(called, Room(VISITOR, 1, _LABEL_SIZES), bold)
    for line in name.lines:
        at = frame.x + VISITOR / 2, top + VISITOR + TO_LABEL
        pen = Pen(name.size, colors.ink, bold=True)
        canvas.write(line, at, pen, "center", f"{gid}-label")

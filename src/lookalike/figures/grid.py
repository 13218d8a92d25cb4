"""The results grid: whom each face of a photo resembles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.figures.card import CREDIT_SIZE, NAME_SIZES, Card, Style
from lookalike.figures.distances import Scale
from lookalike.figures.layout import Extent, arrange, tile_columns, tile_side
from lookalike.figures.palette import ThemeName, theme
from lookalike.figures.panel import Panel, draw_panel
from lookalike.figures.sheet import Sheet, Words
from lookalike.figures.typeface import Typeface, clean
from lookalike.figures.wrapping import Room, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from lookalike.figures.rows import Row, Tile

_NAME_LINES = 2
# Enough for a name, a site and a licence: cutting them short could break the licence.
_CREDIT_LINES = 3


@dataclass(frozen=True, slots=True)
class GridOptions:
    """How a results grid looks and what it says.

    Parameters
    ----------
    title : str, default "Your look-alikes"
        Above everything; empty for none.
    subtitle : str, default ""
        Below the title; empty for none.
    footer : str, default "For fun, not for identification."
        At the foot; empty for none.
    theme : {"light", "dark"}, default "light"
        The colors.
    metric : str, default "Distance"
        What the numbers are, for example ``"Euclidean distance"``.
    hint : str, default "shorter is more alike"
        How to read a bar.
    nobody : str, default "There is nobody in the gallery to compare with."
        Beside a face without matches.
    no_face : str, default "No face was found in this photo."
        In place of the grid if there is no row.
    typeface : str, default "DejaVu Sans"
        An installed font family. Matplotlib brings the default, so that figures are the same on
        every machine.
    """

    title: str = "Your look-alikes"
    subtitle: str = ""
    footer: str = "For fun, not for identification."
    theme: ThemeName = "light"
    metric: str = "Distance"
    hint: str = "shorter is more alike"
    nobody: str = "There is nobody in the gallery to compare with."
    no_face: str = "No face was found in this photo."
    typeface: str = "DejaVu Sans"


_DEFAULTS = GridOptions()


def lookalikes(rows: Sequence[Row], options: GridOptions = _DEFAULTS) -> Figure:
    """Draw whom each face resembles.

    Each face has a panel: the visitor on the left, the matches on the right. All bars have one
    scale, from zero to the figure's largest distance.

    Parameters
    ----------
    rows : sequence of Row
        One for each face; none if no face was found.
    options : GridOptions, optional
        Colors and wording.

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
    >>> import numpy as np
    >>> from lookalike.figures import GridOptions, Row, Tile, lookalikes
    >>> from lookalike.types import Match, Person
    >>> face = np.full((150, 150, 3), 200, np.uint8)
    >>> tile = Tile(Match(Person.named("Grace Hopper"), 0.41, 1), None)
    >>> figure = lookalikes([Row(face, (tile,))], GridOptions(theme="dark"))
    >>> figure.get_size_inches().round(1).tolist()
    [7.0, 5.5]
    """
    typeface = Typeface(options.typeface)
    # A panel that holds only a message still needs the room for it.
    columns = max((tile_columns(len(row.tiles)) if row.tiles else 3 for row in rows), default=3)
    panels = _panels(rows, options, tile_side(columns), typeface)
    style = Style(
        theme(options.theme),
        Scale.of(tile.match.distance for row in rows for tile in row.tiles),
        arrange(tuple(_extent(panel) for panel in panels), columns),
        clean(options.metric),
    )
    words = Words(options.title, options.subtitle, options.footer, options.hint)
    canvas = (sheet := Sheet(words, style, typeface)).open()
    for panel in panels:
        draw_panel(canvas, panel, sheet.origin, style)
    return canvas.figure


def _panels(
    rows: Sequence[Row], options: GridOptions, side: float, typeface: Typeface
) -> list[Panel]:
    """Fit the texts of every row; without a row there is one panel that says so."""
    if not rows:
        return [Panel(0, None, "", (), options.no_face)]
    return [
        Panel(
            row=number,
            visitor=row.visitor,
            label=row.label,
            cards=tuple(_card(tile, side, typeface) for tile in row.tiles),
            message=options.nobody,
            reason=row.reason,
        )
        for number, row in enumerate(rows)
    ]


def _extent(panel: Panel) -> Extent:
    """Count what a panel has to hold."""
    return Extent(
        tiles=len(panel.cards),
        name_lines=max((len(card.name.lines) for card in panel.cards), default=0),
        credit_lines=max((len(card.credit.lines) for card in panel.cards), default=0),
        labeled=bool(clean(panel.label)),
        reasoned=panel.reason is not None,
    )


def _card(tile: Tile, side: float, typeface: Typeface) -> Card:
    """Fit the texts of a tile."""

    def bold(part: str, size: float) -> float:
        return typeface.width(part, size, bold=True)

    person = tile.match.person
    called = clean(person.name) or clean(person.id)
    name = fit(called, Room(side, _NAME_LINES, NAME_SIZES), bold)
    credit = fit(clean(tile.credit), Room(side, _CREDIT_LINES, (CREDIT_SIZE,)), typeface.width)
    return Card(tile, name, credit)

"""What a gallery is made of, on one sheet: the large numbers first, then charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.figures.canvas import CAPITALS, Box, Canvas, Pen
from lookalike.figures.charts import PAD, Columns, chart_height, draw_chart
from lookalike.figures.poster import Poster
from lookalike.figures.typeface import clean
from lookalike.figures.wrapping import Room, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from lookalike.figures.charts import Bars
    from lookalike.figures.palette import Theme
    from lookalike.figures.poster import Wording

_WIDTH = 1040.0
_GAP = 18.0
_COLUMNS = 3
_NUMBER = 86.0
_RADIUS = 16.0


@dataclass(frozen=True, slots=True)
class Headline:
    """A number that is worth a card of its own.

    Parameters
    ----------
    number, words : str
        The number as people read it, and what it counts.
    """

    number: str
    words: str


def overview(
    headlines: Sequence[Headline], charts: Sequence[Columns | Bars], wording: Wording
) -> Figure:
    """Draw what a gallery is made of.

    Parameters
    ----------
    headlines : sequence of Headline
        The large numbers, side by side.
    charts : sequence of Columns or Bars
        In order; none leaves the large numbers alone.
    wording : Wording
        What stands around them.

    Returns
    -------
    matplotlib.figure.Figure
        As high as its contents need. It belongs to no window; `save` writes it to a file.

    Raises
    ------
    OptionError
        If there is no such theme or the typeface is not installed.

    Examples
    --------
    >>> from lookalike.figures.charts import Bars
    >>> from lookalike.figures.overview import Headline, overview
    >>> from lookalike.figures.poster import Wording
    >>> chart = Bars("Gender", "of 3 people", (("female", 2), ("male", 1)))
    >>> figure = overview([Headline("3", "people")], [chart], Wording("My gallery"))
    >>> figure.get_size_inches().round(1).tolist()
    [15.6, 5.3]
    """
    head = _NUMBER + (_GAP if charts else 0.0) if headlines else 0.0
    places = _places(charts)
    below = max((place.y + place.height for place in places), default=0.0)
    poster = Poster(wording, _WIDTH, head + below)
    canvas = Canvas(*poster.size, poster.colors.paper, poster.typeface)
    poster.write_on(canvas)
    left, top = poster.origin
    width = (_WIDTH - (len(headlines) - 1) * _GAP) / max(len(headlines), 1)
    for number, headline in enumerate(headlines):
        frame = Box(left + number * (width + _GAP), top, width, _NUMBER, _RADIUS)
        _draw_headline(canvas, headline, frame, poster.colors, f"headline-{number}")
    for number, (chart, place) in enumerate(zip(charts, places, strict=True)):
        frame = Box(left + place.x, top + head + place.y, place.width, place.height, 0.0)
        draw_chart(canvas, chart, frame, poster.colors, f"chart-{number}")
    return canvas.figure


def _places(charts: Sequence[Columns | Bars]) -> list[Box]:
    """Return where the charts go: each below the shortest pile so far, all piles equally high."""
    count = max(min(len(charts), _COLUMNS), 1)
    piles: list[list[int]] = [[] for _ in range(count)]
    heights = [chart_height(chart) for chart in charts]

    def height(pile: list[int]) -> float:
        return sum(heights[number] + _GAP for number in pile) - _GAP

    for number in range(len(charts)):
        min(piles, key=height).append(number)
    whole = max(height(pile) for pile in piles)
    for pile in piles:
        # Columns look well at any height; words would only stand above a void.
        elastic = [at for at in pile if isinstance(charts[at], Columns)] or pile[-1:]
        spare = whole - height(pile)
        for number in elastic:
            heights[number] += spare / len(elastic)
    width = (_WIDTH - (count - 1) * _GAP) / count
    places = [Box(0.0, 0.0, 0.0, 0.0, 0.0)] * len(charts)
    for column, pile in enumerate(piles):
        top = 0.0
        for number in pile:
            places[number] = Box(column * (width + _GAP), top, width, heights[number], 0.0)
            top += heights[number] + _GAP
    return places


def _draw_headline(canvas: Canvas, headline: Headline, frame: Box, colors: Theme, gid: str) -> None:
    canvas.box(frame, colors.panel, colors.hairline, gid)
    x, room = frame.x + PAD, frame.width - 2 * PAD

    def bold(part: str, size: float) -> float:
        return canvas.typeface.width(part, size, bold=True)

    number = fit(headline.number, Room(room, 1, (26.0, 22.0, 18.0, 14.0)), bold)
    for line in number.lines:
        pen = Pen(number.size, colors.accent, bold=True)
        canvas.write(line, (x, frame.y + 22 + 26 * CAPITALS), pen, name=f"{gid}-number")
    words = fit(clean(headline.words), Room(room, 1, (9.5, 8.5)), canvas.typeface.width)
    for line in words.lines:
        pen = Pen(words.size, colors.quiet)
        canvas.write(line, (x, frame.y + frame.height - 20), pen, name=f"{gid}-words")

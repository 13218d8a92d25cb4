"""Charts as the house draws them: columns for numbers, bars for words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lookalike.figures.binning import Bins, scale_ticks
from lookalike.figures.canvas import CAPITALS, RIM, Box, Pen
from lookalike.figures.card import draw_bar
from lookalike.figures.typeface import clean
from lookalike.figures.wrapping import Room, fit

if TYPE_CHECKING:
    from lookalike.figures.canvas import Canvas
    from lookalike.figures.palette import Theme

PAD: Final = 18.0
_RADIUS = 16.0
_TITLE = 12.5
_NOTE_SIZES = (9.0, 8.5)
_SMALL = 8.5
_TO_PLOT = 60.0
_COLUMNS_HEIGHT = 252.0
_BELOW = 46.0
_GAP = 0.16
_WIDEST = 64.0
_ROUND = 2.5
_ROW = 25.0
_BAR = 6.0

#: How many words a chart has room for.
MOST_BARS: Final = 7


@dataclass(frozen=True, slots=True)
class Columns:
    """How often numbers occur.

    Parameters
    ----------
    title, note : str
        What it shows, and what to notice.
    bins : Bins
        The numbers.
    numbers, things : str
        What the numbers are, with their unit, and what was counted.
    marked : int, default -1
        The bin that stands out: the one with the median.
    """

    title: str
    note: str
    bins: Bins
    numbers: str
    things: str
    marked: int = -1


@dataclass(frozen=True, slots=True)
class Bars:
    """How often words occur.

    Parameters
    ----------
    title, note : str
        What it shows, and what to notice.
    rows : tuple of (str, int)
        The words, the most frequent first.
    total : int, default 0
        What the parts are parts of; 0 for the sum of the rows. One thing may have several words.
    """

    title: str
    note: str
    rows: tuple[tuple[str, int], ...]
    total: int = 0

    def shortened(self, most: int = MOST_BARS) -> tuple[tuple[str, int], ...]:
        """Return as many rows as there is room for; the last one is all the others together.

        Parameters
        ----------
        most : int, default MOST_BARS
            How many.

        Returns
        -------
        tuple of (str, int)
            No longer than that.
        """
        if len(self.rows) <= most:
            return self.rows
        others = self.rows[most - 1 :]
        rest = f"{len(others):,} others", sum(count for _, count in others)
        return (*self.rows[: most - 1], rest)

    def share(self, count: int) -> str:
        """Return a part in percent.

        Parameters
        ----------
        count : int
            Of one row.

        Returns
        -------
        str
            Whole percents.
        """
        part = count / (self.total or sum(count for _, count in self.rows) or 1)
        return f"{part:.0%}" if part >= 0.01 else "< 1%"


def chart_height(chart: Columns | Bars) -> float:
    """Return how high a chart's card is at least.

    Parameters
    ----------
    chart : Columns or Bars
        The chart.

    Returns
    -------
    float
        In points.
    """
    if isinstance(chart, Columns):
        return _COLUMNS_HEIGHT
    return _TO_PLOT + len(chart.shortened()) * _ROW + PAD - 6


def draw_chart(canvas: Canvas, chart: Columns | Bars, frame: Box, colors: Theme, gid: str) -> None:
    """Draw a chart on a card.

    Parameters
    ----------
    canvas : Canvas
        Where to draw.
    chart : Columns or Bars
        What to draw.
    frame : Box
        The card.
    colors : Theme
        What to paint with.
    gid : str
        The chart's name, from which those of its parts follow.
    """
    canvas.box(Box(frame.x, frame.y, frame.width, frame.height, _RADIUS), colors.panel,
               colors.hairline, gid)  # fmt: skip
    x, room = frame.x + PAD, frame.width - 2 * PAD
    base = frame.y + PAD + _TITLE * CAPITALS
    canvas.write(chart.title, (x, base), Pen(_TITLE, colors.ink, bold=True), name=f"{gid}-title")
    note = fit(clean(chart.note), Room(room, 1, _NOTE_SIZES), canvas.typeface.width)
    for line in note.lines:
        canvas.write(line, (x, base + 16), Pen(note.size, colors.quiet), name=f"{gid}-note")
    top = frame.y + _TO_PLOT
    plot = Box(x, top, room, frame.y + frame.height - top, 0.0)
    if isinstance(chart, Columns):
        _draw_columns(canvas, chart, plot, colors, gid)
    else:
        _draw_bars(canvas, chart, plot, colors, gid)


def _draw_columns(canvas: Canvas, chart: Columns, plot: Box, colors: Theme, gid: str) -> None:
    marks = scale_ticks(max(chart.bins.counts, default=0))
    left = max(canvas.typeface.width(f"{mark:,}", _SMALL) for mark in marks) + 8
    pen = Pen(_SMALL, colors.quiet)
    # The name of what is counted stands above the axis, the counts beside it.
    canvas.write(chart.things, (plot.x, plot.y + _SMALL * CAPITALS), pen, name=f"{gid}-things")
    area = Box(plot.x + left, plot.y + 18, plot.width - left, plot.height - 18 - _BELOW, 0.0)
    for mark in marks:
        y = area.y + area.height * (1 - mark / marks[-1])
        canvas.box(Box(area.x, y - RIM / 2, area.width, RIM, 0.0), colors.hairline)
        at = area.x - 8, y + _SMALL * CAPITALS / 2
        canvas.write(f"{mark:,}", at, pen, "right", f"{gid}-mark-{mark}")
    width = area.width / len(chart.bins.counts)
    for number, count in enumerate(chart.bins.counts):
        fill = colors.accent if number == chart.marked else colors.bar
        _draw_column(
            canvas, area, (number, count, width, marks[-1]), fill, f"{gid}-column-{number}"
        )
    _label_columns(canvas, chart, area, (width, marks[-1]), colors)
    base = area.y + area.height
    _draw_ticks(canvas, chart, Box(area.x, base, area.width, 0.0, 0.0), pen, gid)
    middle = area.x + area.width / 2, plot.y + plot.height - PAD + 2
    canvas.write(chart.numbers, middle, pen, "center", f"{gid}-numbers")


def _draw_column(
    canvas: Canvas, area: Box, column: tuple[int, int, float, int], fill: str, gid: str
) -> None:
    """Draw one column; what is there at all can be seen."""
    number, count, width, top = column
    if not count:
        return
    height = max(area.height * count / top, 1.2)
    drawn = min(width * (1 - _GAP), _WIDEST)
    x, y = area.x + (number + 0.5) * width - drawn / 2, area.y + area.height - height
    # Only the upper corners are round: the column stands on its line.
    canvas.box(Box(x, y, drawn, height + _ROUND, _ROUND), fill, name=gid, within=area)


def _label_columns(
    canvas: Canvas, chart: Columns, area: Box, scale: tuple[float, int], colors: Theme
) -> None:
    """Write the counts above the columns if there is room for all of them."""
    width, top = scale
    texts = [f"{count:,}" if count else "" for count in chart.bins.counts]
    if max(canvas.typeface.width(text, _SMALL - 1) for text in texts) > width - 2:
        return
    for number, (text, count) in enumerate(zip(texts, chart.bins.counts, strict=True)):
        if text:
            x = area.x + (number + 0.5) * width
            y = area.y + area.height * (1 - count / top) - 4
            canvas.write(text, (x, y), Pen(_SMALL - 1, colors.ink), "center")


def _draw_ticks(canvas: Canvas, chart: Columns, line: Box, pen: Pen, gid: str) -> None:
    """Write below the columns what they are, as often as there is room."""
    width = line.width / len(chart.bins.counts)
    free = line.x - PAD
    for number, (at, text) in enumerate(chart.bins.ticks):
        half = canvas.typeface.width(text, pen.size) / 2
        x = line.x + at * width
        if x - half < free or x + half > line.x + line.width + PAD:
            continue
        canvas.write(text, (x, line.y + 13), pen, "center", f"{gid}-tick-{number}")
        free = x + half + 5


def _draw_bars(canvas: Canvas, chart: Bars, plot: Box, colors: Theme, gid: str) -> None:
    rows = chart.shortened()
    longest = max((count for _, count in rows), default=1)
    for number, (word, count) in enumerate(rows):
        top = plot.y + number * _ROW
        # Of things with several words, the others were counted more than once.
        several = chart.total and len(chart.rows) > number + 1 == len(rows)
        text = f"{count:,}" if several else f"{count:,} · {chart.share(count)}"
        right = plot.x + plot.width, top + _SMALL * CAPITALS + 1
        canvas.write(text, right, Pen(_SMALL, colors.quiet), "right", f"{gid}-count-{number}")
        room = plot.width - canvas.typeface.width(text, _SMALL) - 12
        fitted = fit(clean(word) or "—", Room(room, 1, (9.5, 8.5)), canvas.typeface.width)
        for line in fitted.lines:
            pen = Pen(fitted.size, colors.ink)
            canvas.write(line, (plot.x, right[1]), pen, name=f"{gid}-word-{number}")
        track = Box(plot.x, top + 13, plot.width, _BAR, _BAR / 2)
        fill = colors.accent if number == 0 else colors.bar
        draw_bar(canvas, track, count / longest, (colors.track, fill), f"{gid}-bar-{number}")

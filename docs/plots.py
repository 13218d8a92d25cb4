"""The plots of the benchmark page: lines through measured points, drawn as the house draws."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lookalike.figures.canvas import CAPITALS, RIM, Box, Pen
from lookalike.figures.dots import KINDS, Look
from lookalike.figures.lines import Stroke
from lookalike.figures.marks import MarkCanvas
from lookalike.figures.poster import Poster, Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from lookalike.figures.palette import Theme

PANEL_WIDTH, PANEL_HEIGHT, GAP = 470.0, 330.0, 18.0
PAD, RADIUS = 20.0, 16.0
TITLE, SMALL, LABEL = 12.5, 8.5, 9.0
TO_PLOT, BELOW, LEFT, RIGHT = 54.0, 48.0, 40.0, 112.0


@dataclass(frozen=True)
class Series:
    """A line and its name; dots mark what was measured, unless there are too many."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    dotted: bool = True


@dataclass(frozen=True)
class Axis:
    """What one direction means, and where it is marked."""

    name: str
    marks: Sequence[tuple[float, str]]
    logarithmic: bool = False

    def share(self, value: float) -> float:
        """Return where a value lies between the first and the last mark, 0 to 1."""
        ends = [self.marks[0][0], self.marks[-1][0]]
        if self.logarithmic:
            value, *ends = (math.log(one) for one in (value, *ends))
        return (value - ends[0]) / (ends[1] - ends[0])


@dataclass(frozen=True)
class Panel:
    """Lines on one pair of axes."""

    title: str
    note: str
    x: Axis
    y: Axis
    series: Sequence[Series] = field(default=())


def plot(title: str, subtitle: str, panels: Sequence[Panel]) -> Figure:
    """Draw panels side by side under a title."""
    width = len(panels) * PANEL_WIDTH + (len(panels) - 1) * GAP
    poster = Poster(Wording(title, subtitle, footer=""), width, PANEL_HEIGHT)
    canvas = MarkCanvas(*poster.size, poster.colors.paper, poster.typeface)
    poster.write_on(canvas)
    left, top = poster.origin
    for number, panel in enumerate(panels):
        frame = Box(left + number * (PANEL_WIDTH + GAP), top, PANEL_WIDTH, PANEL_HEIGHT, RADIUS)
        _draw(canvas, panel, frame, poster.colors, f"panel-{number}")
    return canvas.figure


def _draw(canvas: MarkCanvas, panel: Panel, frame: Box, colors: Theme, gid: str) -> None:
    canvas.box(frame, colors.panel, colors.hairline, gid)
    x, base = frame.x + PAD, frame.y + PAD + TITLE * CAPITALS
    canvas.write(panel.title, (x, base), Pen(TITLE, colors.ink, bold=True), name=f"{gid}-title")
    canvas.write(panel.note, (x, base + 15), Pen(LABEL, colors.quiet), name=f"{gid}-note")
    plot = Box(
        x + LEFT,
        frame.y + PAD + TO_PLOT,
        frame.width - 2 * PAD - LEFT - RIGHT,
        frame.height - 2 * PAD - TO_PLOT - BELOW + 14,
        0.0,
    )
    _draw_axes(canvas, panel, plot, colors, gid)
    looks = [Look(colors.accent), *(look for look in KINDS if look.shape != "o")]
    ends = []
    for number, (series, look) in enumerate(zip(panel.series, looks, strict=False)):
        points = [
            (plot.x + plot.width * panel.x.share(a), plot.y + plot.height * (1 - panel.y.share(b)))
            for a, b in zip(series.x, series.y, strict=True)
        ]
        places = np.array(points)
        canvas.line(places, Stroke(look.color, 1.6), f"{gid}-line-{number}")
        if series.dotted:
            canvas.dots(places, [7.0] * len(places), look, colors.panel, f"{gid}-dots-{number}")
        ends.append((points[-1], series.name))
    _name_lines(canvas, ends, Pen(LABEL, colors.ink, bold=True), gid)


def _draw_axes(canvas: MarkCanvas, panel: Panel, plot: Box, colors: Theme, gid: str) -> None:
    pen = Pen(SMALL, colors.quiet)
    for value, text in panel.y.marks:
        y = plot.y + plot.height * (1 - panel.y.share(value))
        canvas.box(Box(plot.x, y - RIM / 2, plot.width, RIM, 0.0), colors.hairline)
        canvas.write(text, (plot.x - 8, y + SMALL * CAPITALS / 2), pen, "right")
    bottom = plot.y + plot.height
    for value, text in panel.x.marks:
        x = plot.x + plot.width * panel.x.share(value)
        if text:
            canvas.box(Box(x - RIM / 2, bottom, RIM, 4, 0.0), colors.quiet)
            canvas.write(text, (x, bottom + 16), pen, "center")
    above = plot.x - LEFT, plot.y - 11
    canvas.write(panel.y.name, above, pen, name=f"{gid}-y")
    canvas.write(panel.x.name, (plot.x + plot.width / 2, bottom + 34), pen, "center", f"{gid}-x")


def _name_lines(
    canvas: MarkCanvas, ends: Sequence[tuple[tuple[float, float], str]], pen: Pen, gid: str
) -> None:
    """Write the names of lines where they end, one below the other where they end together."""
    lowest: dict[float, float] = {}
    for number, ((x, y), name) in enumerate(sorted(ends, key=lambda end: end[0][1])):
        base = max(y + pen.size * CAPITALS / 2, lowest.get(x, -math.inf) + pen.size + 3)
        canvas.write(name, (x + 9, base), pen, name=f"{gid}-name-{number}")
        lowest[x] = base


def decades(least: float, most: float, unit: str = "") -> list[tuple[float, str]]:
    """Return marks at powers of ten that hold all values."""
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(most))
    return [(10.0**power, _short(10.0**power) + unit) for power in range(first, last + 1)]


def steps(most: float, wanted: int = 4) -> list[tuple[float, str]]:
    """Return round marks from 0 to beyond a value."""
    raw = most / wanted
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw)
    return [(step * at, _short(step * at)) for at in range(math.ceil(most / step) + 1)]


def _short(value: float) -> str:
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"

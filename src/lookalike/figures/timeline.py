"""Who is on screen when: a row for each person, a bar for each stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lookalike.figures.canvas import CAPITALS, RIM, Box, Canvas, Pen
from lookalike.figures.layout import MARGIN
from lookalike.figures.monogram import draw_monogram
from lookalike.figures.palette import theme
from lookalike.figures.typeface import Typeface, clean
from lookalike.figures.wrapping import Room, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.figures.palette import Theme
    from lookalike.types import Person

_NAMES: Final = 196.0
_TIME: Final = 560.0
_TOTALS: Final = 62.0
_PAD: Final = 22.0
_ROW: Final = 52.0
_FACE: Final = 36.0
_BAR: Final = 14.0
_AXIS: Final = 30.0
_RADIUS: Final = 26.0
_TITLES: Final = (27.0, 24.0, 21.0, 18.0)
_SMALL: Final = 9.0
#: Room for a line of words under the panel.
_BELOW: Final = 14.0
#: A stretch shorter than this would not be seen.
_LEAST: Final = 1.6
#: Steps between two numbers of the axis, in seconds.
_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_MOST_STEPS: Final = 8

#: More people than this are summed up in a line of words.
MOST_ROWS: Final = 30


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """When somebody is on screen.

    Parameters
    ----------
    person : Person or None
        None for everybody who is unknown.
    spans : tuple of (float, float)
        From when to when, in seconds.
    portrait : ndarray of shape (P, P, 3), uint8, or None
        RGB; None draws a monogram.
    """

    person: Person | None
    spans: tuple[tuple[float, float], ...]
    portrait: NDArray[np.uint8] | None = None

    @property
    def total_s(self) -> float:
        """For how long, counting no moment twice."""
        total, reached = 0.0, float("-inf")
        for start, end in sorted(self.spans):
            total += max(end - max(start, reached), 0.0)
            reached = max(reached, end)
        return total


def timeline(
    rows: Sequence[Presence], length_s: float, title: str, theme_name: str = "light"
) -> Figure:
    """Draw who is on screen when.

    Parameters
    ----------
    rows : sequence of Presence
        From top to bottom; of many, the longest on screen are shown.
    length_s : float
        How long the video is.
    title : str
        What stands above, for example the video's name.
    theme_name : {"light", "dark"}
        The colors.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    OptionError
        If there is no such theme.

    Examples
    --------
    >>> from lookalike.figures.timeline import Presence, timeline
    >>> from lookalike.types import Person
    >>> ada = Presence(Person.named("Ada Lovelace"), ((0.0, 3.5), (7.0, 9.0)))
    >>> ada.total_s
    5.5
    >>> timeline([ada], 10.0, "talk.mp4").get_size_inches().round(1).tolist()
    [13.1, 3.5]
    """
    colors, typeface = theme(theme_name), Typeface("DejaVu Sans")
    longest = sorted(rows, key=lambda row: -row.total_s)[:MOST_ROWS]
    shown = [row for row in rows if row in longest]
    width = _PAD * 2 + _NAMES + _TIME + _TOTALS + 2 * MARGIN

    def bold(part: str, size: float) -> float:
        return typeface.width(part, size, bold=True)

    head = fit(clean(title), Room(width - 2 * MARGIN, 2, _TITLES), bold)
    top = MARGIN + len(head.lines) * head.size * 1.3 + 12
    high = 2 * _PAD + max(len(shown), 1) * _ROW + _AXIS
    canvas = Canvas(
        round(width),
        round(top + high + MARGIN + _BELOW * (len(rows) > len(shown))),
        colors.paper,
        typeface,
    )
    for at, line in enumerate(head.lines):
        base = MARGIN + head.size * CAPITALS + at * head.size * 1.3
        canvas.write(line, (MARGIN, base), Pen(head.size, colors.ink, bold=True), name="title")
    panel = Box(MARGIN, top, width - 2 * MARGIN, high, _RADIUS)
    canvas.box(panel, colors.panel, colors.hairline, "panel")
    _axis(canvas, panel, length_s, colors)
    for at, row in enumerate(shown):
        _row(canvas, panel, top + _PAD + at * _ROW, (row, length_s), colors)
    _write_rest(canvas, panel, len(rows) - len(shown), colors)
    return canvas.figure


def _row(
    canvas: Canvas, panel: Box, top: float, what: tuple[Presence, float], colors: Theme
) -> None:
    """Draw one person: portrait, name, bars, and the time altogether."""
    row, length_s = what
    middle, left = top + _ROW / 2, panel.x + _PAD
    face = Box(left, middle - _FACE / 2, _FACE, _FACE, _FACE / 4)
    name = clean(row.person.name) or clean(row.person.id) if row.person else "unknown"
    if row.portrait is not None:
        canvas.picture(row.portrait, face, colors.hairline)
    elif row.person is not None:
        draw_monogram(canvas, row.person, face, colors, f"person-{row.person.id}")
    strong = row.person is not None

    def measure(part: str, size: float) -> float:
        return canvas.typeface.width(part, size, bold=strong)

    fitted = fit(name, Room(_NAMES - _FACE - 24, 2, (11.5, 10.5, 9.5)), measure)
    first = middle + fitted.size * CAPITALS / 2 - (len(fitted.lines) - 1) * fitted.size * 0.62
    pen = Pen(fitted.size, colors.ink if strong else colors.quiet, bold=strong)
    for at, line in enumerate(fitted.lines):
        base = first + at * fitted.size * 1.24
        canvas.write(line, (left + _FACE + 12, base), pen, name=f"name-{name}")
    track = Box(left + _NAMES, middle - _BAR / 2, _TIME, _BAR, _BAR / 2)
    canvas.box(track, colors.track)
    fill = colors.accent if strong else colors.bar
    for start, end in row.spans:
        x = track.x + _TIME * start / max(length_s, 1e-6)
        wide = max(_TIME * (end - start) / max(length_s, 1e-6), _LEAST)
        canvas.box(Box(x, track.y, wide, _BAR, min(_BAR / 2, 3.0)), fill, within=track)
    right = panel.x + panel.width - _PAD, middle + _SMALL * CAPITALS / 2
    canvas.write(clock(row.total_s), right, Pen(_SMALL + 1, colors.quiet), "right", f"total-{name}")


def _axis(canvas: Canvas, panel: Box, length_s: float, colors: Theme) -> None:
    """Draw thin lines through all rows, with times below."""
    step = next((s for s in _STEPS if length_s / s <= _MOST_STEPS), _STEPS[-1])
    left, bottom = panel.x + _PAD + _NAMES, panel.y + panel.height - _PAD - _AXIS
    for at in range(int(length_s // step) + 1):
        x = left + _TIME * at * step / max(length_s, 1e-6)
        canvas.box(Box(x, panel.y + _PAD, RIM, bottom - panel.y - _PAD + 6, 0), colors.hairline)
        pen = Pen(_SMALL, colors.quiet)
        canvas.write(clock(at * step), (x, bottom + 20), pen, "center", f"time-{at}")


def _write_rest(canvas: Canvas, panel: Box, rest: int, colors: Theme) -> None:
    if rest > 0:
        base = panel.y + panel.height + 18
        text = f"and {rest:,} more, who are shorter on screen"
        canvas.write(text, (panel.x, base), Pen(_SMALL, colors.quiet), name="rest")


def clock(time_s: float) -> str:
    """Write a time as players do.

    Parameters
    ----------
    time_s : float
        In seconds.

    Returns
    -------
    str
        ``m:ss``, or ``h:mm:ss``.

    Examples
    --------
    >>> clock(75), clock(3675.4)
    ('1:15', '1:01:15')
    """
    seconds = round(time_s)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours:
        return f"{hours}:{minutes:02}:{seconds % 60:02}"
    return f"{minutes}:{seconds % 60:02}"

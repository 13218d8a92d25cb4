"""A figure of any size: words above, a body that others draw, words below."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.figures.canvas import CAPITALS, Pen
from lookalike.figures.layout import MARGIN
from lookalike.figures.palette import ThemeName, theme
from lookalike.figures.typeface import Typeface, clean
from lookalike.figures.wrapping import Fitted, Room, fit

if TYPE_CHECKING:
    from lookalike.figures.canvas import Canvas
    from lookalike.figures.palette import Theme

_TITLE_SIZES = (27.0, 24.0, 21.0, 18.0)
_SUBTITLE_SIZES = (12.0, 11.0)
_SMALL = 9.0
_LEADING = 1.35
_TO_SUBTITLE = 13.0
_TO_BODY = 22.0
_TO_FOOTER = 24.0


@dataclass(frozen=True, slots=True)
class Wording:
    """What a poster says, and how it looks.

    Parameters
    ----------
    title : str
        Above everything; empty for none.
    subtitle : str, default ""
        Below the title; empty for none.
    footer : str, default "For fun, not for identification."
        At the foot; empty for none.
    theme : {"light", "dark"}, default "light"
        The colors.
    typeface : str, default "DejaVu Sans"
        An installed font family.
    """

    title: str
    subtitle: str = ""
    footer: str = "For fun, not for identification."
    theme: ThemeName = "light"
    typeface: str = "DejaVu Sans"


class Poster:
    """Everything of a figure but its body.

    Parameters
    ----------
    wording : Wording
        What to write.
    width, height : float
        The size of the body in points.

    Raises
    ------
    OptionError
        If there is no such theme or the typeface is not installed.
    """

    def __init__(self, wording: Wording, width: float, height: float) -> None:
        self.colors: Theme = theme(wording.theme)
        self.typeface = Typeface(wording.typeface)
        self._body = width, height
        self._title = self._set(wording.title, Room(width, 2, _TITLE_SIZES), bold=True)
        self._subtitle = self._set(wording.subtitle, Room(width, 3, _SUBTITLE_SIZES))
        self._footer = self._set(wording.footer, Room(width, 4, (_SMALL,)))

    def _set(self, words: str, room: Room, *, bold: bool = False) -> Fitted:
        def measure(part: str, size: float) -> float:
            return self.typeface.width(part, size, bold=bold)

        return fit(clean(words), room, measure)

    @property
    def origin(self) -> tuple[float, float]:
        """The top left of the body."""
        above = [height for part in (self._title, self._subtitle) if (height := _height(part))]
        gaps = _TO_SUBTITLE * (len(above) - 1) + _TO_BODY if above else 0.0
        return MARGIN, MARGIN + sum(above) + gaps

    @property
    def size(self) -> tuple[float, float]:
        """The width and the height of the figure, in whole points so as to end on whole pixels."""
        width, height = self._body
        below = _height(self._footer)
        whole = self.origin[1] + height + (_TO_FOOTER + below if below else 0.0)
        return float(math.ceil(width + 2 * MARGIN)), float(math.ceil(whole + MARGIN))

    def write_on(self, canvas: Canvas) -> None:
        """Write the words.

        Parameters
        ----------
        canvas : Canvas
            As large as `size`.
        """
        top = self._write(canvas, self._title, MARGIN, Pen(0, self.colors.ink, bold=True), "title")
        top += _TO_SUBTITLE if top > MARGIN else 0.0
        self._write(canvas, self._subtitle, top, Pen(0, self.colors.quiet), "subtitle")
        foot = self.origin[1] + self._body[1] + _TO_FOOTER
        self._write(canvas, self._footer, foot, Pen(0, self.colors.quiet), "footer")

    def _write(self, canvas: Canvas, words: Fitted, top: float, pen: Pen, name: str) -> float:
        """Write a paragraph and return where it ends."""
        pen = Pen(words.size, pen.color, pen.bold)
        for number, line in enumerate(words.lines):
            base = top + words.size * CAPITALS + number * words.size * _LEADING
            canvas.write(line, (MARGIN, base), pen, name=f"{name}-{number}")
        return top + _height(words)


def _height(words: Fitted) -> float:
    lines = len(words.lines)
    return words.size * ((lines - 1) * _LEADING + CAPITALS) if lines else 0.0

"""What surrounds the panels: title above, footer and legend below."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.figures.canvas import CAPITALS, Box, Canvas, Pen
from lookalike.figures.card import BAR, draw_bar
from lookalike.figures.layout import MARGIN
from lookalike.figures.typeface import Typeface, clean
from lookalike.figures.wrapping import Fitted, Room, fit

if TYPE_CHECKING:
    from lookalike.figures.card import Style

_TITLE_SIZES = (27.0, 24.0, 21.0, 18.0)
_SUBTITLE_SIZES = (12.0, 11.0)
_SMALL = 9.0
_LEADING = 1.3
_HEADER_GAP = 24.0
_FOOTER_GAP = 28.0
_APART = 48.0
_KEY = 76.0
_SPACE = 8.0
_TO_SUBTITLE = 13.0


@dataclass(frozen=True, slots=True)
class Words:
    """What a figure says apart from its matches.

    Parameters
    ----------
    title, subtitle, footer : str
        Each may be empty.
    hint : str
        How to read a bar.
    """

    title: str
    subtitle: str
    footer: str
    hint: str


@dataclass(frozen=True, slots=True)
class _Paragraph:
    fitted: Fitted
    bold: bool = False

    @property
    def step(self) -> float:
        return self.fitted.size * _LEADING

    @property
    def height(self) -> float:
        lines = len(self.fitted.lines)
        return (lines - 1) * self.step + self.fitted.size * CAPITALS if lines else 0.0


class Sheet:
    """The whole figure apart from what is in its panels.

    Parameters
    ----------
    words : Words
        What to write.
    style : Style
        How.
    typeface : Typeface
        What to write with.
    """

    def __init__(self, words: Words, style: Style, typeface: Typeface) -> None:
        self._style = style
        self._typeface = typeface
        width = style.layout.width
        self._title = self._set(words.title, Room(width, 2, _TITLE_SIZES), bold=True)
        self._subtitle = self._set(words.subtitle, Room(width, 3, _SUBTITLE_SIZES))
        self._legend = self._worded_legend(clean(words.hint))
        # Side by side if the footer takes one line that way, else one below the other.
        room = width - (self._legend_width(self._legend) + _APART if self._legend else 0.0)
        self._beside = typeface.width(clean(words.footer), _SMALL) <= room
        self._footer = self._set(words.footer, Room(width, 4, (_SMALL,)))

    def _set(self, text: str, room: Room, *, bold: bool = False) -> _Paragraph:
        def measure(part: str, size: float) -> float:
            return self._typeface.width(part, size, bold=bold)

        return _Paragraph(fit(clean(text), room, measure), bold)

    @property
    def origin(self) -> tuple[float, float]:
        """The top left of the first panel."""
        title, subtitle = self._title.height, self._subtitle.height
        between = _TO_SUBTITLE if title and subtitle else 0.0
        gap = _HEADER_GAP if title or subtitle else 0.0
        return MARGIN, MARGIN + title + between + subtitle + gap

    @property
    def size(self) -> tuple[float, float]:
        """The width and the height of the figure, in whole points so as to end on whole pixels."""
        below = self._footer.height
        if self._legend:
            below = max(below, _SMALL) if self._beside else below + 2 * _SMALL
        gap = _FOOTER_GAP if below else 0.0
        layout = self._style.layout
        height = self.origin[1] + layout.height + gap + below + MARGIN
        return float(math.ceil(layout.width + 2 * MARGIN)), float(math.ceil(height))

    def open(self) -> Canvas:
        """Draw everything but the panels.

        Returns
        -------
        Canvas
            For the panels to be drawn on.
        """
        colors = self._style.colors
        canvas = Canvas(*self.size, colors.paper, self._typeface)
        base = self._write(canvas, self._title, MARGIN, colors.ink, "title")
        base += _TO_SUBTITLE if self._title.height and self._subtitle.height else 0.0
        self._write(canvas, self._subtitle, base, colors.quiet, "subtitle")
        base = self.origin[1] + self._style.layout.height + _FOOTER_GAP
        if self._legend:
            start = (
                self._style.layout.width - self._legend_width(self._legend) if self._beside else 0.0
            )
            self._draw_legend(canvas, MARGIN + start, base + _SMALL * CAPITALS)
            base += 0.0 if self._beside else 2 * _SMALL
        self._write(canvas, self._footer, base, colors.quiet, "footer")
        return canvas

    def _write(
        self, canvas: Canvas, paragraph: _Paragraph, top: float, color: str, gid: str
    ) -> float:
        """Write a paragraph and return where it ends."""
        pen = Pen(paragraph.fitted.size, color, paragraph.bold)
        for number, line in enumerate(paragraph.fitted.lines):
            base = top + paragraph.fitted.size * CAPITALS + number * paragraph.step
            canvas.write(line, (MARGIN, base), pen, name=f"{gid}-{number}")
        return top + paragraph.height

    def _worded_legend(self, hint: str) -> tuple[str, ...]:
        """Return the metric, and the ends of the scale with the bar's place between them."""
        scale, metric = self._style.scale, self._style.metric
        if not scale.comparable:
            return ()
        top = scale.text(scale.top)
        fullest = (metric, "0", f"{top} · {hint}" if hint else top)
        choices = (fullest, (metric, "0", top), ("", "0", top))
        fitting = (c for c in choices if self._legend_width(c) <= self._style.layout.width)
        return next(fitting, ())

    def _legend_width(self, legend: tuple[str, ...]) -> float:
        widths = [self._typeface.width(text, _SMALL) for text in legend]
        return sum(widths) + _KEY + len(legend) * _SPACE

    def _draw_legend(self, canvas: Canvas, x: float, base: float) -> None:
        """Write the metric, and an empty bar with the ends of its scale."""
        colors, pen = self._style.colors, Pen(_SMALL, self._style.colors.quiet)
        for number, text in enumerate(self._legend):
            canvas.write(text, (x, base), pen, name=f"legend-{number}")
            x += self._typeface.width(text, pen.size) + _SPACE
            if number == 1:
                middle = base - _SMALL * CAPITALS / 2
                track = Box(x, middle - BAR / 2, _KEY, BAR, BAR / 2)
                draw_bar(canvas, track, 1.0, (colors.track, colors.bar))
                x += _KEY + _SPACE

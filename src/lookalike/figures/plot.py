"""A chart with two axes on a poster: card, grid lines, ticks, labels, legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.figures.canvas import CAPITALS, RIM, Box, Pen
from lookalike.figures.lines import Stroke, looks
from lookalike.figures.marks import MarkCanvas
from lookalike.figures.poster import Poster
from lookalike.figures.typeface import clean
from lookalike.figures.wrapping import Room, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.figures.axes import Axis
    from lookalike.figures.dots import Look
    from lookalike.figures.poster import Wording

_RADIUS: Final = 26.0
_PAD: Final = 26.0
_SMALL: Final = 9.5
_BELOW: Final = 46.0
_STEP: Final = 18.0
_SAMPLE: Final = 26.0
_KEYS: Final = (9.5, 8.5)


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend.

    Parameters
    ----------
    text : str
        What it stands for.
    look : Look
        Its color and shape.
    stroke : Stroke, optional
        Its line; without one, it is a dot.
    filled : bool, default False
        Whether to show a filled area instead.
    """

    text: str
    look: Look
    stroke: Stroke | None = None
    filled: bool = False


class Plot:
    """The sheet of a chart, with everything but its data.

    Parameters
    ----------
    wording : Wording
        What stands around it.
    axes : tuple of Axis
        The horizontal one and the vertical one.
    keys : sequence of Key, optional
        The legend; none leaves it out.
    size : tuple of float, default (600.0, 440.0)
        Width and height of the area of the data, in points.
    strip : float, default 0.0
        Room below the area for more of the same horizontal axis.

    Raises
    ------
    OptionError
        If there is no such theme or the typeface is not installed.
    """

    def __init__(
        self,
        wording: Wording,
        axes: tuple[Axis, Axis],
        keys: Sequence[Key] = (),
        size: tuple[float, float] = (600.0, 440.0),
        strip: float = 0.0,
    ) -> None:
        self._x, self._y = axes
        left = _PAD + 84.0
        above = _PAD + 8.0 + _STEP + (len(keys) * _STEP + 10.0 if keys else 0.0)
        width, height = left + size[0] + _PAD + 8.0, above + size[1] + strip + _BELOW + _PAD
        poster = Poster(wording, width, height)
        self.colors = poster.colors
        self.looks = looks(wording.theme)
        self.canvas = MarkCanvas(*poster.size, poster.colors.paper, poster.typeface)
        poster.write_on(self.canvas)
        card = Box(*poster.origin, width, height, _RADIUS)
        self.canvas.box(card, self.colors.panel, self.colors.hairline, "plot")
        self.area = Box(card.x + left, card.y + above, *size, 0.0)
        self.strip = Box(self.area.x, self.area.y + size[1], size[0], strip, 0.0)
        self._draw_keys(keys, (self.area.x, card.y + _PAD))
        self._draw_axes()

    @property
    def quiet(self) -> Pen:
        """What small words are written with."""
        return Pen(_SMALL, self.colors.quiet)

    def points(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return where data lie on the sheet.

        Parameters
        ----------
        x, y : ndarray of shape (n,), float
            In the numbers of the axes.

        Returns
        -------
        ndarray of shape (n, 2), float64
            In points of the sheet.
        """
        right = self.area.x + self._x.place(x) * self.area.width
        down = self.area.y + (1 - self._y.place(y)) * self.area.height
        return np.column_stack([right, down])

    def _draw_axes(self) -> None:
        area, canvas = self.area, self.canvas
        for number, (value, text) in enumerate(self._y.ticks):
            y = area.y + float(1 - self._y.place(value)) * area.height
            canvas.box(Box(area.x, y - RIM / 2, area.width, RIM, 0.0), self.colors.hairline)
            at = area.x - 9, y + _SMALL * CAPITALS / 2
            canvas.write(text, at, self.quiet, "right", f"y-tick-{number}")
        base = self.strip.y + self.strip.height
        free = -np.inf
        for number, (value, text) in enumerate(self._x.ticks):
            x = area.x + float(self._x.place(value)) * area.width
            rule = Box(x - RIM / 2, area.y, RIM, area.height + self.strip.height, 0.0)
            canvas.box(rule, self.colors.hairline)
            half = canvas.typeface.width(text, _SMALL) / 2
            if x - half > free:
                canvas.write(text, (x, base + 17), self.quiet, "center", f"x-tick-{number}")
                free = x + half + 6
        middle = area.x + area.width / 2
        canvas.write(
            clean(self._x.label), (middle, base + _BELOW - 4), self.quiet, "center", "x-label"
        )
        at = area.x - 66.0, area.y + area.height / 2
        canvas.write_turned(clean(self._y.label), at, self.quiet, 90.0, name="y-label")

    def _draw_keys(self, keys: Sequence[Key], at: tuple[float, float]) -> None:
        canvas, x = self.canvas, at[0]
        for number, key in enumerate(keys):
            middle = at[1] + (number + 0.5) * _STEP
            ends = np.array([[x, middle], [x + _SAMPLE, middle]])
            if key.filled:
                canvas.box(Box(x, middle - 5, _SAMPLE, 10, 2.5), key.look.color)
            elif key.stroke is not None:
                canvas.line(ends, key.stroke)
            else:
                canvas.dots(ends.mean(axis=0)[None], [7.5], key.look, self.colors.panel)
            room = Room(self.area.width - _SAMPLE - 10, 1, _KEYS)
            fitted = fit(clean(key.text), room, canvas.typeface.width)
            for line in fitted.lines:
                base = x + _SAMPLE + 10, middle + fitted.size * CAPITALS / 2
                pen = Pen(fitted.size, self.colors.ink)
                canvas.write(line, base, pen, name=f"key-{number}")

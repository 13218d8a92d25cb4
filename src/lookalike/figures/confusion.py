"""Who is taken for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import ArrayError
from lookalike.figures.canvas import CAPITALS, Box, Pen
from lookalike.figures.marks import MarkCanvas
from lookalike.figures.palette import mixed
from lookalike.figures.poster import Poster
from lookalike.figures.typeface import clean
from lookalike.figures.wrapping import Room, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.figures.poster import Wording

#: More names than this could not be read.
MOST_NAMES: Final = 40

_PAD: Final = 26.0
_NAMES: Final = (9.5, 8.5, 7.5)
_LONGEST: Final = 150.0
_SLOPE: Final = 50.0
_CAPTION: Final = 22.0


def confusion(counts: NDArray[np.integer], names: Sequence[str], wording: Wording) -> Figure:
    """Draw how often each was taken for whom.

    Parameters
    ----------
    counts : ndarray of shape (n, n), int
        A row for each who was shown, a column for each who was named.
    names : sequence of str
        Of the rows and columns, at most 40.
    wording : Wording
        What stands around it.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    ArrayError
        If the counts are no square, or the names do not fit them.
    OptionError
        If there is no such theme or the typeface is not installed.

    Notes
    -----
    A cell is as dark as its part of the row is large: people with few photos are seen as well.
    """
    counts = np.asarray(counts)
    if counts.ndim != 2 or counts.shape != (len(names), len(names)) or (counts < 0).any():
        raise ArrayError(
            f"counts must be a square of {len(names)} rows, one for each name, got {counts.shape}"
        )
    if not 1 <= len(names) <= MOST_NAMES:
        raise ArrayError(f"between 1 and {MOST_NAMES} names can be drawn, got {len(names)}")
    return _Matrix(counts, names, wording).draw()


class _Matrix:
    """A matrix while it is drawn."""

    def __init__(self, counts: NDArray[np.integer], names: Sequence[str], wording: Wording) -> None:
        self._counts = counts
        cell = self._cell = float(np.clip(520 / len(names), 24.0, 92.0))
        size = next((size for size in _NAMES if size * 1.25 <= cell), _NAMES[-1])
        probe = Poster(wording, 1.0, 1.0).typeface
        room = Room(_LONGEST, 1, (size,))
        self._names = [fit(clean(name) or "—", room, probe.width) for name in names]
        widest = max(probe.width("".join(name.lines), size) for name in self._names)
        self._left = widest + 12 + _CAPTION
        rise = float(np.sin(np.radians(_SLOPE)))
        self._above = widest * rise + size + 10 + _CAPTION
        side = cell * len(names)
        # The last slanted name reaches beyond its column.
        beyond = max(widest * float(np.cos(np.radians(_SLOPE))) - cell / 2 + 6, 0.0)
        self._box = (
            2 * _PAD + self._left + side + beyond,
            2 * _PAD + self._above + side,
        )
        self._poster = Poster(wording, max(self._box[0], 300.0), self._box[1])

    def draw(self) -> Figure:
        """Draw it."""
        poster, colors, cell = self._poster, self._poster.colors, self._cell
        canvas = MarkCanvas(*poster.size, colors.paper, poster.typeface)
        poster.write_on(canvas)
        left, top = poster.origin
        canvas.box(Box(left, top, max(self._box[0], 300.0), self._box[1], 26.0), colors.panel,
                   colors.hairline, "matrix")  # fmt: skip
        x, y = left + _PAD + self._left, top + _PAD + self._above
        self._write_names(canvas, (x, y))
        totals = np.maximum(self._counts.sum(axis=1), 1)
        for (row, column), count in np.ndenumerate(self._counts):
            share = float(count / totals[row])
            # A single mistake among hundreds can be seen, too.
            strength = 0.0 if count == 0 else 0.12 + 0.88 * share
            fill = mixed(colors.accent, colors.track, strength)
            frame = Box(x + column * cell + 1, y + row * cell + 1, cell - 2, cell - 2, 4.0)
            canvas.box(frame, fill, name=f"cell-{row}-{column}")
            if count and cell >= canvas.typeface.width(f"{count:,}", 8.5) + 6:
                ink = colors.on_accent if strength > 0.5 else colors.ink
                at = frame.x + frame.width / 2, frame.y + frame.height / 2 + 8.5 * CAPITALS / 2
                canvas.write(f"{count:,}", at, Pen(8.5, ink), "center")
        return canvas.figure

    def _write_names(self, canvas: MarkCanvas, at: tuple[float, float]) -> None:
        """Write the names beside the rows and, slanting, above the columns."""
        x, y = at
        cell, colors, side = self._cell, self._poster.colors, self._cell * len(self._names)
        quiet = Pen(9.5, colors.quiet)
        caption = x - self._left + _CAPTION - 12, y + side / 2
        canvas.write_turned("shown", caption, quiet, 90.0, name="rows")
        canvas.write("named", (x, y - self._above + 9.5 * CAPITALS), quiet, name="columns")
        for number, name in enumerate(self._names):
            for line in name.lines:
                pen, middle = Pen(name.size, colors.ink), (number + 0.5) * cell
                base = x - 10, y + middle + name.size * CAPITALS / 2
                canvas.write(line, base, pen, "right", f"row-name-{number}")
                foot = x + middle + name.size * CAPITALS / 2, y - 7
                canvas.write_turned(line, foot, pen, _SLOPE, "left", f"column-name-{number}")

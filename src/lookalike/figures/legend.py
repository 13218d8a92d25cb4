"""What the colors of a map mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ArrayError
from lookalike.figures.canvas import CAPITALS, Pen
from lookalike.figures.dots import KINDS, STEPS, Look
from lookalike.figures.typeface import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.figures.marks import MarkCanvas
    from lookalike.figures.palette import Theme

_KEY = 7.0


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colors of a map mean.

    Parameters
    ----------
    title : str
        What is told apart.
    kinds : tuple of str
        What there is, at most six; five if they are in order.
    ordered : bool, default False
        Whether they go from less to more.
    """

    title: str = ""
    kinds: tuple[str, ...] = ()
    ordered: bool = False

    def __post_init__(self) -> None:
        """Check that there are colors enough."""
        most = len(STEPS if self.ordered else KINDS)
        if len(self.kinds) > most:
            raise ArrayError(f"Legend.kinds must be {most} at most, got {len(self.kinds)}")

    @property
    def looks(self) -> tuple[Look, ...]:
        """What each kind looks like."""
        if not self.ordered:
            return KINDS[: len(self.kinds)]
        # Few steps are taken from the whole range.
        last = max(len(self.kinds) - 1, 1)
        numbers = (round(at * (len(STEPS) - 1) / last) for at in range(len(self.kinds)))
        return tuple(STEPS[number] for number in numbers)


def draw_legend(
    canvas: MarkCanvas,
    legend: Legend,
    at: tuple[float, float],
    kinds: Sequence[int],
    colors: Theme,
) -> None:
    """Draw what the colors mean, and how often each occurs.

    Parameters
    ----------
    canvas : MarkCanvas
        Where to draw.
    legend : Legend
        What to draw.
    at : tuple of float
        ``x y`` of its top left.
    kinds : sequence of int
        The kind of everything on the map; -1 for none of the legend's.
    colors : Theme
        What to paint with.
    """
    x, base = at[0], at[1] + 9.5 * CAPITALS
    title = clean(legend.title)
    canvas.write(title, (x, base), Pen(9.5, colors.ink, bold=True), name="legend-title")
    x += canvas.typeface.width(title, 9.5, bold=True) + 16 if title else 0.0
    looks = zip(legend.kinds, legend.looks, strict=True)
    rows = [(kind, look, kinds.count(number)) for number, (kind, look) in enumerate(looks)]
    if without := kinds.count(-1):
        rows.append(("not known", Look(colors.bar), without))
    for number, (kind, look, count) in enumerate(rows):
        place = np.array([[x + _KEY / 2, base - 9.5 * CAPITALS / 2]])
        canvas.dots(place, [_KEY], look, colors.paper)
        text = f"{clean(kind)} ({count:,})"
        canvas.write(text, (x + _KEY + 6, base), Pen(9.5, colors.quiet), name=f"legend-{number}")
        x += _KEY + 6 + canvas.typeface.width(text, 9.5) + 20

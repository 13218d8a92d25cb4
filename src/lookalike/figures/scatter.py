"""Two distances of the same pairs against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import ArrayError
from lookalike.figures.axes import linear, one_length
from lookalike.figures.dots import Look
from lookalike.figures.lines import looks
from lookalike.figures.plot import Key, Plot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.figures.poster import Wording

_SIDE: Final = 540.0

#: How large the dots are, by how many there are.
_DIAMETERS: Final = ((60, 8.0), (300, 6.5), (1500, 5.0), (6000, 3.6))
_SMALLEST: Final = 2.6


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Pairs of one kind.

    Parameters
    ----------
    x, y : ndarray of shape (n,), float
        Two numbers of each.
    label : str
        What they are, for example ``"one person"``.
    """

    x: NDArray[np.floating]
    y: NDArray[np.floating]
    label: str

    def __post_init__(self) -> None:
        """Check that the columns belong together."""
        one_length(f"Points {self.label!r}", self.x, self.y)
        if not (np.isfinite(self.x).all() and np.isfinite(self.y).all()):
            raise ArrayError(f"Points {self.label!r} must be finite")


def scatter(
    kinds: Sequence[Points],
    wording: Wording,
    axes: tuple[str, str] = ("Euclidean distance", "Mahalanobis distance"),
) -> Figure:
    """Draw two numbers of many things against each other.

    Parameters
    ----------
    kinds : sequence of Points
        One to six kinds, which differ in color and shape.
    wording : Wording
        What stands around it.
    axes : tuple of str, optional
        What is drawn to the right and upward.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    ArrayError
        If there is nothing to draw, or more kinds than can be told apart.
    OptionError
        If there is no such theme or the typeface is not installed.
    """
    known = looks(wording.theme)
    if not 1 <= len(kinds) <= len(known):
        raise ArrayError(f"a figure has 1 to {len(known)} kinds of points, got {len(kinds)}")
    x, y = (np.concatenate([getattr(kind, side) for kind in kinds]) for side in ("x", "y"))
    lines = [
        linear(label, float(column.min()), float(column.max()))
        for label, column in zip(axes, (x, y), strict=True)
    ]
    keys = [
        Key(f"{kind.label} ({len(kind.x):,})", look)
        for kind, look in zip(kinds, known, strict=False)
    ]
    plot = Plot(wording, (lines[0], lines[1]), keys, (_SIDE, _SIDE))
    diameter = next((size for most, size in _DIAMETERS if len(x) <= most), _SMALLEST)
    # Taken in turns, neither kind buries the other.
    order = np.random.default_rng(0).permutation(len(x))
    whose = np.repeat(np.arange(len(kinds)), [len(kind.x) for kind in kinds])
    for turn, some in enumerate(np.array_split(order, min(len(order), 12))):
        for number, look in enumerate(known[: len(kinds)]):
            chosen = some[whose[some] == number]
            if len(chosen):
                places = plot.points(x[chosen], y[chosen])
                drawn = Look(look.color, look.shape)
                sizes = [diameter] * len(chosen)
                plot.canvas.dots(places, sizes, drawn, plot.colors.panel, f"kind-{number}-{turn}")
    return plot.canvas.figure

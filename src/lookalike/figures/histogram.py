"""Distances of one person and of two people, as two histograms on one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import ArrayError
from lookalike.figures.axes import linear
from lookalike.figures.canvas import CAPITALS
from lookalike.figures.lines import Stroke, looks, steps
from lookalike.figures.plot import Key, Plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.figures.poster import Wording

_FEWEST: Final = 12
_MOST: Final = 60


def distances(
    same: NDArray[np.floating],
    different: NDArray[np.floating],
    wording: Wording,
    metric: str = "Distance",
    threshold: float | None = None,
) -> Figure:
    """Draw how far photos of one person, and of two people, are from each other.

    Parameters
    ----------
    same : ndarray of shape (n,), float
        Distances of pairs that show one person.
    different : ndarray of shape (m,), float
        Distances of pairs that show two people; one of both may be empty.
    wording : Wording
        What stands around it.
    metric : str, default "Distance"
        What the distances are.
    threshold : float, optional
        Below it, two faces are called one person.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    ArrayError
        If there is no distance, or one that is not finite.
    OptionError
        If there is no such theme or the typeface is not installed.

    Notes
    -----
    Each kind is drawn as a part of its own pairs, so that many pairs of two people do not hide a
    few of one person. Bins are as wide as Freedman and Diaconis suggest for the kind that is
    narrower.
    """
    kinds = [np.ravel(np.asarray(column, np.float64)) for column in (same, different)]
    everything = np.concatenate(kinds)
    if not len(everything) or not np.isfinite(everything).all():
        raise ArrayError("distances must be finite, and at least one is needed")
    marks = [] if threshold is None else [threshold]
    across = linear(metric, min([*everything, *marks]), max([*everything, *marks]))
    edges = np.linspace(across.low, across.high, _bins(kinds, across.high - across.low) + 1)
    parts = [np.histogram(kind, edges)[0] / max(len(kind), 1) for kind in kinds]
    up = linear("Part of the pairs", 0.0, max(float(part.max()) for part in parts), percent=True)
    # Two people first: in the picture one person lies above them.
    one, two = looks(wording.theme)[:2]
    rows = (
        (parts[0], one, f"one person ({len(kinds[0]):,} pairs)", ()),
        (parts[1], two, f"two people ({len(kinds[1]):,} pairs)", (5.0, 1.8)),
    )
    keys = [Key(text, look, Stroke(look.color, 1.8, dash)) for _, look, text, dash in rows]
    plot = Plot(wording, (across, up), keys)
    for part, look, _, _ in reversed(rows):
        x, y = steps(edges, part).T
        plot.canvas.area(plot.points(x, y), look.color, 0.28, within=plot.area)
    for number, (part, look, _, dash) in enumerate(rows):
        if not part.any():
            continue
        # Where there is no pair any more, there is no line.
        first, last = np.flatnonzero(part)[[0, -1]]
        x, y = steps(edges[first : last + 2], part[first : last + 1]).T
        stroke = Stroke(look.color, 1.8, dash)
        plot.canvas.line(plot.points(x, y), stroke, f"kind-{number}")
    if threshold is not None:
        _draw_threshold(plot, threshold)
    return plot.canvas.figure


def _draw_threshold(plot: Plot, threshold: float) -> None:
    """Draw a line from top to bottom, and write on its freer side what it is."""
    area, canvas = plot.area, plot.canvas
    x = float(plot.points(np.array([threshold]), np.array([0.0]))[0, 0])
    ends = np.array([[x, area.y - 6], [x, area.y + area.height]])
    canvas.line(ends, Stroke(plot.colors.ink, 1.2, (2.0, 1.5)), "threshold")
    pen = plot.quiet
    text = f"threshold {threshold:.3g}"
    right = x + 6 + canvas.typeface.width(text, pen.size) <= area.x + area.width
    at = (x + 6 if right else x - 6, area.y - 6 + pen.size * CAPITALS)
    canvas.write(text, at, pen, "left" if right else "right", "threshold-text")


def _bins(kinds: list[NDArray[np.float64]], span: float) -> int:
    """Return how many bins show the narrower kind well."""
    widths = []
    for kind in kinds:
        if len(kind) > 1:
            low, high = np.quantile(kind, (0.25, 0.75))
            widths.append(2 * (high - low) / len(kind) ** (1 / 3))
    wide = min((width for width in widths if width > 0), default=span)
    return int(np.clip(np.ceil(span / wide), _FEWEST, _MOST))

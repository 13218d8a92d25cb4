"""Whether a probability can be taken at its word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import ArrayError
from lookalike.figures.axes import linear, one_length
from lookalike.figures.canvas import CAPITALS, Box
from lookalike.figures.lines import Stroke, looks
from lookalike.figures.plot import Key, Plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.figures.poster import Wording

_SIDE: Final = 520.0
_STRIP: Final = 76.0
_COLUMN: Final = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Bins of predicted probabilities, and what came of them.

    Parameters
    ----------
    predicted : ndarray of shape (b,), float
        The mean prediction in each bin, 0 to 1.
    observed : ndarray of shape (b,), float
        How many of them were one person, 0 to 1.
    counts : ndarray of shape (b,), int
        How many predictions there are; a bin without any is left out.
    low, high : ndarray of shape (b,), float, optional
        An interval of `observed`.
    """

    predicted: NDArray[np.floating]
    observed: NDArray[np.floating]
    counts: NDArray[np.integer]
    low: NDArray[np.floating] | None = None
    high: NDArray[np.floating] | None = None

    def __post_init__(self) -> None:
        """Check that the columns belong together."""
        one_length("Reliability", self.predicted, self.observed, self.counts, self.low, self.high)
        if not (np.asarray(self.counts) > 0).any():
            raise ArrayError("Reliability must hold at least one prediction")

    @property
    def error(self) -> float:
        """The expected calibration error: the mean of ``|predicted - observed|``, by counts."""
        kept = np.asarray(self.counts) > 0
        gaps = np.abs(self.predicted[kept] - self.observed[kept])
        return float(np.average(gaps, weights=self.counts[kept]))


def reliability(bins: Reliability, wording: Wording) -> Figure:
    """Draw predicted probabilities against what happened, and how often each was predicted.

    Parameters
    ----------
    bins : Reliability
        What was predicted and what happened.
    wording : Wording
        What stands around it.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    OptionError
        If there is no such theme or the typeface is not installed.

    References
    ----------
    Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML 2017.
    """
    look = looks(wording.theme)[0]
    axes = (
        linear("Predicted probability of one person", 0.0, 1.0, percent=True),
        linear("How many were one person", 0.0, 1.0, percent=True),
    )
    kept = np.flatnonzero(np.asarray(bins.counts) > 0)
    total = int(bins.counts[kept].sum())
    text = f"{total:,} pairs, expected calibration error {bins.error:.3f}"
    plot = Plot(wording, axes, [Key(text, look)], (_SIDE, _SIDE), _STRIP)
    canvas = plot.canvas
    ends = np.array([0.0, 1.0])
    canvas.line(plot.points(ends, ends), Stroke(plot.colors.bar, 1.2, (1.5, 2.0)), "perfect")
    places = plot.points(bins.predicted[kept], bins.observed[kept])
    if bins.low is not None and bins.high is not None:
        lows = plot.points(bins.predicted[kept], bins.low[kept])
        highs = plot.points(bins.predicted[kept], bins.high[kept])
        for number, interval in enumerate(zip(lows, highs, strict=True)):
            canvas.line(np.array(interval), Stroke(look.color, 1.4), f"interval-{number}")
    canvas.line(places, Stroke(look.color, 1.0, (3.0, 2.0)), "bins-line")
    canvas.dots(places, [8.0] * len(places), look, plot.colors.panel, "bins")
    _draw_counts(plot, bins, kept)
    return canvas.figure


def _draw_counts(plot: Plot, bins: Reliability, kept: NDArray[np.intp]) -> None:
    """Draw below how many predictions each bin holds, on a scale of roots that shows the few."""
    strip, pen = plot.strip, plot.quiet
    top = float(np.sqrt(bins.counts[kept].max()))
    ground = strip.y + strip.height
    for number in kept.tolist():
        x = float(plot.points(bins.predicted[[number]], np.zeros(1))[0, 0])
        height = (strip.height - 26) * float(np.sqrt(bins.counts[number])) / top
        column = Box(x - _COLUMN / 2, ground - height, _COLUMN, height, 2.0)
        plot.canvas.box(column, plot.colors.bar, name=f"count-{number}")
    at = strip.x - 9, ground - (strip.height - 26) / 2 + pen.size * CAPITALS / 2
    plot.canvas.write("pairs", at, pen, "right", "counts-label")

"""Curves that say how well faces are told apart: ROC, DET, CMC, and while it is learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import ArrayError
from lookalike.figures.axes import Axis, deviates, linear, logarithmic, one_length
from lookalike.figures.lines import DASHES, Stroke, looks
from lookalike.figures.plot import Key, Plot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.figures.poster import Wording

#: As many curves as can be told apart.
MOST_CURVES: Final = len(DASHES)

#: No rate below this is drawn: nobody has pairs enough for it.
_RAREST: Final = 1e-7
_LEAST_DEVIATE: Final = 1e-5

#: Up to so many ranks stand evenly, more as powers of ten.
_FEW_RANKS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A line of a chart.

    Parameters
    ----------
    label : str
        What it stands for.
    x : ndarray of shape (n,), float
        Rates from 0 to 1, or ranks from 1; ascending.
    y : ndarray of shape (n,), float
        Rates, 0 to 1.
    low, high : ndarray of shape (n,), float, optional
        An interval of `y`, drawn as a band.
    """

    label: str
    x: NDArray[np.floating]
    y: NDArray[np.floating]
    low: NDArray[np.floating] | None = None
    high: NDArray[np.floating] | None = None

    def __post_init__(self) -> None:
        """Check that the columns belong together."""
        one_length(f"Curve {self.label!r}", self.x, self.y, self.low, self.high)
        if not (np.isfinite(self.x).all() and np.isfinite(self.y).all()):
            raise ArrayError(f"Curve {self.label!r} must be finite")
        if (np.diff(self.x) < 0).any():
            raise ArrayError(f"Curve {self.label!r}: x must ascend")


def roc(curves: Sequence[Curve], wording: Wording) -> Figure:
    """Draw receiver operating characteristics: who is recognized, at which rate of false matches.

    Parameters
    ----------
    curves : sequence of Curve
        One to six; x is the false-match rate, y the true-match rate.
    wording : Wording
        What stands around them.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    ArrayError
        If there is no curve, or more than can be told apart.
    OptionError
        If there is no such theme or the typeface is not installed.

    Notes
    -----
    The false-match rate is drawn to a logarithmic scale, because only low rates are of use. The
    scale ends at the smallest rate above zero of any curve.
    """
    _check(curves)
    low = _smallest([curve.x for curve in curves], _RAREST)
    curves = [_from(curve, low) for curve in curves]
    least = min(float(curve.y[0]) for curve in curves)
    axes = (
        logarithmic("False-match rate: two people taken for one", low, 1.0),
        linear("True-match rate: one person recognized", max(least - 0.005, 0), 1.0, percent=True),
    )
    return _drawn(curves, axes, wording)


def det(curves: Sequence[Curve], wording: Wording) -> Figure:
    """Draw detection error trade-offs: one kind of error against the other.

    Parameters
    ----------
    curves : sequence of Curve
        One to six; x is the false-match rate, y the false-non-match rate.
    wording : Wording
        What stands around them.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    ArrayError
        If there is no curve, or more than can be told apart.
    OptionError
        If there is no such theme or the typeface is not installed.

    Notes
    -----
    Both axes are normal deviates. Where a curve crosses the dotted line, both errors are equally
    frequent (EER).

    References
    ----------
    Martin, Doddington, Kamm, Ordowski, Przybocki, "The DET Curve in Assessment of Detection Task
    Performance", Eurospeech 1997.
    """
    _check(curves)
    # An error that never happened has no deviate; nor has one that always does.
    curves = [_inside(curve) for curve in curves]
    columns = [column for curve in curves for column in (curve.x, curve.y)]
    low = _smallest(columns, _LEAST_DEVIATE)
    # Where nearly everything is called one person, or nothing, there is nothing to read.
    high = max(0.4, min(max(float(curve.y.min()) for curve in curves) * 2, 0.95))
    axes = (
        deviates("False-match rate: two people taken for one", low, high),
        deviates("False-non-match rate: one person taken for two", low, high),
    )
    return _drawn(curves, axes, wording, diagonal=True)


def cmc(curves: Sequence[Curve], wording: Wording) -> Figure:
    """Draw cumulative match characteristics: how often the right person is among the first.

    Parameters
    ----------
    curves : sequence of Curve
        One to six; x is the rank from 1, y how often the right person has this rank or a better.
    wording : Wording
        What stands around them.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    ArrayError
        If there is no curve, or more than can be told apart.
    OptionError
        If there is no such theme or the typeface is not installed.
    """
    _check(curves)
    last = max(float(curve.x[-1]) for curve in curves)
    least = min(float(curve.y.min()) for curve in curves)
    label = "Rank"
    if last <= _FEW_RANKS:
        ranks = np.arange(1, max(int(last), 2) + 1)
        ticks = tuple((float(rank), str(rank)) for rank in ranks)
        across = Axis(label, 1.0, float(ranks[-1]), ticks)
    else:
        across = logarithmic(label, 1.0, last, whole=True)
    up = linear("Right person at this rank or better", max(least - 0.005, 0), 1.0, percent=True)
    return _drawn(curves, (across, up), wording, dotted=last <= _FEW_RANKS)


def learning(curves: Sequence[Curve], wording: Wording) -> Figure:
    """Draw how an encoder gets better while it is trained.

    Parameters
    ----------
    curves : sequence of Curve
        One to six; x is the step from 0, y the equal error rate on people who were left out.
    wording : Wording
        What stands around them.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    ArrayError
        If there is no curve, or more than can be told apart.
    OptionError
        If there is no such theme or the typeface is not installed.
    """
    _check(curves)
    across = linear("Steps", 0.0, max(float(curve.x[-1]) for curve in curves))
    highest = max(float(curve.y.max()) for curve in curves)
    up = linear("Equal error rate, people left out", 0.0, highest, percent=True)
    return _drawn(curves, (across, up), wording, dotted=True)


def _drawn(
    curves: Sequence[Curve],
    axes: tuple[Axis, Axis],
    wording: Wording,
    *,
    diagonal: bool = False,
    dotted: bool = False,
) -> Figure:
    kinds = looks(wording.theme)
    strokes = [Stroke(look.color, 2.0, dash) for look, dash in zip(kinds, DASHES, strict=True)]
    keys = [
        Key(curve.label, look, stroke)
        for curve, look, stroke in zip(curves, kinds, strokes, strict=False)
    ]
    plot = Plot(wording, axes, keys, (560.0, 560.0) if diagonal else (600.0, 440.0))
    canvas, area = plot.canvas, plot.area
    if diagonal:
        ends = np.array([axes[0].low, axes[0].high])
        canvas.line(plot.points(ends, ends), Stroke(plot.colors.bar, 1.0, (1.0, 2.0)), "equal")
    for number, (curve, key) in enumerate(zip(curves, keys, strict=True)):
        if curve.low is not None and curve.high is not None:
            around = np.concatenate(
                [plot.points(curve.x, curve.low), plot.points(curve.x, curve.high)[::-1]]
            )
            canvas.area(around, key.look.color, 0.16, f"band-{number}", area)
    # All bands lie below all lines.
    for number, (curve, key) in enumerate(zip(curves, keys, strict=True)):
        places = plot.points(curve.x, curve.y)
        if key.stroke is not None:
            canvas.line(places, key.stroke, f"curve-{number}", area)
        if dotted:
            canvas.dots(places, [6.0] * len(places), key.look, plot.colors.panel)
    return canvas.figure


def _check(curves: Sequence[Curve]) -> None:
    if not 1 <= len(curves) <= MOST_CURVES:
        raise ArrayError(f"a figure has 1 to {MOST_CURVES} curves, got {len(curves)}")


def _smallest(columns: Sequence[NDArray[np.floating]], least: float) -> float:
    """Return the smallest rate above zero, and no smaller one than makes sense."""
    found = [float(column[column > 0].min()) for column in columns if (column > 0).any()]
    return min(max(min(found, default=0.01), least), 0.1)


def _from(curve: Curve, low: float) -> Curve:
    """Leave out what lies below the first rate that is drawn, all but where the curve enters."""
    first = max(int(np.searchsorted(curve.x, low, side="right")) - 1, 0)
    bands = (None if side is None else side[first:] for side in (curve.low, curve.high))
    return Curve(curve.label, curve.x[first:], curve.y[first:], *bands)


def _inside(curve: Curve) -> Curve:
    kept = (curve.x > 0) & (curve.x < 1) & (curve.y > 0) & (curve.y < 1)
    if not kept.any():
        raise ArrayError(
            f"Curve {curve.label!r} has no errors to trade off", "take more pairs, or draw a ROC"
        )
    low, high = (None if side is None else side[kept] for side in (curve.low, curve.high))
    return Curve(curve.label, curve.x[kept], curve.y[kept], low, high)

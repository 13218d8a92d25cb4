"""Everything that follows from the raw scores of pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.evaluation.bootstrap import Drawing, Rate, bounds
from lookalike.evaluation.curve import (
    ErrorCurve,
    equal_error_rate,
    error_curve,
    reachable_rates,
)
from lookalike.evaluation.resampled import resample
from lookalike.evaluation.verification import Verification, verification

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.evaluation.scores import Scores

#: False-match rates at which the interval of a curve is drawn.
_BAND: Final = 40


@dataclass(frozen=True, slots=True)
class Point:
    """What a false-match rate costs.

    Parameters
    ----------
    fmr : float
        The false-match rate, 0 to 1.
    threshold : float
        The distance that a pair must stay below.
    tmr : Rate
        The true-match rate: how often one person is accepted. Also called TAR at FAR.
    """

    fmr: float
    threshold: float
    tmr: Rate


@dataclass(frozen=True, slots=True, eq=False)
class PairFigures:
    """The figures of a run of verification.

    Parameters
    ----------
    same_pairs, stranger_pairs : int
        How many pairs there are of one person and of two.
    eer : Rate
        The equal error rate.
    points : tuple of Point
        At falling false-match rates, as far down as there are pairs enough.
    curve : ErrorCurve
        Both errors at every threshold.
    band : ndarray of shape (r, 3), float64
        False-match rates, and the interval of the true-match rate at each; NaN where it cannot
        be said.
    folds : Verification or None
        Accuracy over folds, if there are any.
    """

    same_pairs: int
    stranger_pairs: int
    eer: Rate
    points: tuple[Point, ...]
    curve: ErrorCurve
    band: NDArray[np.float64]
    folds: Verification | None

    def fields(self) -> dict[str, Any]:
        """Return the figures as JSON values, without the curve."""
        found: dict[str, Any] = {
            "same_pairs": self.same_pairs,
            "stranger_pairs": self.stranger_pairs,
            "eer": self.eer.fields(),
            "tar_at_far": [
                {
                    "far": point.fmr,
                    "threshold": round(point.threshold, 6)
                    if math.isfinite(point.threshold)
                    else None,
                    **point.tmr.fields(),
                }
                for point in self.points
            ],
        }
        if self.folds is not None:
            found["accuracy"] = round(self.folds.accuracy, 6)
            found["deviation"] = round(self.folds.deviation, 6)
        return found


def pair_figures(scores: Scores, drawing: Drawing | None = None) -> PairFigures:
    """Derive the figures from raw scores.

    Parameters
    ----------
    scores : Scores
        Distances of pairs whose answer is known.
    drawing : Drawing, optional
        How people are drawn again for the intervals.

    Returns
    -------
    PairFigures
        The figures.

    Raises
    ------
    EvaluationError
        If there are not pairs of both kinds.
    """
    curve = error_curve(scores)
    wanted = reachable_rates(scores)
    least = 1 / scores.strangers
    band = np.concatenate([wanted, np.geomspace(least, 1, _BAND)])
    drawn = resample(scores, band, drawing or Drawing())
    intervals = drawn.tmr_bounds()
    points = tuple(
        Point(rate, curve.threshold(rate), Rate(curve.tmr(rate), *map(float, intervals[at])))
        for at, rate in enumerate(wanted)
    )
    shown = slice(len(wanted), None)
    low, high = bounds(drawn.eer)
    return PairFigures(
        int(np.count_nonzero(scores.same)),
        scores.strangers,
        Rate(equal_error_rate(curve.fmr, curve.fnmr), low, high),
        points,
        curve,
        np.column_stack([band[shown], intervals[shown]]),
        verification(scores) if len(np.unique(scores.folds)) > 1 else None,
    )

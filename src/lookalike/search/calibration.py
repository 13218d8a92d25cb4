"""Step 7: what a distance means.

Thresholds are measured, belong to one space, one metric and one number of views, and say how
often they are wrong. They travel with the model's card, never with the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lookalike.types import Comparison

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.models.card import Threshold

#: One wrong "same person" in a thousand comparisons of two different people.
DEFAULT_FMR: Final = 1e-3


def judge(
    distance: float,
    thresholds: Sequence[Threshold],
    *,
    metric: str,
    views: int,
    fmr: float = DEFAULT_FMR,
) -> Comparison:
    """Say whether a distance means one person.

    Parameters
    ----------
    distance : float
        Between the vectors of two faces.
    thresholds : sequence of Threshold
        What has been measured for the space.
    metric : str
        The metric behind `distance`.
    views : int
        The number of views averaged in each vector.
    fmr : float, default 1e-3
        The highest false-match rate to accept, 0 to 1.

    Returns
    -------
    Comparison
        With the loosest measured threshold that holds the rate; with none if nothing fitting
        has been measured.
    """
    fitting = [t for t in thresholds if (t.metric, t.views) == (metric, views) and t.fmr <= fmr]
    if not fitting:
        return Comparison(distance, metric, None, None)
    best = max(fitting, key=lambda threshold: threshold.fmr)
    return Comparison(distance, metric, best.distance, best.fmr)

"""Step 7: what a distance means.

Thresholds are measured, belong to one space, one metric and one number of views, and say how
often they are wrong. They travel with the model's card, never with the code.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import OptionError
from lookalike.types import Rarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.models.card import Threshold

#: One wrong "same person" in a thousand comparisons of two different people.
DEFAULT_FMR: Final = 1e-3


def check_rate(name: str, rate: float, *, one: bool = False) -> None:
    """Raise unless a rate is one.

    Parameters
    ----------
    name : str
        What it is called.
    rate : float
        The rate.
    one : bool, default False
        Whether it may be 1.

    Raises
    ------
    OptionError
        If it is not above 0 and below 1.
    """
    if not (0 < rate < 1 or (one and rate == 1)):
        raise OptionError(f"{name} must be above 0 and below 1, got {rate}")


def fitting(thresholds: Sequence[Threshold], metric: str, views: int) -> list[Threshold]:
    """Return the thresholds of a metric and a number of views, the tightest first.

    Parameters
    ----------
    thresholds : sequence of Threshold
        What has been measured for a space.
    metric : str
        The metric.
    views : int
        The number of views averaged in each vector.

    Returns
    -------
    list of Threshold
        Empty if nothing of the kind has been measured.
    """
    found = [one for one in thresholds if (one.metric, one.views) == (metric, views)]
    return sorted(found, key=lambda one: one.fmr)


def threshold_at(points: Sequence[Threshold], fmr: float) -> tuple[float, float] | None:
    """Return the threshold for a false-match rate, also between those that were measured.

    Parameters
    ----------
    points : sequence of Threshold
        As `fitting` gives them.
    fmr : float
        The highest false-match rate to accept, above 0 and at most 1.

    Returns
    -------
    distance, rate : float, or None
        The threshold and the rate that it holds; None if a lower rate is asked for than was
        measured.

    Notes
    -----
    The logarithm of the rate rises ever more slowly with the distance. So between two points the
    line through the two *before* them lies above the curve: its threshold is on the safe side.
    Where it is the looser one, the line through the two points themselves counts; before the
    third point the lower of the two holds. Above the highest measured rate, that one holds.
    """
    below = [one for one in points if one.fmr <= fmr]
    if not below:
        return None
    low = below[-1]
    if len(below) == len(points) or low.fmr == fmr:
        return low.distance, low.fmr
    if len(below) == 1:
        return low.distance, low.fmr
    before, high = below[-2], points[len(below)]
    wanted = np.log(fmr / low.fmr)
    ways = []
    for one, other in ((before, low), (low, high)):
        rise = np.log(other.fmr / one.fmr)
        ways.append(wanted * (other.distance - one.distance) / rise)
    return float(low.distance + max(0.0, min(ways))), fmr


def rarity_at(points: Sequence[Threshold], distance: float) -> Rarity | None:
    """Say how many pairs of strangers there are for one that is as near.

    Parameters
    ----------
    points : sequence of Threshold
        As `fitting` gives them.
    distance : float
        Between two faces.

    Returns
    -------
    Rarity or None
        Between measured points the logarithm of the rate is taken for straight, and the bounds are
        those two points. Nearer than the nearest point it is at least as rare as that point,
        without an upper bound; farther than the farthest, one in one to that point's number.
    """
    if not points:
        return None
    ones = [1 / one.fmr for one in points]
    if distance < points[0].distance:
        return Rarity(ones[0], ones[0], float("inf"))
    if distance >= points[-1].distance:
        return Rarity(1.0, 1.0, ones[-1])
    for (one, other), (rare, often) in zip(pairwise(points), pairwise(ones), strict=True):
        if distance < other.distance:
            part = (distance - one.distance) / (other.distance - one.distance)
            between = float(np.exp(np.log(rare) + part * np.log(often / rare)))
            return Rarity(between, often, rare)
    return None

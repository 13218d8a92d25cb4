"""Intervals of everything that follows from the errors of a threshold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.evaluation.bootstrap import Drawing, bounds, ratio
from lookalike.evaluation.curve import equal_error_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.evaluation.scores import Scores

#: Pairs above which a drawing takes so long that fewer must do.
_MANY: Final = 200_000
_FEWER: Final = 200

#: Thresholds at which errors are counted anew.
_STEPS: Final = 4000


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """Figures of people drawn again.

    Parameters
    ----------
    rates : ndarray of shape (r,), float64
        False-match rates.
    tmr : ndarray of shape (b, r), float64
        The true-match rate of each drawing at each of them; NaN where too few pairs are listed.
    eer : ndarray of shape (b,), float64
        The equal error rate of each drawing.
    """

    rates: NDArray[np.float64]
    tmr: NDArray[np.float64]
    eer: NDArray[np.float64]

    def tmr_bounds(self) -> NDArray[np.float64]:
        """Return the interval of the true-match rate at each rate, shape (r, 2)."""
        return np.array([bounds(column) for column in self.tmr.T]).reshape(-1, 2)


def resample(scores: Scores, rates: NDArray[np.float64], drawing: Drawing) -> Resampled:
    """Draw the people again, and derive the figures of each drawing.

    Parameters
    ----------
    scores : Scores
        Distances of pairs whose answer is known. Where it is not known who is in the photos,
        pairs are drawn: the intervals are then a little too narrow.
    rates : ndarray of shape (r,), float64
        False-match rates at which the true-match rate is wanted.
    drawing : Drawing
        How; of more than 200,000 pairs at most 200 times.

    Returns
    -------
    Resampled
        The figures.
    """
    if len(scores.same) > _MANY:
        drawing = replace(drawing, repeats=min(drawing.repeats, _FEWER))
    steps = _steps(scores)
    bins = np.searchsorted(steps, scores.distances)
    same, other = _Side(bins, scores.same, len(steps)), _Side(bins, ~scores.same, len(steps))
    everyone = _Draws(scores, drawing)
    tmr, eer = np.full((drawing.repeats, len(rates)), np.nan), np.full(drawing.repeats, np.nan)
    for at in range(drawing.repeats):
        of_same, of_other, strangers = everyone.weights(at)
        fnmr = 1 - same.accepted(of_same[scores.same], None)
        fmr = other.accepted(of_other[~scores.same], strangers)
        if not np.isfinite(fnmr[0]) or not np.isfinite(fmr[0]):
            continue
        known = rates <= fmr[-1] if scores.beyond else np.ones(len(rates), bool)
        place = np.searchsorted(fmr, rates[known], side="right") - 1
        tmr[at, known] = 1 - fnmr[place]
        if fmr[-1] >= fnmr[-1]:
            eer[at] = equal_error_rate(fmr, fnmr)
    return Resampled(rates, tmr, eer)


def _steps(scores: Scores) -> NDArray[np.float64]:
    """Return thresholds to count at: all if they are few, else even in rank and its logarithm."""
    finite = np.isfinite(scores.distances) & (scores.distances <= scores.limit)
    steps = np.unique(scores.distances[finite])
    if len(steps) <= _STEPS:
        return steps
    strangers = np.sort(scores.distances[finite & ~scores.same])
    same = np.sort(scores.distances[finite & scores.same])
    few = _STEPS // 4
    near = np.unique(np.geomspace(1, len(strangers), 2 * few).astype(np.int64)) - 1
    even = np.linspace(0, len(same) - 1, few).astype(np.int64)
    far = np.linspace(0, len(strangers) - 1, few).astype(np.int64)
    return np.unique(np.concatenate([strangers[near], strangers[far], same[even]]))


class _Side:
    """Pairs of one kind, sorted into the steps of a threshold."""

    def __init__(self, bins: NDArray[np.int64], mask: NDArray[np.bool_], steps: int) -> None:
        self._bins = bins[mask]
        self._steps = steps

    def accepted(self, weights: NDArray[np.float64], total: float | None) -> NDArray[np.float64]:
        """Return the share that is accepted: by no threshold, and by each."""
        counts = np.bincount(self._bins, weights, minlength=self._steps + 1)
        sums = np.concatenate([[0.0], np.cumsum(counts[: self._steps])])
        whole = float(counts.sum()) if total is None else total
        return ratio(sums, np.full(len(sums), whole))


class _Draws:
    """How often each pair was drawn."""

    def __init__(self, scores: Scores, drawing: Drawing) -> None:
        self._pairs = len(scores.same)
        self._cast = scores.cast
        self._counted = scores.beyond is not None
        if scores.cast is None:
            self._rng = np.random.default_rng(drawing.seed)
            return
        self._one, self._other = scores.people_of(0), scores.people_of(1)
        self._weights = drawing.weights(len(scores.cast.people))

    def weights(self, at: int) -> tuple[NDArray[np.float64], NDArray[np.float64], float | None]:
        """Return the weights of pairs of one person, of two people, and of all of the latter."""
        if self._cast is None:
            drawn = self._rng.integers(0, self._pairs, self._pairs)
            own = np.bincount(drawn, minlength=self._pairs).astype(np.float64)
            return own, own, None
        people = self._weights[at]
        one = people[self._one]
        total = pairs_between(people * self._cast.counts) if self._counted else None
        return one, one * people[self._other], total


def pairs_between(photos: NDArray[np.float64]) -> float:
    """Return how many pairs of photos show two people.

    Parameters
    ----------
    photos : ndarray of shape (p,), float64
        How many photos each person has, times how often each counts.

    Returns
    -------
    float
        ``((sum n)² - sum n²) / 2``.
    """
    return float((photos.sum() ** 2 - (photos**2).sum()) / 2)

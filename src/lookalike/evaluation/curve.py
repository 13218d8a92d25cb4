"""The two errors of a threshold: strangers taken for one person, and one person for two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import EvaluationError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.evaluation.scores import Scores

#: False-match rates at which a true-match rate is reported, where there are pairs enough.
RATES: Final = (1e-1, 1e-2, 1e-3, 1e-4)


@dataclass(frozen=True, slots=True, eq=False)
class ErrorCurve:
    """Both error rates at every threshold at which one of them changes.

    Parameters
    ----------
    thresholds : ndarray of shape (k,), float64
        Rising. A pair is accepted if its distance is at most that; the first accepts none, the
        last is infinite and accepts all.
    fmr : ndarray of shape (k,), float64
        False-match rate: the share of pairs of two people that are accepted, rising from 0 to 1.
    fnmr : ndarray of shape (k,), float64
        False-non-match rate: the share of pairs of one person that are not, falling from 1 to 0.
    """

    thresholds: NDArray[np.float64]
    fmr: NDArray[np.float64]
    fnmr: NDArray[np.float64]

    def at(self, rate: float) -> int:
        """Return the loosest place that keeps a false-match rate.

        Parameters
        ----------
        rate : float
            0 to 1.

        Returns
        -------
        int
            A position in the columns.
        """
        return int(np.searchsorted(self.fmr, rate, side="right")) - 1

    def tmr(self, rate: float) -> float:
        """Return the true-match rate at a false-match rate.

        Parameters
        ----------
        rate : float
            0 to 1.

        Returns
        -------
        float
            0 to 1; also called TAR at FAR.
        """
        return float(1 - self.fnmr[self.at(rate)])

    def threshold(self, rate: float) -> float:
        """Return the distance that a pair must stay below, for a false-match rate.

        Parameters
        ----------
        rate : float
            0 to 1.

        Returns
        -------
        float
            The nearest distance that is no more accepted; infinite if all are.
        """
        after = self.at(rate) + 1
        return float(self.thresholds[after]) if after < len(self.thresholds) else float("inf")

    def thinned(self, points: int = 400) -> ErrorCurve:
        """Return fewer places: even in the logarithm of the false-match rate, and in both rates.

        Parameters
        ----------
        points : int, default 400
            About how many.

        Returns
        -------
        ErrorCurve
            Places of this one.
        """
        if len(self.thresholds) <= points:
            return self
        least = max(float(self.fmr[self.fmr > 0].min(initial=1.0)), 1e-9)
        wanted = np.concatenate(
            [np.geomspace(least, 1, points // 2), np.linspace(0, 1, points // 4)]
        )
        by_fmr = np.searchsorted(self.fmr, wanted)
        by_fnmr = np.searchsorted(1 - self.fnmr, np.linspace(0, 1, points // 4))
        last = len(self.fmr) - 1
        kept = np.unique(np.minimum(np.concatenate([by_fmr, by_fnmr, [0, last]]), last))
        return ErrorCurve(self.thresholds[kept], self.fmr[kept], self.fnmr[kept])


def error_curve(scores: Scores) -> ErrorCurve:
    """Derive both error rates from raw scores.

    Parameters
    ----------
    scores : Scores
        Distances of pairs whose answer is known.

    Returns
    -------
    ErrorCurve
        A pair with a photo in which no face was found is accepted by nothing but "all".

    Raises
    ------
    EvaluationError
        If there are not pairs of both kinds.
    """
    same = np.sort(scores.distances[scores.same])
    listed = np.sort(scores.distances[~scores.same])
    if not len(same) or not scores.strangers:
        raise EvaluationError("pairs of one person and pairs of two people are needed")
    steps = np.concatenate([same, listed])
    if scores.beyond is not None:
        steps = np.concatenate([steps, scores.beyond.edges[1:]])
    steps = np.unique(steps[np.isfinite(steps)])
    false = np.searchsorted(listed, steps, side="right").astype(np.float64)
    if scores.beyond is not None:
        false += scores.beyond.below(steps)
    missed = len(same) - np.searchsorted(same, steps, side="right")
    first = float(steps[0]) - 1e-6 if len(steps) else 0.0
    return ErrorCurve(
        np.concatenate([[first], steps, [np.inf]]),
        np.concatenate([[0.0], false / scores.strangers, [1.0]]),
        np.concatenate([[1.0], missed / len(same), [0.0]]),
    )


def equal_error_rate(fmr: NDArray[np.float64], fnmr: NDArray[np.float64]) -> float:
    """Return the rate at which both errors are equal.

    Parameters
    ----------
    fmr : ndarray of shape (k,), float64
        Rising.
    fnmr : ndarray of shape (k,), float64
        Falling, at the same thresholds.

    Returns
    -------
    float
        0 to 1, on the straight line between the two places around it.
    """
    after = int(np.argmax(fmr >= fnmr))
    if after == 0:
        return float(fmr[0])
    gap_before = fnmr[after - 1] - fmr[after - 1]
    gap_after = fmr[after] - fnmr[after]
    part = gap_before / (gap_before + gap_after) if gap_before + gap_after > 0 else 0.0
    return float(fmr[after - 1] + part * (fmr[after] - fmr[after - 1]))


def reachable_rates(scores: Scores) -> tuple[float, ...]:
    """Return the rates of `RATES` that so many pairs can say something about.

    Parameters
    ----------
    scores : Scores
        Distances of pairs whose answer is known.

    Returns
    -------
    tuple of float
        Those at which at least one pair of two people may be accepted.
    """
    return tuple(rate for rate in RATES if rate * scores.strangers >= 1)

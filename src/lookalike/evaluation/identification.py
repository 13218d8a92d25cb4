"""Who is it? Figures derived from what every photo was answered.

*Closed set*: everybody who asks is known; how often is the right person first, or among the first
ten? *Open set*: who asks may be unknown, and then nobody should be named. A photo whose own person
is left out of the gallery stands for somebody unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import EvaluationError
from lookalike.evaluation.bootstrap import Drawing, Rate, bounds, rate_of, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.evaluation.asked import Answers
    from lookalike.evaluation.cast import Cast

#: Ranks that are reported.
PLACES: Final = (1, 5, 10)

#: Ranks of the curve.
_LAST_PLACE: Final = 20

#: False-positive identification rates that are reported.
FPIRS: Final = (1e-1, 1e-2, 1e-3)


@dataclass(frozen=True, slots=True)
class Detection:
    """How well known people are named where unknown people ask, too.

    Parameters
    ----------
    fpir : float
        False-positive identification rate: how often somebody unknown may be named, 0 to 1.
    threshold : float
        The distance that the nearest person must stay below to be named.
    dir : Rate
        Detection and identification rate: how often somebody known is named, and rightly.
    named : Rate
        The false-positive identification rate at this threshold, as it was counted.
    """

    fpir: float
    threshold: float
    dir: Rate
    named: Rate


@dataclass(frozen=True, slots=True, eq=False)
class Identification:
    """The figures of one metric and ranking.

    Parameters
    ----------
    metric, rank : str
        Which.
    asked : int
        Photos whose person has another photo.
    people : int
        The people of these photos.
    among : int
        How many people were ranked.
    rates : dict of int to Rate
        How often the right person is among the first 1, 5, 10.
    curve : tuple of Rate
        The same for every rank from 1: the cumulative match characteristic.
    detection : tuple of Detection
        Open set, at falling false-positive identification rates.
    """

    metric: str
    rank: str
    asked: int
    people: int
    among: int
    rates: dict[int, Rate]
    curve: tuple[Rate, ...]
    detection: tuple[Detection, ...]


def identification(answers: Answers, cast: Cast, drawing: Drawing | None = None) -> Identification:
    """Derive the figures from raw scores.

    Parameters
    ----------
    answers : Answers
        What every photo was answered.
    cast : Cast
        Who is in the photos.
    drawing : Drawing, optional
        How people are drawn again for the intervals.

    Returns
    -------
    Identification
        The figures.

    Raises
    ------
    EvaluationError
        If no photo has another one of the same person.

    Notes
    -----
    ``CMC(r) = P(rank <= r)`` over photos with a mate. ``FPIR(t) = P(d(nearest other person) < t)``
    over all photos, each with its own person left out. ``DIR(t) = P(rank = 1 and d(own) < t)``
    over photos with a mate.

    References
    ----------
    Phillips, Grother, Micheals, "Evaluation Methods in Face Recognition", Handbook of Face
    Recognition, 2011. ISO/IEC 19795-1:2021.
    """
    known = answers.place > 0
    if not known.any():
        raise EvaluationError("no photo has another one of the same person")
    weights = (drawing or Drawing()).weights(len(cast.people))
    counter = _Counter(cast, weights)
    last = min(_LAST_PLACE, len(cast.people))
    among = [(counter.rate(known & (answers.place <= at), known)) for at in range(1, last + 1)]
    rates = {at: among[at - 1] for at in PLACES if at <= last}
    return Identification(
        answers.metric,
        answers.rank,
        int(known.sum()),
        len(np.unique(cast.owners[known])),
        len(cast.people),
        rates,
        tuple(among),
        tuple(_detection(answers, known, counter, rate) for rate in _reachable(answers)),
    )


def _reachable(answers: Answers) -> tuple[float, ...]:
    """Return the rates that so many unknown askers can say something about."""
    return tuple(rate for rate in FPIRS if rate * len(answers.other) >= 1)


def _detection(
    answers: Answers, known: NDArray[np.bool_], counter: _Counter, fpir: float
) -> Detection:
    threshold = open_set_threshold(answers.other, fpir)
    right = known & (answers.place == 1) & (answers.own < threshold)
    everyone = np.ones(len(known), bool)
    named = counter.rate(answers.other < threshold, everyone)
    return Detection(fpir, threshold, counter.rate(right, known), named)


def open_set_threshold(nearest: NDArray[np.float32], fpir: float) -> float:
    """Return the loosest threshold at which unknown people are named no more often.

    Parameters
    ----------
    nearest : ndarray of shape (n,), float32
        The distance of each unknown asker to the nearest person.
    fpir : float
        How often somebody may be named, 0 to 1.

    Returns
    -------
    float
        A distance to stay below; infinite if all may be named.
    """
    ordered = np.sort(nearest)
    allowed = int(np.floor(fpir * len(ordered)))
    return float(ordered[allowed]) if allowed < len(ordered) else float("inf")


class _Counter:
    """Shares of photos, with intervals over their people."""

    def __init__(self, cast: Cast, weights: NDArray[np.float64]) -> None:
        self._owners = cast.owners
        self._people = len(cast.people)
        self._weights = weights

    def rate(self, hits: NDArray[np.bool_], asked: NDArray[np.bool_]) -> Rate:
        """Return how many of the asked photos were hits."""
        counted = [
            np.bincount(self._owners, each, minlength=self._people) for each in (hits, asked)
        ]
        return rate_of(counted[0], counted[1], self._weights)


def difference(
    one: NDArray[np.bool_],
    other: NDArray[np.bool_],
    asked: NDArray[np.bool_],
    cast: Cast,
    drawing: Drawing | None = None,
) -> Rate:
    """Return by how much one way is right more often than another, on the same photos.

    Parameters
    ----------
    one, other : ndarray of shape (n,), bool
        Which photos each was right about.
    asked : ndarray of shape (n,), bool
        The photos that count.
    cast : Cast
        Who is in them.
    drawing : Drawing, optional
        How people are drawn again.

    Returns
    -------
    Rate
        -1 to 1. An interval around 0 is no difference.
    """
    gap = (one.astype(np.float64) - other) * asked
    people = len(cast.people)
    sums = np.bincount(cast.owners, gap, minlength=people)
    counts = np.bincount(cast.owners, asked, minlength=people)
    weights = (drawing or Drawing()).weights(people)
    low, high = bounds(ratio(weights @ sums, weights @ counts))
    return Rate(float(ratio(sums.sum(), counts.sum())), low, high)

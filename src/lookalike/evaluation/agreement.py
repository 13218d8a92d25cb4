"""How often two metrics say the same: who is first, who is among the ten, in which order.

Two questions are asked of the same raw scores. *Known*: the photo asks, itself left out, and its
person's other photos are there; both metrics mostly name that person, so they agree. *Look-alike*:
its person is left out altogether, as nobody who plays with this is in the gallery; then the
nearest are all more or less alike, and metrics have something to disagree about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import EvaluationError
from lookalike.evaluation.bootstrap import Drawing, Rate, bounds, rate_of, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.evaluation.asked import Answers, Asked

#: How many people are compared.
TEN: Final = 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two ways to rank say the same.

    Parameters
    ----------
    one, other : str
        The metrics and rankings.
    question : {"known", "look-alike"}
        Whether the asking photo's person was there.
    asked : int
        How many photos asked.
    among : int
        How many people were ranked.
    first : Rate
        How often both name the same person first.
    shared : Rate
        The mean share of the ten nearest of one who are also among the ten nearest of the other.
    kendall, spearman : Rate
        Mean rank correlation, -1 to 1, of the ten nearest of one with their order by the other.
    """

    one: str
    other: str
    question: str
    asked: int
    among: int
    first: Rate
    shared: Rate
    kendall: Rate
    spearman: Rate


def agreement(
    asked: Asked, one: Answers, other: Answers, question: str, drawing: Drawing | None = None
) -> Agreement:
    """Compare two ways to rank.

    Parameters
    ----------
    asked : Asked
        Where both are from.
    one : Answers
        The first of them: the ten nearest are its.
    other : Answers
        Another one.
    question : {"known", "look-alike"}
        Whether the asking photo's person is there.
    drawing : Drawing, optional
        How people are drawn again for the intervals.

    Returns
    -------
    Agreement
        The figures.

    Raises
    ------
    EvaluationError
        If `one` is not the first of the answers, or nobody has asked.
    """
    if one is not asked.answers[0]:
        raise EvaluationError(
            f"rank correlations are known beside {asked.answers[0].key} only",
            "measure again, with the metric to compare with named first",
        )
    owners = asked.cast.owners
    known = question == "known"
    rows = np.flatnonzero(one.place > 0) if known else np.arange(len(owners))
    here, there = (_ten(each.top[rows], None if known else owners[rows]) for each in (one, other))
    lists = _taken(one.top[rows], here), _taken(other.top[rows], there)
    values = _taken(one.distances[rows], here), _taken(other.of_first[rows], here)
    if not len(rows):
        raise EvaluationError("no photo has another one of the same person")
    people = len(asked.cast.people)
    weights = (drawing or Drawing()).weights(people)
    owner = owners[rows]

    def mean(figures: NDArray[np.floating]) -> Rate:
        there_is = np.isfinite(figures)
        sums = np.bincount(owner[there_is], figures[there_is], minlength=people)
        counts = np.bincount(owner[there_is], minlength=people).astype(np.float64)
        low, high = bounds(ratio(weights @ sums, weights @ counts))
        return Rate(float(ratio(sums.sum(), counts.sum())), low, high)

    same = (lists[0][:, 0] == lists[1][:, 0]).astype(np.float64)
    hits = np.bincount(owner, same, minlength=people)
    tries = np.bincount(owner, minlength=people).astype(np.float64)
    return Agreement(
        one.key, other.key, question, len(rows), people - (not known),
        rate_of(hits, tries, weights), mean(_shared(*lists)),
        mean(kendall(*values)), mean(spearman(*values)),
    )  # fmt: skip


def _ten(top: NDArray[np.int32], owners: NDArray[np.int32] | None) -> NDArray[np.int64]:
    """Return the places of the ten nearest; those who own the photos are passed over."""
    passed = np.zeros(top.shape, bool) if owners is None else top == owners[:, None]
    order = np.argsort(passed, axis=1, kind="stable")
    return order[:, : min(TEN, top.shape[1] - (owners is not None))]


def _taken(columns: NDArray[Any], places: NDArray[np.int64]) -> NDArray[Any]:
    return np.take_along_axis(columns, places, axis=1)


def _shared(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.float64]:
    """Return which share of one list is in the other, row by row."""
    there = (one[:, :, None] == other[:, None, :]).any(axis=2)
    return np.asarray(there.mean(axis=1), np.float64)


def kendall(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.float64]:
    """Return Kendall's tau-b, row by row.

    Parameters
    ----------
    one, other : ndarray of shape (n, k)
        Distances of the same k people by two metrics.

    Returns
    -------
    ndarray of shape (n,), float64
        -1 to 1; NaN where there are not two finite distances, or all are equal.

    References
    ----------
    Kendall, "The Treatment of Ties in Ranking Problems", Biometrika, 1945.
    """
    one, other = _finite(one, other)
    first, second = np.triu_indices(one.shape[1], 1)
    signs = np.sign(one[:, first] - one[:, second]), np.sign(other[:, first] - other[:, second])
    with np.errstate(invalid="ignore"):
        above = np.nansum(signs[0] * signs[1], axis=1)
        untied = [np.nansum(np.abs(sign), axis=1) for sign in signs]
    return ratio(above, np.sqrt(untied[0] * untied[1]))


def spearman(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.float64]:
    """Return Spearman's rho, row by row.

    Parameters
    ----------
    one, other : ndarray of shape (n, k)
        Distances of the same k people by two metrics.

    Returns
    -------
    ndarray of shape (n,), float64
        -1 to 1; NaN where there are not two finite distances, or all are equal.
    """
    from scipy.stats import rankdata

    ranks = [rankdata(each, axis=1, nan_policy="omit") for each in _finite(one, other)]
    centered = [rank - np.nanmean(rank, axis=1, keepdims=True) for rank in ranks]
    above = np.nansum(centered[0] * centered[1], axis=1)
    below = np.nansum(centered[0] ** 2, axis=1) * np.nansum(centered[1] ** 2, axis=1)
    return ratio(above, np.sqrt(below))


def _finite(
    one: NDArray[Any], other: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both as floats; whoever is nowhere for one is nowhere for both."""
    first, second = one.astype(np.float64), other.astype(np.float64)
    nowhere = ~(np.isfinite(first) & np.isfinite(second))
    return np.where(nowhere, np.nan, first), np.where(nowhere, np.nan, second)

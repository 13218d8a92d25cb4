"""What an encoder's distances mean, from people it has not learned from: thresholds and odds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.models.odds import Odds
from lookalike.models.parts import METRICS, Threshold
from lookalike.registry import load
from lookalike.search.odds import fit_odds, reliability

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: False-match rates, and the pairs of strangers that must lie below a threshold to believe it.
_RATES: Final = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4)
_LEAST: Final = 30

#: The parts into which people are divided to judge the odds, and pairs that are drawn of strangers.
_FOLDS: Final = 5
_STRANGERS: Final = 100_000


def calibrated(
    vectors: NDArray[np.float32], groups: NDArray[np.int64], views: int, where: str
) -> tuple[list[Threshold], list[Odds]]:
    """Measure thresholds and odds for every metric that needs no fitting.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Of people who were left out.
    groups : ndarray of shape (n,), int64
        Whose they are.
    views : int
        Views averaged in each vector.
    where : str
        What is said of the data.

    Returns
    -------
    thresholds, odds : list of Threshold, list of Odds
        As a card has them. There are no odds where fewer people than folds have two photos.
    """
    thresholds: list[Threshold] = []
    odds: list[Odds] = []
    one, other = np.triu_indices(len(vectors), 1)
    same = groups[one] == groups[other]
    for name in METRICS:
        metric = load("metric", name)()
        rows = metric.project(vectors).astype(np.float64)
        squares = np.einsum("nd,nd->n", rows, rows)
        squared = squares[:, None] + squares - 2 * rows @ rows.T
        distances = metric.distances(np.maximum(squared[one, other], 0)).astype(np.float64)
        thresholds += _thresholds(distances[~same], name, views, where)
        found = _odds(distances, same, np.stack([groups[one], groups[other]]))
        if found is not None:
            odds.append(Odds(name, views, *found, measured_on=where))
    return thresholds, odds


def _thresholds(
    strangers: NDArray[np.float64], name: str, views: int, where: str
) -> list[Threshold]:
    ranked = np.sort(strangers)
    return [
        Threshold(name, views, rate, round(float(ranked[int(rate * len(ranked))]), 5), where)
        for rate in _RATES
        if rate * len(ranked) >= _LEAST
    ]


def _odds(
    distances: NDArray[np.float64], same: NDArray[np.bool_], owners: NDArray[np.int64]
) -> tuple[float, float, float, float, float, tuple[tuple[float, float, int], ...]] | None:
    """Fit the odds; judge them on a fifth of the people at a time."""
    rng = np.random.default_rng(0)
    people = np.unique(owners[0][same])
    if len(people) < _FOLDS:
        return None
    chosen = same.copy()
    strangers = np.flatnonzero(~same)
    chosen[rng.permutation(strangers)[:_STRANGERS]] = True
    distances, same, owners = distances[chosen], same[chosen], owners[:, chosen]
    # Everybody counts the same, however many pairs of photos there are of them.
    weights = 1 / np.bincount(owners[0][same], minlength=owners.max() + 1)[owners[0]].clip(min=1)
    fold_of = rng.permutation(owners.max() + 1) % _FOLDS
    said, truth, weight = [], [], []
    for fold in range(_FOLDS):
        out = (fold_of[owners] == fold).all(axis=0)
        kept = (fold_of[owners] != fold).all(axis=0)
        curve = fit_odds(distances[kept & same], distances[kept & ~same], weights[kept & same])
        said.append(curve.probabilities(distances[out]))
        truth.append(same[out])
        even = np.where(same[out], weights[out], 1.0)
        for kind in (same[out], ~same[out]):
            even[kind] /= max(float(even[kind].sum()), 1e-12)
        weight.append(even)
    error, points = reliability(np.concatenate(said), np.concatenate(truth), np.concatenate(weight))
    curve = fit_odds(distances[same], distances[~same], weights[same])
    ends = (round(curve.least, 3), round(curve.most, 3), round(error, 5))
    rounded = tuple((round(a, 4), round(b, 4), int(count)) for a, b, count in points)
    return round(curve.slope, 5), round(curve.intercept, 5), *ends, rounded

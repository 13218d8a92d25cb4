"""One person or two? Figures derived from the distances of known pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import EvaluationError
from lookalike.evaluation.curve import error_curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.evaluation.scores import Scores

#: False-accept rates at which the true-accept rate is reported of LFW's 3,000 pairs of strangers.
RATES: Final = (1e-2, 1e-3)


@dataclass(frozen=True, slots=True)
class Verification:
    """The figures of a verification run.

    Parameters
    ----------
    accuracy, deviation : float
        Mean and standard deviation over the folds, 0 to 1. The threshold of each fold is chosen
        on the others.
    threshold : float
        The distance that separates all pairs best.
    far : float
        How often two people come below that threshold, 0 to 1.
    tar_at_far : dict of float to float
        How often one person is accepted where two people are at most that often.
    """

    accuracy: float
    deviation: float
    threshold: float
    far: float
    tar_at_far: dict[float, float]


def verification(scores: Scores) -> Verification:
    """Derive the figures from raw scores.

    Parameters
    ----------
    scores : Scores
        Distances of pairs whose answer is known.

    Returns
    -------
    Verification
        The figures. A pair with a photo in which no face was found counts as two people.

    Raises
    ------
    EvaluationError
        If there are not at least two folds with pairs of both kinds.

    References
    ----------
    Huang, Learned-Miller, "Labeled Faces in the Wild: Updates and New Reporting Procedures",
    University of Massachusetts UM-CS-2014-003, 2014.
    """
    folds = np.unique(scores.folds)
    if len(folds) < 2 or scores.same.all() or not scores.same.any():
        raise EvaluationError("at least two folds, and pairs of both kinds, are needed")
    accuracies = []
    for fold in folds:
        inside = scores.folds == fold
        threshold = best_threshold(scores.distances[~inside], scores.same[~inside])
        right = (scores.distances[inside] < threshold) == scores.same[inside]
        accuracies.append(right.mean())
    threshold = best_threshold(scores.distances, scores.same)
    curve = error_curve(scores)
    return Verification(
        float(np.mean(accuracies)),
        float(np.std(accuracies)),
        threshold,
        float((scores.distances[~scores.same] < threshold).mean()),
        {rate: curve.tmr(rate) for rate in RATES},
    )


def best_threshold(distances: NDArray[np.float64], same: NDArray[np.bool_]) -> float:
    """Return the distance below which calling pairs one person is right most often.

    Parameters
    ----------
    distances : ndarray of shape (n,), float64
        Smaller is closer.
    same : ndarray of shape (n,), bool
        The truth.

    Returns
    -------
    float
        Halfway between the two distances that it separates.
    """
    order = np.argsort(distances, kind="stable")
    ranked, truth = distances[order], same[order]
    # With the first i pairs accepted: those that are one person, and those behind that are two.
    right = np.r_[0, np.cumsum(truth)] + np.r_[np.cumsum(~truth[::-1])[::-1], 0]
    best = int(np.argmax(right))
    below = ranked[best - 1] if best else ranked[0] - 1e-6
    above = ranked[best] if best < len(ranked) else below + 1e-6
    return float(below + 1e-6) if np.isinf(above) else float((below + above) / 2)

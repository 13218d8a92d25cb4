"""The worst pairs: two people who are nearest, and one person who is farthest from himself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lookalike.evaluation.scores import Scores


@dataclass(frozen=True, slots=True)
class Failure:
    """A pair that a threshold is likeliest to be wrong about.

    Parameters
    ----------
    distance : float
        Between the two photos.
    photos : tuple of int
        Positions in the cast.
    """

    distance: float
    photos: tuple[int, int]


def nearest_strangers(scores: Scores, most: int = 12) -> tuple[Failure, ...]:
    """Return the pairs of two people that are nearest, one for each two people.

    Parameters
    ----------
    scores : Scores
        With the people in the photos.
    most : int, default 12
        How many.

    Returns
    -------
    tuple of Failure
        The nearest first.

    Raises
    ------
    EvaluationError
        If the scores do not say who is in the photos.
    """
    return _worst(scores, ~scores.same, most, np.argsort)


def farthest_selves(scores: Scores, most: int = 12) -> tuple[Failure, ...]:
    """Return the pairs of one person that are farthest apart, one for each person.

    Parameters
    ----------
    scores : Scores
        With the people in the photos.
    most : int, default 12
        How many.

    Returns
    -------
    tuple of Failure
        The farthest first; photos in which no face was found are not among them.

    Raises
    ------
    EvaluationError
        If the scores do not say who is in the photos.
    """
    found = scores.same & np.isfinite(scores.distances)
    return _worst(scores, found, most, lambda values: np.argsort(-values))


def _worst(
    scores: Scores,
    chosen: NDArray[np.bool_],
    most: int,
    order: Callable[[NDArray[np.float64]], NDArray[np.int64]],
) -> tuple[Failure, ...]:
    one, other = scores.people_of(0), scores.people_of(1)
    rows = np.flatnonzero(chosen & np.isfinite(scores.distances))
    seen: set[tuple[int, int]] = set()
    found: list[Failure] = []
    for row in rows[order(scores.distances[rows])].tolist():
        pair = int(min(one[row], other[row])), int(max(one[row], other[row]))
        if pair in seen:
            continue
        seen.add(pair)
        sides = int(scores.sides[row, 0]), int(scores.sides[row, 1])
        found.append(Failure(float(scores.distances[row]), sides))
        if len(found) >= most:
            break
    return tuple(found)

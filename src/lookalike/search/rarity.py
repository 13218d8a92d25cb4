"""Step 7: how rare it is that a stranger looks this much alike.

A distance means nothing to people. What it means is learned from the gallery itself: how far its
people are from each other. The answer is "1 in N strangers looks this much alike", for somebody of
whom the gallery has as many photos as it has: the nearest of many photos is nearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from lookalike.search.tail import TAIL, Tail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

#: Probabilities at which the distances are kept.
GRID: Final = np.concatenate([np.logspace(-3, -1, 41), np.linspace(0.1, 1, 37)[1:]])

_INTERVAL: Final = (0.05, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Strangers:
    """How far strangers are from somebody of whom there are so many photos.

    Parameters
    ----------
    photos : int
        The number of photos.
    knots : ndarray of shape (77,), float64
        The distances that a growing part of strangers comes below, from 0.001 to all.
    tail : Tail
        The nearest thousandth.
    repeats : tuple of Tail
        Tails of the same people drawn again, for the interval.
    pairs : int
        How many pairs this rests on.
    """

    photos: int
    knots: NDArray[np.float64]
    tail: Tail
    repeats: tuple[Tail, ...]
    pairs: int

    def probability(self, distances: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return how likely a stranger is at least this near.

        Parameters
        ----------
        distances : ndarray of shape (n,)
            In the metric that was fitted.

        Returns
        -------
        ndarray of shape (n,), float64
            0 to 1.
        """
        distances = np.asarray(distances, np.float64)
        inside = np.interp(distances, self.knots, GRID)
        return np.where(
            distances < self.tail.start, self.tail.probability(distances), np.maximum(inside, TAIL)
        )

    def interval(self, distance: float) -> tuple[float, float]:
        """Return between which bounds the probability lies, nine times of ten.

        Parameters
        ----------
        distance : float
            In the metric that was fitted.

        Returns
        -------
        low, high : float
            Probabilities. Beyond the tail's start the bounds come from fits to people drawn again.
        """
        own = float(self.probability(np.array([distance]))[0])
        if distance >= self.tail.start or not self.repeats:
            return own, own
        at = np.array([distance])
        others = [float(tail.probability(at)[0]) for tail in self.repeats]
        low, high = np.quantile(others, _INTERVAL)
        return min(float(low), own), max(float(high), own)

    def fields(self) -> dict[str, Any]:
        """Return what `of` reads, as JSON values."""
        return {
            "photos": self.photos,
            "knots": [round(float(knot), 6) for knot in self.knots],
            "tails": [[t.start, t.shape, t.scale] for t in (self.tail, *self.repeats)],
            "pairs": self.pairs,
        }

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Self:
        """Read what `fields` gave.

        Parameters
        ----------
        fields : mapping
            JSON values.

        Returns
        -------
        Strangers
            The same.
        """
        tail, *repeats = (Tail(*numbers) for numbers in fields["tails"])
        knots = np.array(fields["knots"], np.float64)
        return cls(fields["photos"], knots, tail, tuple(repeats), fields["pairs"])

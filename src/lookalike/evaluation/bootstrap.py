"""How far a figure may be off: the same people drawn again, with replacement.

Photos of one person are alike, and so are their errors: what is drawn anew is people, with all
their photos, never photos or pairs. A pair of two people counts as often as both were drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The share of drawings that an interval holds.
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Drawing:
    """How people are drawn again.

    Parameters
    ----------
    repeats : int, default 1000
        How often; 20 and up.
    seed : int, default 0
        The same seed draws the same people.

    Raises
    ------
    OptionError
        If there are too few repeats for an interval.
    """

    repeats: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the range."""
        if self.repeats < 20:
            raise OptionError(f"an interval needs at least 20 repeats, got {self.repeats}")

    def weights(self, count: int) -> NDArray[np.float64]:
        """Draw as many as there are.

        Parameters
        ----------
        count : int
            How many people there are.

        Returns
        -------
        ndarray of shape (repeats, count), float64
            How often each was drawn; each row adds up to `count`.
        """
        rng = np.random.default_rng(self.seed)
        drawn = rng.multinomial(count, np.full(count, 1 / max(count, 1)), size=self.repeats)
        return np.asarray(drawn, np.float64)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, and between which bounds it lies for 95 of 100 such sets of people.

    Parameters
    ----------
    value : float
        0 to 1; NaN if there was nothing to count.
    low, high : float
        0 to 1; NaN where they cannot be said.
    """

    value: float
    low: float = math.nan
    high: float = math.nan

    def fields(self) -> dict[str, float | None]:
        """Return the rate as JSON values; what cannot be said is null."""
        named = {"value": self.value, "low": self.low, "high": self.high}
        return {key: round(one, 7) if math.isfinite(one) else None for key, one in named.items()}


def bounds(repeated: NDArray[np.floating], level: float = LEVEL) -> tuple[float, float]:
    """Return between which bounds the middle of repeated figures lies.

    Parameters
    ----------
    repeated : ndarray of shape (b,)
        The figure of each drawing; NaN where it had none.
    level : float, default 0.95
        The share between the bounds.

    Returns
    -------
    low, high : float
        NaN if more than a tenth of the drawings had no figure.
    """
    known = repeated[np.isfinite(repeated)]
    if len(known) < 0.9 * len(repeated) or not len(known):
        return math.nan, math.nan
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def ratio(hits: Any, asked: Any) -> NDArray[np.float64]:
    """Return shares, NaN where nothing was asked.

    Parameters
    ----------
    hits, asked : array-like
        Of one shape.

    Returns
    -------
    ndarray, float64
        Of that shape.
    """
    hits, asked = np.asarray(hits, np.float64), np.asarray(asked, np.float64)
    shares = np.full(hits.shape, np.nan)
    np.divide(hits, asked, out=shares, where=asked > 0)
    return shares


def rate_of(
    hits: NDArray[np.number], asked: NDArray[np.number], weights: NDArray[np.float64]
) -> Rate:
    """Return a share that is counted person by person.

    Parameters
    ----------
    hits, asked : ndarray of shape (p,)
        Of each person.
    weights : ndarray of shape (b, p), float64
        How often each was drawn.

    Returns
    -------
    Rate
        With the interval of the drawings.
    """
    value = float(ratio(hits.sum(), asked.sum()))
    people = int(np.count_nonzero(asked))
    return never_certain(value, ratio(weights @ hits, weights @ asked), people)


def never_certain(value: float, repeated: NDArray[np.float64], people: int) -> Rate:
    """Return a rate whose interval is not empty where nothing, or everything, was counted.

    Parameters
    ----------
    value : float
        The rate.
    repeated : ndarray of shape (b,), float64
        The rate of each drawing.
    people : int
        How many people it rests on, or how many pairs of people.

    Returns
    -------
    Rate
        With an interval.

    Notes
    -----
    Of no error nobody can draw one: the bootstrap would be sure of 0. Then the bound is that of
    so many independent trials without one, ``1 - 0.025^(1/people)`` (Clopper and Pearson), which
    is on the careful side: every person, or every two people, are one trial, however many photos
    there are.

    References
    ----------
    Fogliato, Patil, Perona, "Confidence Intervals for Error Rates in 1:1 Matching Tasks: Critical
    Statistical Analysis and Recommendations", International Journal of Computer Vision, 2024.
    """
    if not math.isfinite(value) or people < 1:
        return Rate(value)
    low, high = bounds(repeated)
    widest = 1 - ((1 - LEVEL) / 2) ** (1 / people)
    if value == 0:
        return Rate(value, 0.0, widest)
    if value == 1:
        return Rate(value, 1 - widest, 1.0)
    return Rate(value, low, high)

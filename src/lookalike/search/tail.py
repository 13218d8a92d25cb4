"""The nearest few of very many distances, as a curve that goes on where the data end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: From here on the tail is a fitted curve: the data thin out.
TAIL: Final = 1e-3

#: A shape as near to zero as this is zero.
_EXPONENTIAL: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Tail:
    """The nearest thousandth of all strangers, as a generalised Pareto distribution.

    Parameters
    ----------
    start : float
        The distance below which it holds.
    shape : float
        Its shape; negative where there is a distance that nobody comes below.
    scale : float
        Its scale, in units of the distance.

    Notes
    -----
    With u the start, P(D <= d) = 0.001 (1 + shape (u - d) / scale)^(-1 / shape).

    References
    ----------
    Pickands, "Statistical Inference Using Extreme Order Statistics", Annals of Statistics, 1975.
    """

    start: float
    shape: float
    scale: float

    @classmethod
    def fit(cls, distances: NDArray[np.floating]) -> Self:
        """Fit the tail by maximum likelihood.

        Parameters
        ----------
        distances : ndarray of shape (n,)
            Between strangers.

        Returns
        -------
        Tail
            Of the nearest thousandth of them.
        """
        from scipy.stats import genpareto

        start = float(np.quantile(distances, TAIL))
        beyond = start - distances[distances < start]
        if len(beyond) < 2 or not beyond.max() > 0:
            return cls(start, 0.0, max(abs(start), 1e-6) * 1e-3)
        shape, _, scale = genpareto.fit(beyond, floc=0)
        return cls(start, float(shape), float(scale))

    def probability(self, distances: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return how likely a stranger is at least this near.

        Parameters
        ----------
        distances : ndarray of shape (n,)
            Below `start`.

        Returns
        -------
        ndarray of shape (n,), float64
            0 to 0.001.
        """
        beyond = np.maximum(self.start - np.asarray(distances, np.float64), 0)
        if abs(self.shape) < _EXPONENTIAL:
            return np.asarray(TAIL * np.exp(-beyond / self.scale))
        # Zero beyond the nearest distance that there is, for a negative shape.
        inside = np.maximum(1 + self.shape * beyond / self.scale, 0)
        with np.errstate(divide="ignore"):
            return np.asarray(TAIL * inside ** (-1 / self.shape))

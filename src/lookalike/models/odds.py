"""What a distance says about one person or two, as a part of a model card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import CardError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Nobody has seen so many pairs that a logarithm of their number could be larger.
_LARGEST: Final = 100.0


@dataclass(frozen=True, slots=True)
class Odds:
    """How much likelier a distance is for one person than for two.

    Parameters
    ----------
    metric : str
        Name of the metric.
    views : int
        Number of views averaged in each vector.
    slope, intercept : float
        The natural logarithm of how much likelier it is, is ``intercept + slope * distance``.
    least, most : float
        Where that logarithm ends: so many pairs have been seen, not more.
    error : float
        The expected calibration error on people who were not used to fit it, 0 to 1.
    reliability : tuple of tuple of float
        The points of the reliability diagram on those people, for even odds beforehand: the mean
        probability, the share that was one person, and the number of pairs.
    measured_on : str
        The data behind it.

    References
    ----------
    Platt, "Probabilistic Outputs for Support Vector Machines", 1999; Naeini, Cooper, Hauskrecht,
    "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI, 2015.
    """

    metric: str
    views: int
    slope: float
    intercept: float
    least: float
    most: float
    error: float
    reliability: tuple[tuple[float, float, int], ...]
    measured_on: str

    def probability(self, distance: float, prior: float) -> float:
        """Return how likely two photos show one person.

        Parameters
        ----------
        distance : float
            Between their faces.
        prior : float
            How likely that was beforehand, above 0 and below 1.

        Returns
        -------
        float
            0 to 1.
        """
        said = float(np.clip(self.intercept + self.slope * distance, self.least, self.most))
        return float(1 / (1 + np.exp(-(said + np.log(prior) - np.log1p(-prior)))))


def read_odds(
    odds: Sequence[Mapping[str, Any]] = (), odds_measured_on: str = ""
) -> tuple[Odds, ...]:
    """Read what a card says of odds under ``[calibration]``.

    Parameters
    ----------
    odds : sequence of mapping
        One for each metric and number of views.
    odds_measured_on : str
        The data behind them.

    Returns
    -------
    tuple of Odds
        In the card's order.
    """
    return tuple(
        Odds(
            **{
                "measured_on": odds_measured_on,
                **row,
                "reliability": tuple(map(tuple, row.get("reliability", ()))),
            }
        )
        for row in odds
    )


def check_odds(odds: Odds, where: str) -> None:
    """Raise unless probabilities can be made of what a card says.

    Parameters
    ----------
    odds : Odds
        Whose numbers are numbers.
    where : str
        The card's file name, for errors.

    Raises
    ------
    CardError
        If a logarithm is out of its range, or a point of the reliability diagram is none.
    """
    if not -_LARGEST <= odds.least <= odds.most <= _LARGEST:
        raise CardError(f"{where}: odds must have least and most from -100 to 100, in this order")
    points: tuple[tuple[object, ...], ...] = odds.reliability
    for point in points:
        if len(point) != 3 or not all(isinstance(one, int | float) for one in point):
            raise CardError(f"{where}: a point of reliability must be three numbers, got {point!r}")

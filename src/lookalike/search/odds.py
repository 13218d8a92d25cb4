"""Learning from pairs what a distance says about one person or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Bins of a reliability diagram.
BINS: Final = 15


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic curve over distances.

    Parameters
    ----------
    slope, intercept : float
        The logarithm of how much likelier a distance is for one person than for two is
        ``intercept + slope * distance``.
    least, most : float
        Where that logarithm ends.
    """

    slope: float
    intercept: float
    least: float
    most: float

    def probabilities(self, distances: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return how likely pairs show one person, if that was even beforehand.

        Parameters
        ----------
        distances : ndarray of shape (n,)
            Between two faces each.

        Returns
        -------
        ndarray of shape (n,), float64
            0 to 1.
        """
        said = np.clip(self.intercept + self.slope * distances, self.least, self.most)
        return np.asarray(1 / (1 + np.exp(-said)), np.float64)

    def probability(self, distance: float, prior: float) -> float:
        """Return how likely a pair shows one person.

        Parameters
        ----------
        distance : float
            Between the two faces.
        prior : float
            How likely that was beforehand, above 0 and below 1.

        Returns
        -------
        float
            0 to 1.
        """
        even = float(self.probabilities(np.array([distance]))[0])
        return even * prior / (even * prior + (1 - even) * (1 - prior))


def fit_odds(
    same: NDArray[np.floating],
    different: NDArray[np.floating],
    weights: NDArray[np.floating] | None = None,
) -> Logistic:
    """Fit the curve, both kinds of pairs weighing the same.

    Parameters
    ----------
    same, different : ndarray of shape (n,) and (m,)
        Distances of pairs of one person, and of two people.
    weights : ndarray of shape (n,), optional
        Of the pairs of one person; the same for all by default.

    Returns
    -------
    Logistic
        It ends where one pair in all of a kind would be the exception.
    """
    from sklearn.linear_model import LogisticRegression

    distances = np.concatenate([same, different]).astype(np.float64)
    own = np.ones(len(same)) if weights is None else np.asarray(weights, np.float64)
    each = np.concatenate([own / own.sum(), np.full(len(different), 1 / len(different))])
    truth = np.arange(len(distances)) < len(same)
    center, spread = distances.mean(), distances.std() or 1.0
    model = LogisticRegression(C=1e6, max_iter=1000)
    rows = ((distances - center) / spread)[:, None]
    model.fit(rows, truth, sample_weight=each * len(distances) / 2)
    slope = float(model.coef_[0, 0]) / spread
    return Logistic(
        slope,
        float(model.intercept_[0]) - slope * float(center),
        -float(np.log(len(same))),
        float(np.log(len(different))),
    )


def reliability(
    probabilities: NDArray[np.floating],
    same: NDArray[np.bool_],
    weights: NDArray[np.floating],
    bins: int = BINS,
) -> tuple[float, list[tuple[float, float, int]]]:
    """Compare stated probabilities with what came true.

    Parameters
    ----------
    probabilities : ndarray of shape (n,)
        As stated, 0 to 1.
    same : ndarray of shape (n,), bool
        Whether it was one person.
    weights : ndarray of shape (n,)
        How much each pair counts.
    bins : int, default 15
        Of equal width.

    Returns
    -------
    error : float
        The expected calibration error: the mean difference over the bins, each by its weight.
    points : list of tuple
        For each bin that is not empty: the mean probability, the share that was one person, the
        number of pairs.
    """
    places = np.minimum((probabilities * bins).astype(int), bins - 1)
    error, points = 0.0, []
    for place in np.unique(places):
        inside = places == place
        said = float(np.average(probabilities[inside], weights=weights[inside]))
        true = float(np.average(same[inside], weights=weights[inside]))
        error += abs(said - true) * float(weights[inside].sum() / weights.sum())
        points.append((said, true, int(inside.sum())))
    return error, points

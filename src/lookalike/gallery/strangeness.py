"""What the distance of two photos means, by the people of a gallery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import OptionError
from lookalike.gallery.asking.rarity import rarity, stored
from lookalike.registry import load
from lookalike.search.odds import fit_odds
from lookalike.search.strangers import Way, fit_strangers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.gallery.gallery import Gallery
    from lookalike.protocols import Metric
    from lookalike.search.odds import Logistic
    from lookalike.search.rarity import Strangers
    from lookalike.types import Rarity

#: People are left out a fifth at a time.
_FOLDS: Final = 5

#: Pairs of two people that are measured in each fold.
_STRANGERS: Final = 20_000

#: Fewer people than this with two photos say nothing about probabilities.
LEAST_PEOPLE: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Strangeness:
    """What distances between two photos mean in one gallery.

    Parameters
    ----------
    strangers : Strangers
        How far photos of two people are.
    """

    strangers: Strangers

    def threshold(self, fmr: float) -> float:
        """Return the distance below which so many pairs of strangers come.

        Parameters
        ----------
        fmr : float
            The false-match rate, above 0 and at most 1.

        Returns
        -------
        float
            The threshold, by bisection of `Strangers.probability`.
        """
        low, high = 0.0, float(self.strangers.knots[-1])
        for _ in range(60):
            middle = (low + high) / 2
            reached = float(self.strangers.probability(np.array([middle]))[0])
            low, high = (middle, high) if reached <= fmr else (low, middle)
        return low

    def rarity(self, distance: float) -> Rarity | None:
        """Return how many pairs of strangers there are for one that is as near.

        Parameters
        ----------
        distance : float
            Between two faces.

        Returns
        -------
        Rarity or None
            With an interval.
        """
        return rarity((self.strangers,), distance, 1)

    @classmethod
    def of(cls, gallery: Gallery, metric: str) -> Strangeness:
        """Learn it, from one photo of everybody against one of everybody else.

        Parameters
        ----------
        gallery : Gallery
            The people.
        metric : str
            A name of the registry.

        Returns
        -------
        Strangeness
            Nothing is kept.

        Raises
        ------
        OptionError
            If there are too few people, or the metric cannot be fitted on them.
        """
        columns = gallery.columns(everyone=True)
        kept = stored(gallery.file, f"{metric}|nearest", len(columns.photos)) or ()
        fitting = [one for one in kept if one.photos == 1]
        strangers = fitting[0] if fitting else _learned(gallery, metric)
        if strangers is None:
            raise OptionError(
                f"{gallery.file.name} has too few people to say how far strangers are",
                "about 150 are needed; leave out --gallery",
            )
        return cls(strangers)


def _learned(gallery: Gallery, metric: str) -> Strangers | None:
    columns, measure = gallery.columns(everyone=True), gallery.metric(metric)

    def between(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.floating]:
        left, right = measure.project(one), measure.project(other)
        squared = (left**2).sum(1)[:, None] + (right**2).sum(1)[None] - 2 * left @ right.T
        return measure.distances(np.maximum(squared, 0))

    if len(columns.people) < 2:
        return None
    return fit_strangers(columns.vectors, columns.groups, 1, Way(between))


def odds_in(gallery: Gallery, metric: str) -> Logistic | None:
    """Learn how likely distances are for one person and for two, from a gallery's own pairs.

    Parameters
    ----------
    gallery : Gallery
        The people.
    metric : str
        A name of the registry.

    Returns
    -------
    Logistic or None
        None if fewer than 20 people have two photos.

    Notes
    -----
    A metric that is fitted is fitted on four fifths of the people and measures the others, in turn:
    a covariance that has seen a person flatters their pairs.
    """
    columns = gallery.columns(everyone=True)
    if (columns.counts > 1).sum() < LEAST_PEOPLE:
        return None
    rng = np.random.default_rng(0)
    fold_of = rng.permutation(len(columns.people)) % _FOLDS
    same, different = [], []
    for fold in range(_FOLDS):
        out = fold_of[columns.groups] == fold
        measure = _fitted(metric, columns.vectors[~out], columns.groups[~out])
        rows, groups = measure.project(columns.vectors[out]), columns.groups[out]
        same.append(_between(measure, rows, *_own_pairs(groups)))
        one, other = rng.integers(0, len(rows), (2, _STRANGERS))
        two = groups[one] != groups[other]
        different.append(_between(measure, rows, one[two], other[two]))
    return fit_odds(np.concatenate(same), np.concatenate(different))


def _fitted(name: str, vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> Metric:
    kind = load("metric", name)
    if not hasattr(kind, "fit"):
        ready: Metric = kind()
        return ready
    fitted: Metric = kind.fit(vectors, np.unique(groups, return_inverse=True)[1])
    return fitted


def _own_pairs(groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the neighbors in a ring of each person's photos: everybody counts by their photos."""
    order = np.argsort(groups, kind="stable")
    alike = groups[order[1:]] == groups[order[:-1]]
    return order[1:][alike], order[:-1][alike]


def _between(
    measure: Metric,
    rows: NDArray[np.float32],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
) -> NDArray[np.float64]:
    gaps = rows[one].astype(np.float64) - rows[other]
    return np.asarray(measure.distances((gaps**2).sum(axis=1)), np.float64)

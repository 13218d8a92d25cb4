"""How photos of one person differ, how people differ, and what that says of a face.

The two-covariance model: a face is ``mean + person + photo``, where the person's part varies with
one covariance and the photo's part with another. Both are estimated from the gallery itself. In
coordinates in which the second is the identity and the first is diagonal, every question ("is
this one of theirs?", "are these two people one?") is a sum over independent numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.gallery.audit.piles import Piles

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The part of the spread of face vectors that lies within people, where a gallery cannot say;
#: PINS and LFW have about that with the default encoder.
_WITHIN: Final = 1 / 3

#: How many photos, and how many people, that assumption weighs against what the gallery shows.
_PRIOR_PHOTOS: Final = 20.0
_PRIOR_PEOPLE: Final = 10.0

#: Rows that differ by less, as a part of their square, differ by rounding only.
_LEAST_SPREAD: Final = 1e-9

#: The least variance between people in any direction, against 1 within: an estimate from few
#: people may be 0 or less, and no person differs from another in that direction.
_LEAST_BETWEEN: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """A fitted model of how faces differ.

    Parameters
    ----------
    mean : ndarray of shape (d,), float64
        The middle of all people.
    basis : ndarray of shape (d, d), float64
        From vectors to coordinates with variance 1 within a person.
    between : ndarray of shape (d,), float64
        The variance between people in those coordinates, above 0.

    References
    ----------
    Ioffe, "Probabilistic Linear Discriminant Analysis", ECCV 2006. Brümmer, de Villiers, "The
    Speaker Partitioning Problem", Odyssey 2010.
    """

    mean: NDArray[np.float64]
    basis: NDArray[np.float64]
    between: NDArray[np.float64]

    @classmethod
    def fit(cls, vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> Likeness:
        """Estimate the model.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Rows.
        groups : ndarray of shape (n,), int64
            The person of each row, numbered from 0; -1 leaves a row out, but not all of them.

        Returns
        -------
        Likeness
            However few rows there are: what they do not say is assumed.
        """
        used = groups >= 0
        rows, labels = vectors[used].astype(np.float64), groups[used]
        piles = Piles.of(rows, labels)
        there = piles.counts > 0
        centers = piles.means()
        within = _within(rows - centers[labels], piles.counts[labels], _spread(rows))
        whiten = np.linalg.inv(np.linalg.cholesky(within)).T
        mean = centers[there].mean(axis=0)
        people = (centers[there] - mean) @ whiten
        values, turn = np.linalg.eigh(_between(people, piles.counts[there]))
        return cls(mean, whiten @ turn, np.maximum(values, _LEAST_BETWEEN))

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return rows in the model's coordinates.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Rows like those that were fitted.

        Returns
        -------
        ndarray of shape (n, d), float32
            Around 0.
        """
        return np.asarray((vectors - self.mean) @ self.basis, np.float32)

    def remaining(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how uncertain a person's place is once some photos have been seen.

        Parameters
        ----------
        counts : ndarray of shape (k,), float64
            Numbers of photos, 0 and up.

        Returns
        -------
        ndarray of shape (k, d), float64
            Variances: ``between`` for no photo, towards 0 for many.
        """
        return np.asarray(self.between / (counts[:, None] * self.between + 1), np.float64)

    def ratio(self, one: Piles, two: Piles) -> NDArray[np.float64]:
        """Compare piles in pairs: one person, or two?

        Parameters
        ----------
        one, two : Piles
            Of projected rows, as many of each.

        Returns
        -------
        ndarray of shape (k,), float64
            Log-likelihood ratios in nats, above 0 for one person; 0 where a pile is empty.

        Notes
        -----
        ``log N(a; m r b, r + 1/n) - log N(a; 0, v + 1/n)`` for the means a, b of n and m photos,
        with v the variance between people and ``r = v / (m v + 1)``.
        """
        noise = 1 / np.maximum(one.counts, 1)[:, None]
        left = self.remaining(two.counts)
        alone, given = self.between + noise, left + noise
        mean = one.means()
        off = mean - left * two.sums
        nats = mean**2 / alone - off**2 / given + np.log(alone / given)
        return np.asarray(0.5 * nats.sum(axis=1) * (one.counts > 0) * (two.counts > 0), np.float64)

    def expected(self, one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the ratio that two piles of one person have on average.

        Parameters
        ----------
        one, two : ndarray of shape (k,), float64
            The numbers of photos of each.

        Returns
        -------
        ndarray of shape (k,), float64
            In nats: how much the piles can say about each other; 0 where one is empty.
        """
        noise = 1 / np.maximum(one, 1)[:, None]
        nats = np.log((self.between + noise) / (self.remaining(two) + noise))
        return np.asarray(0.5 * nats.sum(axis=1) * (one > 0), np.float64)


def _spread(rows: NDArray[np.float64]) -> float:
    """Return the variance of rows, and something above 0 even if they are all equal."""
    return float(max(rows.var(axis=0).mean(), _LEAST_SPREAD * (rows**2).mean())) or 1.0


def _within(
    scatter: NDArray[np.float64], counts: NDArray[np.float64], spread: float
) -> NDArray[np.float64]:
    """Estimate how photos of one person differ; `counts` is their number for each row."""
    from sklearn.covariance import ledoit_wolf

    several = counts > 1
    freedom = float((1 - 1 / counts[several]).sum())
    assumed = np.eye(scatter.shape[1]) * spread * _WITHIN
    if freedom < 2 or not scatter.any():
        return assumed
    shown, _ = ledoit_wolf(scatter[several], assume_centered=True)
    total = shown * several.sum() + assumed * _PRIOR_PHOTOS
    return np.asarray(total / (freedom + _PRIOR_PHOTOS), np.float64)


def _between(people: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Estimate how people differ, from their means around 0 and their numbers of photos."""
    from sklearn.covariance import ledoit_wolf

    freedom = len(people) - 1
    assumed = np.eye(people.shape[1]) * (1 - _WITHIN) / _WITHIN
    if freedom < 2 or not people.any():
        return assumed
    shown, _ = ledoit_wolf(people, assume_centered=True)
    shown *= len(people) / freedom
    # The mean of n photos still varies by 1/n within the person.
    shown -= np.eye(people.shape[1]) * (1 / counts).mean()
    return np.asarray(
        (freedom * shown + _PRIOR_PEOPLE * assumed) / (freedom + _PRIOR_PEOPLE), np.float64
    )

"""What the model says of each face: does it belong where it is filed, and if not, where to?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from lookalike.gallery.audit import confidence
from lookalike.gallery.audit.nearest import NEVER, Bans, nearest_piles
from lookalike.gallery.audit.piles import Piles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.gallery.audit.likeness import Likeness
    from lookalike.gallery.audit.links import CannotLinks


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """One verdict for each face.

    Parameters
    ----------
    fit : ndarray of shape (n,), float64
        How well it fits the other photos it is filed with: 1 is usual, 0 and below is how
        strangers fit.
    best : ndarray of shape (n,), int64
        The other pile that it fits best, among those it may go to.
    relabel : ndarray of shape (n,), float64
        How sure it is that the face belongs there, 0 to 1.
    alien : ndarray of shape (n,), float64
        How sure it is that the face does not belong where it is filed, 0 to 1.
    expelled : ndarray of shape (n,), bool
        Whether another face of the same photo has the better claim to the person.
    """

    fit: NDArray[np.float64]
    best: NDArray[np.int64]
    relabel: NDArray[np.float64]
    alien: NDArray[np.float64]
    expelled: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        model: Likeness,
        rows: NDArray[np.float32],
        work: NDArray[np.int64],
        home: NDArray[np.int64],
        links: CannotLinks,
    ) -> Self:
        """Judge all faces.

        Parameters
        ----------
        model : Likeness
            Fitted.
        rows : ndarray of shape (n, d), float32
            Projected faces.
        work : ndarray of shape (n,), int64
            The pile that each is in; -1 for none.
        home : ndarray of shape (n,), int64
            The pile that each is filed in.
        links : CannotLinks
            Who cannot be one person.

        Returns
        -------
        Verdicts
            A face is never compared with itself.
        """
        piles = Piles.of(rows, work, int(home.max()) + 1)
        ones = np.ones(len(rows))
        kin = _without_self(piles, rows, home, inside=work == home)
        own = model.ratio(Piles.single(rows), kin)
        fit = own / np.maximum(model.expected(ones, kin.counts), 1e-9)
        best, other, lead, size = _elsewhere(model, rows, piles, work, home, links)
        elsewhere = other / np.maximum(model.expected(ones, size), 1e-9)
        expelled = links.weaker(home, fit)
        # Its claim is void, whatever it looks like.
        fit = np.where(expelled, np.minimum(fit, -2.0), fit)
        alone = (kin.counts == 1) & ~expelled
        people = np.log(np.count_nonzero(piles.counts))
        relabel = confidence.relabel(other - people, lead, fit, alone=alone)
        alien = confidence.alien(fit, elsewhere, alone=alone)
        # Where nobody else is filed there, it is the person who is in question, not the photo.
        only = np.bincount(home)[home] == 1
        no = np.zeros(len(rows))
        return cls(
            fit,
            best,
            np.where((other > NEVER / 2) & ~only, relabel, no),
            np.where((kin.counts > 0) & ~only, alien, no),
            expelled,
        )


def _without_self(
    piles: Piles, rows: NDArray[np.float32], groups: NDArray[np.int64], inside: NDArray[np.bool_]
) -> Piles:
    """Return a pile for each row, the row itself taken out."""
    part = Piles(rows.astype(np.float64) * inside[:, None], inside.astype(np.float64))
    return piles.pick(groups).less(part)


def _elsewhere(
    model: Likeness,
    rows: NDArray[np.float32],
    piles: Piles,
    work: NDArray[np.int64],
    home: NDArray[np.int64],
    links: CannotLinks,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the best other pile of each row, its ratio, its lead and its size."""
    every = np.arange(len(rows))
    away = work != home
    bans = Bans(
        np.concatenate([every, every, links.faces, links.faces]),
        np.concatenate([home, work, work[links.others], home[links.others]]),
    )
    best, ratios = nearest_piles(model, rows, piles, bans, 2)
    size = piles.counts[best[:, 0]]
    # The pile that a row has been moved to is judged without the row.
    there = np.flatnonzero(away & (work >= 0))
    without = _without_self(piles, rows[there], work[there], np.ones(len(there), bool))
    ratio = model.ratio(Piles.single(rows[there]), without)
    ratio[without.counts == 0] = NEVER
    where = np.concatenate([work[there][:, None], best[there]], axis=1)
    values = np.concatenate([ratio[:, None], ratios[there]], axis=1)
    order = np.argsort(-values, axis=1, kind="stable")[:, :2]
    best[there] = np.take_along_axis(where, order, axis=1)
    ratios[there] = np.take_along_axis(values, order, axis=1)
    size[there] = np.where(order[:, 0] == 0, without.counts, piles.counts[best[there, 0]])
    lead = np.minimum(ratios[:, 0] - ratios[:, 1], -NEVER)
    return best[:, 0], ratios[:, 0], lead, size

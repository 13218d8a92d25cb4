"""Which people a face could be of: every face against every person, in blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.gallery.audit.likeness import Likeness
    from lookalike.gallery.audit.piles import Piles

#: Numbers in the largest matrix that is held at one time (64 MB of float32).
_BUDGET: Final = 1 << 24

#: Less than every log-likelihood ratio: for what is not allowed or not there.
NEVER: Final = -1e30


class Bans:
    """What must not be put together.

    Parameters
    ----------
    rows, piles : ndarray of shape (k,), int64
        Row ``rows[i]`` must not go to pile ``piles[i]``; -1 is no pile.
    """

    def __init__(self, rows: NDArray[np.int64], piles: NDArray[np.int64]) -> None:
        kept = np.flatnonzero(piles >= 0)
        order = kept[np.argsort(rows[kept], kind="stable")]
        self._rows, self._piles = rows[order], piles[order]

    def within(self, start: int, stop: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the bans of a block of rows.

        Parameters
        ----------
        start, stop : int
            The rows.

        Returns
        -------
        rows, piles : ndarray of shape (k,), int64
            Rows are counted from `start`.
        """
        first, last = np.searchsorted(self._rows, [start, stop])
        return self._rows[first:last] - start, self._piles[first:last]


@dataclass(frozen=True, slots=True, eq=False)
class _Scores:
    """What a score is made of: ``x² quadratic[kind] + x linear + constant``.

    Uncertainty depends on a pile's count only, and few counts occur. The piles are therefore held
    in order of their counts, and the piles of one count have one column of `quadratic`.
    """

    order: NDArray[np.int64]
    ends: NDArray[np.int64]
    quadratic: NDArray[np.float32]
    linear: NDArray[np.float32]

    @classmethod
    def of(cls, model: Likeness, piles: Piles) -> _Scores:
        order = np.argsort(piles.counts, kind="stable")
        counts, kind = np.unique(piles.counts[order], return_inverse=True)
        left = model.remaining(counts)
        alone = model.between + 1
        guess = piles.sums[order] * left[kind]
        constant = 0.5 * np.log(alone / (left + 1)).sum(axis=1)[kind]
        constant -= 0.5 * (guess**2 / (left + 1)[kind]).sum(axis=1)
        constant[piles.counts[order] == 0] = NEVER
        linear = np.concatenate([guess / (left + 1)[kind], constant[:, None]], axis=1)
        return cls(
            order,
            np.cumsum(np.bincount(kind)),
            (0.5 / alone - 0.5 / (left + 1)).astype(np.float32).T,
            linear.astype(np.float32).T,
        )

    def between(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the score of each row with each pile, the piles in `order`."""
        ones = np.ones((len(rows), 1), np.float32)
        scores = np.concatenate([rows, ones], axis=1) @ self.linear
        quadratic = rows**2 @ self.quadratic
        start = 0
        for kind, end in enumerate(self.ends.tolist()):
            scores[:, start:end] += quadratic[:, kind, None]
            start = end
        return np.asarray(scores, np.float32)


def nearest_piles(
    model: Likeness, rows: NDArray[np.float32], piles: Piles, bans: Bans, k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find for each row the piles that it fits best.

    Parameters
    ----------
    model : Likeness
        Fitted.
    rows : ndarray of shape (n, d), float32
        Projected rows.
    piles : Piles
        Of projected rows, at least one.
    bans : Bans
        What is not to be found, among others each row's own pile.
    k : int
        How many, 1 and up.

    Returns
    -------
    best : ndarray of shape (n, k), int64
        Piles, best first.
    ratios : ndarray of shape (n, k), float64
        Log-likelihood ratios, see `Likeness.ratio`; `NEVER` or less where there are fewer.
    """
    scores = _Scores.of(model, piles)
    place = np.argsort(scores.order)
    best = np.zeros((len(rows), k), np.int64)
    ratios = np.full((len(rows), k), NEVER)
    step = max(1, _BUDGET // len(piles.counts))
    for start in range(0, len(rows), step):
        found = scores.between(rows[start : start + step])
        stop = start + len(found)
        banned, where = bans.within(start, stop)
        found[banned, place[where]] = NEVER
        every = np.arange(len(found))
        # Taking the largest a few times is much quicker than sorting.
        for turn in range(min(k, len(piles.counts))):
            column = found.argmax(axis=1)
            best[start:stop, turn] = scores.order[column]
            ratios[start:stop, turn] = found[every, column]
            found[every, column] = 2 * NEVER
    return best, ratios

"""People who may be one person under two names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from lookalike.gallery.audit import confidence
from lookalike.gallery.audit.names import alike
from lookalike.gallery.audit.nearest import NEVER, Bans, nearest_piles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.gallery.audit.likeness import Likeness
    from lookalike.gallery.audit.piles import Piles

#: How many possible doubles of each person are looked at closely.
_LOOKED_AT: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Doubles:
    """Pairs of piles, and how sure it is that they are one.

    Parameters
    ----------
    one, two : ndarray of shape (k,), int64
        The piles, ``one < two``.
    confidence : ndarray of shape (k,), float64
        0 to 1.
    """

    one: NDArray[np.int64]
    two: NDArray[np.int64]
    confidence: NDArray[np.float64]

    @classmethod
    def none(cls) -> Self:
        """Return no pairs."""
        nobody = np.zeros(0, np.int64)
        return cls(nobody, nobody, np.zeros(0))

    @classmethod
    def among(cls, model: Likeness, piles: Piles, names: Sequence[str]) -> Self:
        """Compare everybody with those who look most alike.

        Parameters
        ----------
        model : Likeness
            Fitted.
        piles : Piles
            Of projected rows.
        names : sequence of str
            The names of the first piles; the others have none.

        Returns
        -------
        Doubles
            Pairs of piles that have faces.
        """
        used = np.flatnonzero(piles.counts)
        means = piles.means()[used].astype(np.float32)
        itself = Bans(np.arange(len(used)), used)
        best, ratios = nearest_piles(model, means, piles, itself, _LOOKED_AT)
        pairs = np.stack([np.repeat(used, _LOOKED_AT), best.ravel()], axis=1)
        pairs = np.unique(np.sort(pairs[ratios.ravel() > NEVER / 2], axis=1), axis=0)
        if not len(pairs):
            return cls.none()
        one, two = pairs.T
        ratio = model.ratio(piles.pick(one), piles.pick(two))
        strength = ratio - np.log(len(used))
        sure = confidence.one_person(
            strength,
            _lead(one, two, ratio),
            _names(one, two, strength, names),
            single=np.minimum(piles.counts[one], piles.counts[two]) == 1,
        )
        return cls(one, two, sure)

    def surest(self, least: float) -> list[tuple[int, int]]:
        """Return the pairs that are sure enough.

        Parameters
        ----------
        least : float
            The confidence to have, 0 to 1.

        Returns
        -------
        list of tuple of int
            The surest first.
        """
        order = np.argsort(-self.confidence, kind="stable")
        order = order[self.confidence[order] >= least]
        return list(zip(self.one[order].tolist(), self.two[order].tolist(), strict=True))


def _lead(
    one: NDArray[np.int64], two: NDArray[np.int64], ratio: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return by how much each pair's ratio is above that of the next pair of either."""
    size = int(two.max()) + 1
    first, second = np.full(size, NEVER), np.full(size, NEVER)
    for pile, value in zip(
        np.concatenate([one, two]).tolist(), np.tile(ratio, 2).tolist(), strict=True
    ):
        if value > first[pile]:
            first[pile], second[pile] = value, first[pile]
        elif value > second[pile]:
            second[pile] = value
    rivals = [np.where(ratio >= first[side], second[side], first[side]) for side in (one, two)]
    return np.asarray(ratio - np.maximum(*rivals), np.float64)


def _names(
    one: NDArray[np.int64],
    two: NDArray[np.int64],
    strength: NDArray[np.float64],
    names: Sequence[str],
) -> NDArray[np.float64]:
    """Compare the names of those whose faces are alike."""
    found = np.zeros(len(one))
    for at in np.flatnonzero((strength > 0) & (two < len(names))):
        found[at] = alike(names[one[at]], names[two[at]])
    return found

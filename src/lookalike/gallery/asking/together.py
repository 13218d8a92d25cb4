"""Several photos of one visitor as one question, and how far the answer depends on which photos.

Notes
-----
The question is the mean of the photos' vectors. Of eleven ways to bring photos together it was,
within error, the best one, and it asks once: ``benchmarks/together.py``.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.gallery.asking.rarity import PHOTOS, way_of
from lookalike.registry import names
from lookalike.search.strangers import fit_strangers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.gallery.asking.made import Made
    from lookalike.gallery.asking.ranking import FindOptions, Ranked
    from lookalike.gallery.records import Columns
    from lookalike.search.rarity import Strangers
    from lookalike.types import Match

#: Halves of a visitor's photos that are asked, at most.
_HALVES: Final = 128

#: Pairs of strangers that are looked at: fewer than for a gallery's own file, because somebody
#: waits for it.
_PAIRS: Final = 500_000

#: People with as many photos as the visitor whom it takes to say how near strangers come.
_LEAST_ASKERS: Final = 100

#: Photos of a visitor for each photo that strangers could be given: with more, the mean comes
#: nearer to everybody than was learned.
_MOST_TIMES: Final = 1.5


def halves(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the means of halves of some vectors.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows, two and up.

    Returns
    -------
    ndarray of shape (h, d), float32
        Of every choice of n // 2 of them; where these are more than 128, of 128 drawn, the same
        ones every time.
    """
    n = len(vectors)
    if comb(n, n // 2) <= _HALVES:
        chosen = np.array(list(combinations(range(n), n // 2)))
    else:
        rng = np.random.default_rng(0)
        chosen = np.array([rng.permutation(n)[: n // 2] for _ in range(_HALVES)])
    return np.asarray(vectors[chosen].mean(axis=1, dtype=np.float64), np.float32)


def with_stability(
    matches: Sequence[Match], ranked: Sequence[Ranked], by_halves: Sequence[Sequence[Ranked]]
) -> list[Match]:
    """Say of each match how often halves of the photos name it.

    Parameters
    ----------
    matches : sequence of Match
        By all photos, the most alike first.
    ranked : sequence of Ranked
        The same people, as they were ranked.
    by_halves : sequence of sequence of Ranked
        Who was ranked by each half.

    Returns
    -------
    list of Match
        The same, each with the share of halves that name the person at this rank or better.
    """
    named = [[one.group for one in people] for people in by_halves]
    return [
        replace(
            match, stability=sum(one.group in half[: match.rank] for half in named) / len(named)
        )
        for match, one in zip(matches, ranked, strict=True)
    ]


class Askers:
    """How far strangers with several photos are from a gallery's people. Safe to share.

    It is learned at the first question with so many photos, and kept in memory.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, int, int], Strangers | None] = {}

    def of(
        self,
        everybody: Columns,
        made: Made,
        options: FindOptions,
        asking: int,
        photos: Sequence[int],
    ) -> tuple[Strangers, ...]:
        """Return what has been learned, or learn it.

        Parameters
        ----------
        everybody : Columns
            The gallery, whose people are each other's strangers.
        made : Made
            Where the metric comes from.
        options : FindOptions
            The question.
        asking : int
            How many photos the visitor has, 1 and up.
        photos : sequence of int
            How many photos there are of each of those who are named.

        Returns
        -------
        tuple of Strangers
            For rising numbers of photos. Empty if the gallery has too few people with about as
            many photos as the visitor: what is true of a single photo is not of a mean, which
            is nearer to everybody.
        """
        counts = everybody.counts
        able = [n for n in range(1, asking + 1) if (counts >= n).sum() >= _LEAST_ASKERS]
        if options.metric in names("person-model") or not able or asking > _MOST_TIMES * able[-1]:
            return ()
        most = int(counts.max())
        wanted = {max(n for n in PHOTOS if n <= min(count, most)) for count in photos}
        way = way_of(made.metric(options.metric), options.rank, able[-1])
        found = []
        for number in sorted(wanted):
            key = (options.metric, options.rank, able[-1], number)
            if key not in self._known:
                self._known[key] = fit_strangers(
                    everybody.vectors, everybody.groups, number, way, pairs=_PAIRS
                )
            found.append(self._known[key])
        return tuple(one for one in found if one is not None)

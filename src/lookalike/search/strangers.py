"""Learning from a gallery how far strangers are from its people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.search.rarity import GRID, Strangers
from lookalike.search.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

#: Fewer pairs than this say nothing about one in a thousand.
LEAST_PAIRS: Final = 20_000

#: Pairs that are looked at for each number of photos.
MOST_PAIRS: Final = 2_000_000

#: Fits to other people than those at hand, drawn with replacement, for the interval.
_REPEATS: Final = 24


@dataclass(frozen=True, slots=True)
class Way:
    """How far a stranger is from somebody with several photos.

    Parameters
    ----------
    measure : callable
        Takes rows (a, d) and rows (b, d) and returns the distances (a, b).
    nearest : int
        The mean over this many photos, the nearest ones; 0 measures to the mean of all photos.
    asking : int
        How many photos of the stranger are averaged before they are measured, 1 and up.
    """

    measure: Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.floating]]
    nearest: int = 1
    asking: int = 1

    def distances(
        self, one: NDArray[np.float32], others: Sequence[NDArray[np.float32]]
    ) -> NDArray[np.floating]:
        """Return how far rows are from people.

        Parameters
        ----------
        one : ndarray of shape (a, d), float32
            Rows.
        others : sequence of ndarray of shape (b, d), float32
            A photo of each of b people, another photo of each, and so on.

        Returns
        -------
        ndarray of shape (a, b)
            Distances.
        """
        if self.nearest == 0:
            middles = np.asarray(np.mean(others, axis=0, dtype=np.float64), np.float32)
            return self.measure(one, middles)
        best: list[NDArray[np.floating]] = []
        for rows in others:
            one_more = self.measure(one, rows)
            for at, kept in enumerate(best):
                best[at] = np.asarray(np.minimum(kept, one_more))
                one_more = np.asarray(np.maximum(kept, one_more))
            if len(best) < self.nearest:
                best.append(one_more)
        return np.asarray(sum(best) / len(best))


def fit_strangers(
    vectors: NDArray[np.float32],
    groups: NDArray[np.int64],
    photos: int,
    way: Way,
    seed: int = 0,
    pairs: int = MOST_PAIRS,
) -> Strangers | None:
    """Learn how far strangers are from people of whom there are so many photos.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows of known people.
    groups : ndarray of shape (n,), int64
        The person of each row.
    photos : int
        The number of photos of one person that a stranger's photo is compared with.
    way : Way
        How the distance is taken.
    seed : int, default 0
        Which photos and people are drawn.
    pairs : int, default 2,000,000
        How many pairs to look at, at most.

    Returns
    -------
    Strangers or None
        None if there are too few pairs, or too few people to ask, to say anything.
    """
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(groups))
    order = shuffled[np.argsort(groups[shuffled], kind="stable")]
    _, starts, counts = np.unique(groups[order], return_index=True, return_counts=True)
    enough = np.flatnonzero(counts >= photos)
    able = np.flatnonzero(counts >= way.asking)
    if len(enough) == 0 or len(able) < 2:
        return None
    askers, asked = _drawn(rng, able, enough, pairs)
    others = [vectors[order[starts[asked] + at]] for at in range(photos)]
    asking = [vectors[order[starts[askers] + at]] for at in range(way.asking)]
    middles = asking[0] if way.asking == 1 else np.mean(asking, axis=0, dtype=np.float64)
    best = way.distances(np.asarray(middles, np.float32), others)
    strange = askers[:, None] != asked[None, :]
    distances = np.sort(best[strange].astype(np.float64))
    if len(distances) < LEAST_PAIRS:
        return None
    repeats = tuple(_repeated(rng, best, strange) for _ in range(_REPEATS))
    return Strangers(
        photos, np.quantile(distances, GRID), Tail.fit(distances), repeats, len(distances)
    )


def _drawn(
    rng: np.random.Generator, able: NDArray[np.int64], enough: NDArray[np.int64], pairs: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw who asks and who is asked, so that there are not too many pairs."""
    side = int(np.sqrt(pairs))
    asked = rng.permutation(enough)[:side]
    askers = rng.permutation(able)[: pairs // len(asked)]
    return askers, asked


def _repeated(
    rng: np.random.Generator, best: NDArray[np.floating], strange: NDArray[np.bool_]
) -> Tail:
    """Fit the tail to people drawn again, with replacement: pairs of one person go together."""
    rows = rng.integers(0, best.shape[0], best.shape[0])
    columns = rng.integers(0, best.shape[1], best.shape[1])
    part = np.ix_(rows, columns)
    return Tail.fit(best[part][strange[part]].astype(np.float64))

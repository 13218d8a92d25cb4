"""Letting nobody be named more often than likeness gives: a correction for hubs.

In spaces of many dimensions some people are near to everybody. Who is that near to strangers is
told from the gallery's own people, and counts that much farther away.

References
----------
Radovanović, Nanopoulos, Ivanović, "Hubs in Space: Popular Nearest Neighbors in High-Dimensional
Data", JMLR 2010. Conneau et al., "Word Translation Without Parallel Data" (CSLS), ICLR 2018.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.gallery.asking.ranking import centroids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.gallery.asking.ranking import Rank, Ranked
    from lookalike.gallery.records import Columns
    from lookalike.protocols import Metric

#: How many strangers ask, and how many of the nearest of them say how near strangers come.
_ASKERS: Final = 2000
_NEAREST: Final = 30

#: Strangers who ask at one time.
_BLOCK: Final = 250


def closeness(
    ranked: Columns, everybody: Columns, metric: Metric, rank: Rank = "nearest"
) -> NDArray[np.float64]:
    """Measure how near strangers come to each person.

    Parameters
    ----------
    ranked : Columns
        The people in question.
    everybody : Columns
        The gallery, whose people are each other's strangers.
    metric : Metric
        Fitted, where it must be.
    rank : {"nearest", "mean", "centroid"}
        How far somebody is; for ``mean``, as for ``nearest``.

    Returns
    -------
    ndarray of shape (len(ranked.people),), float64
        The mean distance of the 30 strangers of 2,000 who come nearest; smaller for a hub.
    """
    rng = np.random.default_rng(0)
    _, firsts = np.unique(everybody.groups, return_index=True)
    askers = rng.permutation(firsts)[:_ASKERS]
    owners = [everybody.people[everybody.groups[row]].id for row in askers]
    position = {person.id: at for at, person in enumerate(ranked.people)}
    rows, starts = _sorted(ranked, rank)
    asked = metric.project(rows)
    squares = np.einsum("nd,nd->n", asked, asked)
    distances = np.empty((len(askers), len(ranked.people)), np.float64)
    for at in range(0, len(askers), _BLOCK):
        asking = metric.project(everybody.vectors[askers[at : at + _BLOCK]])
        squared = squares - 2 * asking @ asked.T + np.einsum("nd,nd->n", asking, asking)[:, None]
        least = np.minimum.reduceat(np.maximum(squared, 0), starts, axis=1)
        distances[at : at + _BLOCK] = metric.distances(least)
    for row, owner in enumerate(owners):
        if owner in position:
            distances[row, position[owner]] = np.inf
    strangers = max(1, min(_NEAREST, len(askers) - 1))
    nearest = np.partition(distances, strangers - 1, axis=0)[:strangers]
    return np.asarray(np.where(np.isfinite(nearest), nearest, 0).mean(axis=0), np.float64)


def _sorted(ranked: Columns, rank: Rank) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the rows that are measured, person by person, and where each person begins."""
    if rank == "centroid":
        rows = centroids(ranked.vectors, ranked.groups)
        return rows, np.arange(len(rows))
    order = np.argsort(ranked.groups, kind="stable")
    return ranked.vectors[order], np.searchsorted(
        ranked.groups[order], np.arange(len(ranked.people))
    )


def reordered(people: Sequence[Ranked], near: NDArray[np.float64], k: int) -> list[Ranked]:
    """Rank again, everybody as much farther away as strangers come near.

    Parameters
    ----------
    people : sequence of Ranked
        More than `k`, nearest first.
    near : ndarray of shape (p,), float64
        As `closeness` gives it.
    k : int
        How many to return.

    Returns
    -------
    list of Ranked
        In the new order; the distances stay what they are.
    """
    return sorted(people, key=lambda one: one.distance - near[one.group])[:k]

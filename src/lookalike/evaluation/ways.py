"""How far every photo is from everybody, the photo itself left out.

A fitted metric that has seen the asking photo, or its person, flatters itself. Pooled Mahalanobis
distance is fitted without the asking person, the model of each person without the asking photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.gallery.asking.ranking import EVIDENCE
from lookalike.registry import load, names
from lookalike.search.mahalanobis import PersonMahalanobis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns
    from lookalike.protocols import Metric

#: A fitted metric is fitted so often at most; with more people, several are left out at a time.
FITS: Final = 128

#: Of a model of each person so many photos are left out in turns at most, one of each person.
TURNS: Final = 24

#: Photos whose distances to all others are held at one time.
_BLOCK: Final = 128


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The photos of a gallery, those of one person beside each other.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    groups : ndarray of shape (n,), int64
        The person of each, rising from 0 without gaps.
    """

    vectors: NDArray[np.float32]
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, columns: Columns) -> tuple[Faces, NDArray[np.int64]]:
        """Sort the photos of a gallery by person.

        Parameters
        ----------
        columns : Columns
            The gallery.

        Returns
        -------
        faces : Faces
            Sorted.
        order : ndarray of shape (n,), int64
            Where each row was.
        """
        order = np.argsort(columns.groups, kind="stable")
        return cls(columns.vectors[order], columns.groups[order]), order

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many photos each person has."""
        return np.bincount(self.groups)

    @property
    def starts(self) -> NDArray[np.int64]:
        """The first row of each person."""
        return np.concatenate([[0], np.cumsum(self.counts)[:-1]]).astype(np.int64)


def blocks(faces: Faces) -> int:
    """Return about how many blocks `distances_to_people` gives.

    Parameters
    ----------
    faces : Faces
        The photos.

    Returns
    -------
    int
        For a progress bar.
    """
    return -(-len(faces.groups) // _BLOCK)


def distances_to_people(
    faces: Faces, metric: str, ranks: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.int64], NDArray[np.float32]]]:
    """Measure block by block how far photos are from everybody.

    Parameters
    ----------
    faces : Faces
        The photos.
    metric : str
        A name of the registry.
    ranks : sequence of {"nearest", "mean", "centroid"}
        How far somebody is, see `lookalike.gallery.asking.ranking`: a metric is fitted once for
        all. A model of each person has its own way, ``"model"``.

    Yields
    ------
    rank : str
        How far somebody is; of the same photos the ranks come one after the other, as given.
    rows : ndarray of shape (m,), int64
        Which photos.
    distances : ndarray of shape (m, p), float32
        To everybody; +inf to who has no photo beside the asking one.

    Raises
    ------
    UnknownName
        If there is no such metric.
    OptionError
        If the metric cannot be fitted on these people.
    """
    if metric in names("person-model"):
        for rows, found in _by_models(faces):
            yield "model", rows, found
        return
    for measure, asking in _fitted(faces, metric):
        tables = [(rank, _Table(faces, measure, rank)) for rank in ranks]
        for start in range(0, len(asking), _BLOCK):
            rows = asking[start : start + _BLOCK]
            for rank, table in tables:
                yield rank, rows, table.distances(rows)


def _fitted(faces: Faces, metric: str) -> Iterator[tuple[Metric, NDArray[np.int64]]]:
    """Give the metric, fitted if it must be, and the photos that it has not seen."""
    kind = load("metric", metric)
    if not hasattr(kind, "fit"):
        yield kind(), np.arange(len(faces.groups))
        return
    several = np.flatnonzero(faces.counts > 1)
    # Who has one photo says nothing of how photos of one person differ: nothing has been seen.
    folds = np.full(len(faces.counts), -1)
    folds[several] = np.arange(len(several)) % FITS
    for fold in np.unique(folds):
        asking = folds[faces.groups] == fold
        seen = ~asking if fold >= 0 else np.ones(len(asking), bool)
        groups = np.unique(faces.groups[seen], return_inverse=True)[1]
        yield kind.fit(faces.vectors[seen], groups.astype(np.int64)), np.flatnonzero(asking)


class _Table:
    """Everything that distances by a metric on pairs of vectors take."""

    def __init__(self, faces: Faces, metric: Metric, rank: str) -> None:
        self._faces = faces
        self._metric = metric
        self._rank = rank
        self._asking = metric.project(faces.vectors).astype(np.float64)
        self._asked = self._asking
        if rank == "centroid":
            self._sums = np.add.reduceat(faces.vectors.astype(np.float64), faces.starts)
            self._asked = self._projected(self._sums / faces.counts[:, None])
        self._squares = np.einsum("nd,nd->n", self._asked, self._asked)

    def _projected(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._metric.project(vectors.astype(np.float32)).astype(np.float64)

    def distances(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the distances of some photos to everybody."""
        asking = self._asking[rows]
        squared = np.einsum("nd,nd->n", asking, asking)[:, None] + self._squares
        squared -= 2 * asking @ self._asked.T
        found = np.asarray(self._metric.distances(squared), np.float32)
        if self._rank == "centroid":
            return self._without_own_mean(rows, found)
        found[np.arange(len(rows)), rows] = np.inf
        starts = self._faces.starts
        if self._rank == "nearest":
            return np.asarray(np.minimum.reduceat(found, starts, axis=1), np.float32)
        return self._mean_of_nearest(rows, found, starts)

    def _mean_of_nearest(
        self, rows: NDArray[np.int64], found: NDArray[np.float32], starts: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return means over the nearest few photos of each person, or over those there are."""
        top = float(found[np.isfinite(found)].max(initial=1.0)) + 1
        # One sort for all: each person's distances stay within a span of their own.
        shifted = np.minimum(found, np.float32(top)).astype(np.float64)
        shifted += self._faces.groups * (2 * top)
        shifted.sort(axis=1)
        counts = np.broadcast_to(self._faces.counts, (len(rows), len(starts))).copy()
        counts[np.arange(len(rows)), self._faces.groups[rows]] -= 1
        sums = np.zeros(counts.shape)
        for at in range(EVIDENCE):
            places = np.minimum(starts + at, len(self._faces.groups) - 1)
            values = shifted[:, places] - np.arange(len(starts)) * (2 * top)
            sums += np.where(counts > at, values, 0.0)
        taken = np.minimum(counts, EVIDENCE)
        means = np.full(sums.shape, np.inf)
        np.divide(sums, taken, out=means, where=taken > 0)
        return means.astype(np.float32)

    def _without_own_mean(
        self, rows: NDArray[np.int64], found: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Measure to the mean of the own person's other photos instead."""
        groups = self._faces.groups[rows]
        left = self._faces.counts[groups] - 1
        others = self._sums[groups] - self._faces.vectors[rows]
        means = self._projected(others / np.maximum(left, 1)[:, None])
        gap = self._asking[rows] - means
        own = self._metric.distances(np.einsum("nd,nd->n", gap, gap))
        found[np.arange(len(rows)), groups] = np.where(left > 0, own, np.inf)
        return found


def _by_models(faces: Faces) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Measure to models of everybody that were made without the asking photos."""
    within = np.arange(len(faces.groups)) - faces.starts[faces.groups]
    turns = within % TURNS
    people = len(faces.counts)
    for turn in np.unique(turns):
        asking = np.flatnonzero(turns == turn)
        kept = turns != turn
        # Who would have no photo left stays: nobody asks for them but their own only photo.
        only = (faces.counts == 1)[faces.groups]
        kept |= only
        shown, groups = np.unique(faces.groups[kept], return_inverse=True)
        model = PersonMahalanobis.fit(faces.vectors[kept], groups.astype(np.int64))
        for start in range(0, len(asking), _BLOCK):
            rows = asking[start : start + _BLOCK]
            found = np.full((len(rows), people), np.inf, np.float32)
            neighbors = model.search(faces.vectors[rows], len(model))
            np.put_along_axis(found, shown[neighbors.rows], neighbors.distances, axis=1)
            alone = only[rows]
            found[alone, faces.groups[rows[alone]]] = np.inf
            yield rows, found

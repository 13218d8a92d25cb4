"""What distances in a gallery mean: learned from its people once, and kept in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import select

from lookalike.gallery.asking.ranking import EVIDENCE
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.dialects import upsert
from lookalike.search.rarity import Strangers
from lookalike.search.strangers import Way, fit_strangers
from lookalike.types import Rarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.gallery.asking.ranking import Rank
    from lookalike.gallery.records import Columns
    from lookalike.gallery.seam import Store
    from lookalike.protocols import Metric

#: Numbers of photos that are looked at; somebody with another number counts as the next lower.
PHOTOS: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)

#: The metrics of which every gallery learns what they mean.
LEARNED: Final = ("euclidean", "cosine", "mahalanobis")

#: Beyond this nothing can be said from the photos of some thousands of people.
_MOST: Final = 1e9

#: How much a gallery may grow or shrink until what was learned of it is learned again.
_CHANGE: Final = 0.1


def learn(columns: Columns, metric: Metric, rank: Rank = "nearest") -> tuple[Strangers, ...]:
    """Learn how far strangers are from the people of a gallery.

    Parameters
    ----------
    columns : Columns
        The gallery.
    metric : Metric
        Fitted, where it must be.
    rank : {"nearest", "mean", "centroid"}
        How far somebody is.

    Returns
    -------
    tuple of Strangers
        For rising numbers of photos; empty if the gallery is too small.
    """
    way = way_of(metric, rank)
    most = int(np.bincount(columns.groups).max(initial=0))
    numbers = [number for number in PHOTOS if number <= most]
    found = (fit_strangers(columns.vectors, columns.groups, number, way) for number in numbers)
    return tuple(one for one in found if one is not None)


def way_of(metric: Metric, rank: Rank, asking: int = 1) -> Way:
    """Say how distances to people are taken.

    Parameters
    ----------
    metric : Metric
        Fitted, where it must be.
    rank : {"nearest", "mean", "centroid"}
        How far somebody is.
    asking : int, default 1
        How many photos of the one who asks are averaged.

    Returns
    -------
    Way
        For `fit_strangers`.
    """

    def measure(one: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.floating]:
        left, right = metric.project(one), metric.project(others)
        squared = (left**2).sum(1)[:, None] + (right**2).sum(1)[None] - 2 * left @ right.T
        return metric.distances(np.maximum(squared, 0))

    return Way(measure, {"nearest": 1, "mean": EVIDENCE, "centroid": 0}[rank], asking)


def rarity(strangers: Sequence[Strangers], distance: float, photos: int) -> Rarity | None:
    """Say how rare it is that a stranger is as near.

    Parameters
    ----------
    strangers : sequence of Strangers
        As `learn` gives them.
    distance : float
        To somebody.
    photos : int
        How many photos there are of that person.

    Returns
    -------
    Rarity or None
        None if nothing has been learned of so few photos.
    """
    fitting = [one for one in strangers if one.photos <= photos]
    if not fitting:
        return None
    best = fitting[-1]
    own = float(best.probability(np.array([distance]))[0])
    low, high = best.interval(distance)
    return Rarity(*(min(1 / max(one, 1e-12), _MOST) for one in (own, high, low)))


class Meanings:
    """What distances mean in one gallery, for each metric and ranking. Safe to share.

    Parameters
    ----------
    file : Store
        Where it is kept.
    """

    def __init__(self, file: Store) -> None:
        self._file = file
        self._known: dict[str, tuple[Strangers, ...]] = {}

    def of(self, metric: str, rank: Rank, columns: Columns) -> tuple[Strangers, ...]:
        """Return what has been learned.

        Parameters
        ----------
        metric : str
            The metric's name.
        rank : {"nearest", "mean", "centroid"}
            How far somebody is.
        columns : Columns
            The gallery as it is now.

        Returns
        -------
        tuple of Strangers
            Empty if nothing has, or the gallery has changed too much since.
        """
        key = f"{metric}|{rank}"
        if key not in self._known:
            self._known[key] = stored(self._file, key, len(columns.photos)) or ()
        return self._known[key]

    def learn(self, columns: Columns, measure: Metric, metric: str, rank: Rank) -> bool:
        """Learn it, unless what has been learned still fits, and keep it.

        Parameters
        ----------
        columns : Columns
            The gallery as it is now.
        measure : Metric
            Fitted, where it must be.
        metric : str
            Its name.
        rank : {"nearest", "mean", "centroid"}
            How far somebody is.

        Returns
        -------
        bool
            False if nothing had to be learned, or there are too few people.
        """
        key, faces = f"{metric}|{rank}", len(columns.photos)
        if stored(self._file, key, faces) is not None:
            return False
        strangers = learn(columns, measure, rank)
        if strangers:
            save(self._file, key, faces, strangers)
            self._known[key] = strangers
        return bool(strangers)


def save(file: Store, key: str, faces: int, strangers: Sequence[Strangers]) -> None:
    """Keep what was learned in the gallery.

    Parameters
    ----------
    file : Store
        Writable.
    key : str
        The metric and the ranking that it belongs to.
    faces : int
        How many faces it was learned from.
    strangers : sequence of Strangers
        What was learned.
    """
    row = {"key": key, "faces": faces, "value": [one.fields() for one in strangers]}
    table = schema.calibrations
    with file.changing() as connection:
        adding = upsert(connection, table).on_conflict_do_update(index_elements=["key"], set_=row)
        connection.execute(adding, row)


def stored(file: Store, key: str, faces: int) -> tuple[Strangers, ...] | None:
    """Read what was learned, if it still fits.

    Parameters
    ----------
    file : Store
        The gallery.
    key : str
        The metric and the ranking.
    faces : int
        How many faces there are now.

    Returns
    -------
    tuple of Strangers or None
        None if there is nothing, or the gallery has changed too much since.
    """
    table = schema.calibrations
    with file.reading() as connection:
        row: Any = connection.execute(select(table).where(table.c.key == key)).one_or_none()
        if row is None or abs(row.faces - faces) > _CHANGE * row.faces:
            return None
        return tuple(Strangers.of(fields) for fields in row.value)

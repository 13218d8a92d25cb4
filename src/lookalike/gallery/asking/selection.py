"""Which faces of a gallery are ranked: all or the well known, and of whom something must hold."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import GalleryInvalid
from lookalike.gallery.asking.people_search import Pool, first_photos
from lookalike.gallery.where import parse

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns
    from lookalike.gallery.seam import Store
    from lookalike.protocols import Index

#: The attribute that says whether the default ranking counts somebody.
WELL_KNOWN: Final = "well_known"

#: How many conditions are kept in memory: a service is asked all kinds of things.
_CONDITIONS_KEPT: Final = 32

#: The squares of larger numbers leave what float32 can hold once they are summed up.
_LARGEST: Final = 1e15

#: Up to this part of all photos their numbers are kept, beyond it a mask.
_FEW: Final = 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Some of a gallery's people, and what has been made to search them.

    Parameters
    ----------
    columns : Columns
        The faces.
    everybody : Pool
        All of these people.
    firsts : ndarray of shape (p, EVIDENCE), int64
        The first photos of each person, see `first_photos`.
    indexes : dict
        By metric, and by what their rows are: ``"photos"`` or ``"people"``.
    near : dict
        How near strangers come to each person, by metric and ranking.
    """

    columns: Columns
    everybody: Pool
    firsts: NDArray[np.int64]
    indexes: dict[tuple[str, str], Index] = field(default_factory=dict)
    near: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Columns) -> Selection:
        """Return the selection of these faces.

        Parameters
        ----------
        columns : Columns
            The faces.

        Returns
        -------
        Selection
            With nothing made yet.
        """
        counts = columns.counts
        pool = Pool(columns.groups, counts)
        return cls(columns, pool, first_photos(columns.groups, counts))


class Selections:
    """Selections of a gallery, each made at the first question. Safe to share between threads.

    Parameters
    ----------
    file : Store
        Where the people are.
    opted_out : collection of str
        Ids of people and SHA-256 of photos that are in none, beside those on the file's own list.
    """

    def __init__(self, file: Store, opted_out: Collection[str]) -> None:
        self._file = file
        self._opted_out = frozenset(opted_out)
        self._lock = threading.RLock()
        self._made: dict[bool, Selection] = {}
        self._pools: dict[tuple[bool, str], Pool] = {}

    def get(self, *, everyone: bool) -> Selection:
        """Return a selection.

        Parameters
        ----------
        everyone : bool
            If not, and the gallery says who is well known, only those.

        Returns
        -------
        Selection
            Kept for the next question.
        """
        with self._lock:
            if everyone not in self._made:
                self._made[everyone] = self._selection(everyone=everyone)
            return self._made[everyone]

    def pool(self, *, everyone: bool, where: str = "") -> Pool:
        """Return who of a selection may be named.

        Parameters
        ----------
        everyone : bool
            If not, and the gallery says who is well known, only those.
        where : str, default ""
            Only those of whom this holds, see `lookalike.gallery.where`.

        Returns
        -------
        Pool
            Of the selection's people and photos: one index answers every condition.

        Raises
        ------
        OptionError
            If the condition is none.
        """
        selection, key = self.get(everyone=everyone), (everyone, where)
        if not where:
            return selection.everybody
        with self._lock:
            if key not in self._pools:
                for old in list(self._pools)[: 1 - _CONDITIONS_KEPT]:
                    del self._pools[old]
                self._pools[key] = _holding(selection.columns, where)
            return self._pools[key]

    def _selection(self, *, everyone: bool) -> Selection:
        if everyone:
            columns = self._file.columns().without(self._opted_out | self._file.opted_out())
            _require_measurable(columns, self._file.name)
            return Selection.of(columns)
        everybody = self.get(everyone=True)
        people = everybody.columns.people
        known = np.array([person.attributes.get(WELL_KNOWN) is True for person in people], bool)
        if not known.any() or known.all():
            return everybody
        return Selection.of(everybody.columns.of(known))


def _require_measurable(columns: Columns, name: str) -> None:
    vectors = columns.vectors
    if vectors.size and max(-vectors.min(), vectors.max()) > _LARGEST:
        raise GalleryInvalid(
            f"{name} holds vectors that no encoder makes", "restore a copy, or build it again"
        )


def _holding(columns: Columns, where: str) -> Pool:
    holds, counts = parse(where).holds, columns.counts
    chosen = [
        holds({**person.attributes, "name": person.name, "photos": count})
        for person, count in zip(columns.people, counts.tolist(), strict=True)
    ]
    people = np.array(chosen, bool)
    photos = people[columns.groups]
    few = np.count_nonzero(photos) <= _FEW * len(photos)
    return Pool(columns.groups, counts, people, np.flatnonzero(photos) if few else photos)

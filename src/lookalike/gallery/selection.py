"""Which faces of a gallery are ranked: all, the well known, or those of whom something holds."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.gallery.where import parse

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns
    from lookalike.gallery.store import GalleryFile
    from lookalike.protocols import Index

#: The attribute that says whether the default ranking counts somebody.
WELL_KNOWN: Final = "well_known"

#: How many conditions are kept in memory: a service is asked all kinds of things.
_CONDITIONS_KEPT: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Some of a gallery's people, and what has been made to search them.

    Parameters
    ----------
    columns : Columns
        The faces.
    indexes : dict
        By metric, and by what their rows are: ``"photos"`` or ``"people"``.
    near : dict
        How near strangers come to each person, by metric and ranking.
    """

    columns: Columns
    indexes: dict[tuple[str, str], Index] = field(default_factory=dict)
    near: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)


class Selections:
    """Selections of a gallery, each made at the first question. Safe to share between threads.

    Parameters
    ----------
    file : GalleryFile
        Where the people are.
    opted_out : collection of str
        Ids of people and SHA-256 of photos that are in none, beside those on the file's own list.
    """

    def __init__(self, file: GalleryFile, opted_out: Collection[str]) -> None:
        self._file = file
        self._opted_out = frozenset(opted_out)
        self._lock = threading.RLock()
        self._made: dict[tuple[bool, str], Selection] = {}

    def get(self, *, everyone: bool, where: str = "") -> Selection:
        """Return a selection.

        Parameters
        ----------
        everyone : bool
            If not, and the gallery says who is well known, only those.
        where : str, default ""
            Only those of whom this holds, see `lookalike.gallery.where`.

        Returns
        -------
        Selection
            Kept for the next question.

        Raises
        ------
        OptionError
            If the condition is none.
        """
        key = (everyone, where)
        with self._lock:
            if key not in self._made:
                conditions = [other for other in self._made if other[1]]
                for old in conditions[: 1 - _CONDITIONS_KEPT] if where else ():
                    del self._made[old]
                self._made[key] = Selection(self._columns(*key))
            return self._made[key]

    def _columns(self, everyone: bool, where: str) -> Columns:  # noqa: FBT001 - a key's parts
        if where:
            return _holding(self.get(everyone=everyone).columns, where)
        if everyone:
            return self._file.columns().without(self._opted_out | self._file.opted_out())
        everybody = self.get(everyone=True).columns
        known = [person.attributes.get(WELL_KNOWN) is True for person in everybody.people]
        return everybody.of(np.array(known, bool)) if any(known) else everybody


def _holding(columns: Columns, where: str) -> Columns:
    holds = parse(where).holds
    chosen = [
        holds({**person.attributes, "name": person.name, "photos": int(count)})
        for person, count in zip(columns.people, columns.counts, strict=True)
    ]
    return columns.of(np.array(chosen, bool))

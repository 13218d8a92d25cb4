"""Auditing a gallery."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.gallery.audit.about_copies import duplicates
from lookalike.gallery.audit.about_faces import drops, relabels
from lookalike.gallery.audit.about_people import merges, splits
from lookalike.gallery.audit.case import Case
from lookalike.gallery.audit.distances import medians
from lookalike.gallery.audit.findings import Audit, AuditOptions, Suggestion
from lookalike.gallery.audit.links import CannotLinks
from lookalike.gallery.audit.sorting import Sorting
from lookalike.search.directions import directions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lookalike.gallery.records import Columns

#: The usual distance within a person against that between people, where no person has two photos.
_USUAL: Final = 0.55


def _silent(_step: str) -> None:
    """Say nothing."""


def audit(
    columns: Columns,
    options: AuditOptions | None = None,
    on_step: Callable[[str], object] = _silent,
) -> Audit:
    """Look for faces that are filed wrongly.

    Parameters
    ----------
    columns : Columns
        Everything in the gallery.
    options : AuditOptions, optional
        What to look for.
    on_step : callable, optional
        Called with a few words whenever a new step begins.

    Returns
    -------
    Audit
        Suggestions, the surest first. Nothing is changed.

    Notes
    -----
    Nothing is learned from outside: the gallery's own people say how photos of one person differ
    and how people do. Two faces in one photo are never brought to one person, and people who were
    seen in one photo are never merged.
    """
    options = options or AuditOptions()
    within, between = medians(columns.vectors, columns.groups)
    found: list[Suggestion] = []
    if len(columns.vectors):
        links = CannotLinks(columns.photos, columns.vectors)
        names = [person.name for person in columns.people]
        sorting = Sorting(directions(columns.vectors), columns.groups, names, links)
        sorting.run(options.rounds, on_step)
        on_step("looking for copies")
        usual = within if within > 0 else _USUAL * between
        found = list(_suggestions(Case(columns, sorting, options), usual, between))
    wanted = [one for one in found if one.action in options.actions]
    return Audit(
        tuple(sorted(wanted, key=lambda one: (-one.confidence, one.person, one.faces))),
        people=len(columns.people),
        photos=len({photo.id for photo in columns.photos}),
        faces=len(columns.vectors),
        options=options,
        within=within,
        between=between,
    )


def _suggestions(case: Case, usual: float, strangers: float) -> Iterator[Suggestion]:
    """Write every suggestion; no face is in two of them, merges aside."""
    taken = np.zeros(len(case.columns.vectors), bool)
    gone: set[str] = set()
    for face, suggestion in () if math.isnan(usual) else duplicates(case, usual):
        taken[face] = True
        if len(case.filed(int(case.columns.groups[face]))) == 1:
            gone.add(suggestion.person)
        yield suggestion
    merged = _merged(case, strangers, gone)
    yield from merged.values()
    for part, suggestion in splits(case):
        if not taken[part].any():
            taken[part] = True
            yield suggestion
    for kind in (relabels, drops):
        for face, suggestion in kind(case, taken.copy()):
            taken[face] = True
            whole = merged.get(suggestion.person)
            # A person who goes as a whole need not go photo by photo.
            if whole is None or whole.to != suggestion.to:
                yield suggestion


def _merged(case: Case, strangers: float, gone: set[str]) -> dict[str, Suggestion]:
    """Return the merges, one for each name too many; of those who are gone, nothing is left."""
    found: dict[str, Suggestion] = {}
    for one in merges(case, strangers):
        back = found.get(one.to)
        around = back is not None and back.to == one.person
        if one.person not in found and not around and not gone & {one.person, one.to}:
            found[one.person] = one
    return found

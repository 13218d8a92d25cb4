"""Suggestions about pictures that are filed under two people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.gallery.audit import confidence
from lookalike.gallery.audit.copies import nearest_copies
from lookalike.gallery.audit.findings import Evidence, Suggestion
from lookalike.gallery.audit.names import alike
from lookalike.gallery.audit.wording import distance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.gallery.audit.case import Case

#: Names that are more alike than this agree.
_AGREE: Final = 0.5

#: Faces further apart than this part of the usual distance within a person are not one picture.
_FARTHEST_COPY: Final = 0.6


def duplicates(case: Case, usual: float) -> Iterator[tuple[int, Suggestion]]:
    """Suggest what to do with pictures that are filed under two people.

    Parameters
    ----------
    case : Case
        The gallery.
    usual : float
        The median distance of two photos of one person.

    Yields
    ------
    tuple of int and Suggestion
        The face's position, and what to do with it.
    """
    columns, options = case.columns, case.options
    nearest, far = nearest_copies(columns.vectors, columns.groups, _FARTHEST_COPY * usual)
    together = set(
        zip(case.sorting.links.faces.tolist(), case.sorting.links.others.tolist(), strict=True)
    )
    pairs = {
        (min(a, b), max(a, b)): float(far[a]) for a, b in enumerate(nearest.tolist()) if b >= 0
    }
    gone: set[int] = set()
    for (one, two), apart in sorted(pairs.items(), key=lambda pair: (pair[1], pair[0])):
        sides = _sides(case, one, two)
        if sides is None or (one, two) in together or gone & {one, two}:
            continue
        copy, stays, gap = sides
        sure = float(confidence.right_side(np.array([apart / usual]), np.array([gap]))[0])
        if sure >= options.min_confidence:
            gone.add(copy)
            yield copy, _duplicate(case, copy, stays, apart, sure)


def _sides(case: Case, one: int, two: int) -> tuple[int, int, float] | None:
    """Return the copy that goes, the one that stays, and how much better that one fits."""
    sorting, columns = case.sorting, case.columns
    if sorting.home[one] != sorting.home[two]:
        fit = sorting.verdicts.fit
        copy, stays = (one, two) if fit[one] < fit[two] else (two, one)
        return copy, stays, float(fit[stays] - fit[copy])
    # They look like one person because one picture is all that there is of somebody. If the names
    # do not agree, nobody should get a second name for that.
    people = [int(columns.groups[face]) for face in (one, two)]
    sizes = [len(case.filed(person)) for person in people]
    if min(sizes) > 1 or alike(*(case.person(person).name for person in people)) > _AGREE:
        return None
    return (one, two, 1.0) if sizes[0] < sizes[1] else (two, one, 1.0)


def _duplicate(case: Case, copy: int, stays: int, apart: float, sure: float) -> Suggestion:
    columns = case.columns
    person, other = columns.groups[copy], columns.groups[stays]
    own = case.kept(int(person), without=np.array([copy]))
    theirs = case.kept(int(other), without=np.array([stays]))
    face = np.array([copy])
    measured = {
        "nearest": apart,
        "own": case.mean_distance(face, own),
        "other": case.mean_distance(face, theirs),
    }
    why = (
        f"the same picture as a photo of {case.person(int(other)).name}{distance(apart)}, "
        "filed under both names"
    )
    found = case.evidence(face, own, theirs)
    shown = (int(columns.numbers[stays]), *found.other)[: case.options.evidence]
    return Suggestion(
        "duplicate",
        case.numbers(face),
        case.person(int(person)).id,
        case.person(int(other)).id,
        case.person(int(other)).name,
        sure,
        why,
        Evidence(found.own, shown),
        measured,
    )

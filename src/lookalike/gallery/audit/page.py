"""An audit as a page to look at and to decide on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from lookalike.figures.initials import initials
from lookalike.gallery.audit.decisions import decisions_of
from lookalike.reports import AuditPage, Card, Picture, Side, audit_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lookalike.gallery.audit.findings import Audit, Suggestion
    from lookalike.gallery.records import Columns

#: How many of the faces that a suggestion is about are shown.
_SHOWN: Final = 8


def audit_report(
    audit: Audit,
    columns: Columns,
    thumbnail: Callable[[int], bytes],
    *,
    gallery: str,
    generation: int,
    file_name: str = "decisions.json",
) -> str:
    """Write the page of an audit.

    Parameters
    ----------
    audit : Audit
        What was found.
    columns : Columns
        The gallery that was audited.
    thumbnail : callable
        Returns the JPEG of a face by its number; empty bytes if there is none.
    gallery : str
        Its title.
    generation : int
        Its generation.
    file_name : str, default "decisions.json"
        What the file is called that the page saves.

    Returns
    -------
    str
        HTML in one piece, see `lookalike.reports.audit_page`.
    """
    decisions = decisions_of(audit, columns, gallery=gallery, generation=generation)
    album = _Album(columns)
    facts = (
        f"{audit.faces:,} faces of {audit.people:,} people",
        f"{len(audit.suggestions):,} suggestions",
    )
    page = AuditPage(
        gallery or "a gallery",
        tuple(album.card(one) for one in audit.suggestions),
        facts,
        decisions.to_json(),
        file_name,
        _scale(audit),
    )
    return audit_page(page, thumbnail)


def _scale(audit: Audit) -> str:
    """Say what the distances in the reasons mean."""
    if math.isnan(audit.within) or math.isnan(audit.between):
        return "Numbers in brackets are distances between faces: smaller is more alike."
    return (
        "Numbers in brackets are distances between faces: smaller is more alike. In this gallery "
        f"two photos of one person are usually {audit.within:.2f} apart, and photos of two people "
        f"{audit.between:.2f}."
    )


class _Album:
    """The photos of a gallery, by the numbers of their faces."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._places = {number: at for at, number in enumerate(columns.numbers.tolist())}
        self._names = {person.id: person.name for person in columns.people}

    def card(self, one: Suggestion) -> Card:
        """Return the card of a suggestion."""
        name = self._names[one.person]
        own, other = one.evidence.own, one.evidence.other
        if one.action == "merge":
            sides = (self._side(name, own, len(one.faces)), self._side(one.name, other))
            return Card("merge", f"{name} → {one.name}", one.why, one.confidence, sides)
        if one.action == "split":
            sides = (
                self._side(f"Stay with {name}", own),
                self._side(f"Go to {one.name}", one.faces[:_SHOWN], len(one.faces)),
            )
            return Card("split", name, one.why, one.confidence, sides)
        heading = name if one.action == "drop" else f"{name} → {one.name}"
        if one.action == "duplicate":
            heading = f"{name} and {one.name}"
        last = "Most like" if one.action == "drop" else one.name
        sides = (self._side(f"Other photos of {name}", own), self._side(last, other))
        asked = self._side("In question", one.faces[:_SHOWN], len(one.faces))
        return Card(one.action, heading, one.why, one.confidence, sides, asked)

    def _side(self, caption: str, numbers: Sequence[int], count: int = 0) -> Side:
        pictures = tuple(self._picture(number) for number in numbers)
        return Side(caption, pictures, max(0, count - len(pictures)))

    def _picture(self, number: int) -> Picture:
        at = self._places[number]
        photo = self._columns.photos[at]
        name = self._columns.people[self._columns.groups[at]].name
        return Picture(
            number, name, photo.uri, initials(name), photo.licence, photo.credit, photo.page
        )

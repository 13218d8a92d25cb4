"""Carrying out what was decided about a gallery, as one step that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lookalike.errors import OptionError, UnknownName
from lookalike.gallery.care import join, move, person_of
from lookalike.gallery.journal import step
from lookalike.gallery.storage import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lookalike.gallery.audit import Decision
    from lookalike.gallery.journal import Step
    from lookalike.gallery.seam import Store


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of decisions.

    Parameters
    ----------
    done : int
        How many were carried out.
    skipped : tuple of (Decision, str)
        Those that no longer fit the gallery, and why.
    """

    done: int
    skipped: tuple[tuple[Decision, str], ...]


def apply(file: Store, decisions: Iterable[Decision]) -> Applied:
    """Carry decisions out, all in one step.

    Parameters
    ----------
    file : Store
        Writable.
    decisions : iterable of Decision
        Those that were accepted, in the order in which they shall be carried out.

    Returns
    -------
    Applied
        A decision about faces that are somebody else's by now, or that would make two faces of
        one photo one person, is passed over.

    Raises
    ------
    GalleryBusy, GalleryUnwritable
        If nothing could be written.
    """
    decisions = tuple(decisions)
    skipped = []
    with step(file, f"apply {len(decisions):,} decisions") as book:
        for decision in decisions:
            try:
                # A decision goes in whole: what it did before it failed is taken out again.
                with book.connection.begin_nested():
                    _carry_out(book, decision)
            except (OptionError, UnknownName) as error:
                skipped.append((decision, error.message))
    return Applied(len(decisions) - len(skipped), tuple(skipped))


def _carry_out(book: Step, decision: Decision) -> None:
    gone = person_of(book.connection, decision.person)
    if decision.action == "merge":
        join(book, gone, person_of(book.connection, decision.to))
        return
    _require_still(book, decision, gone.id)
    if decision.action in ("drop", "duplicate"):
        book.hide(decision.faces)
    elif decision.action == "split":
        target = _free_id(book, decision.to)
        book.person(target, decision.name, {})
        move(book, decision.faces, target)
    else:
        move(book, decision.faces, person_of(book.connection, decision.to).id)


def _require_still(book: Step, decision: Decision, person: str) -> None:
    """Raise unless all faces are those that were looked at, and the person's."""
    face = schema.faces.c
    query = (
        select(face.number, schema.photos.c.uri)
        .join_from(schema.faces, schema.people)
        .join(schema.photos, schema.photos.c.number == face.photo)
        .where(face.number.in_(decision.faces), schema.people.c.id == person, face.hidden == 0)
    )
    there = {row.number: row.uri for row in book.connection.execute(query)}
    # A number that has become free may have been given to another face since.
    for number, uri in zip(decision.faces, decision.photos, strict=True):
        if there.get(number) != uri:
            raise OptionError(f"{uri} is not {person}'s any more", "audit the gallery again")


def _free_id(book: Step, wanted: str) -> str:
    """Return an id that nobody has, the wanted one if possible."""
    taken = set(book.connection.execute(select(schema.people.c.id)).scalars())
    taken |= set(book.connection.execute(select(schema.aliases.c.id)).scalars())
    free, number = wanted, 2
    while free in taken:
        free, number = f"{wanted}-{number}", number + 1
    return free

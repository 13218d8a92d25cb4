"""Putting a gallery in order: who is one person, what they are called, and who leaves.

Everything but `erase` is a step of the journal and can be taken back with `undo`.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from lookalike.errors import OptionError, UnknownName
from lookalike.gallery.heads import forget_heads
from lookalike.gallery.journal import step
from lookalike.gallery.opt_out import key_of
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.dialects import upsert
from lookalike.gallery.storage.noted import forget
from lookalike.gallery.storage.rows import abandon
from lookalike.types import Person, person_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from lookalike.gallery.journal import Step
    from lookalike.gallery.seam import Store


def person_of(connection: Connection, who: str) -> Person:
    """Look somebody up by id, by name or by another id.

    Parameters
    ----------
    connection : Connection
        Of the gallery.
    who : str
        As a user wrote it.

    Returns
    -------
    Person
        As the gallery knows them.

    Raises
    ------
    UnknownName
        If there is nobody of that name.
    """
    people, aliases = schema.people, schema.aliases
    keys = (who, person_id(who))
    renamed = select(aliases.c.person).where(aliases.c.id.in_(keys))
    for known in (people.c.id.in_(keys), people.c.name == who, people.c.number.in_(renamed)):
        query = select(people).where(known)
        # Somebody without a face is somebody who was merged into another.
        query = query.where(people.c.number.in_(select(schema.faces.c.person)))
        found = connection.execute(query).first()
        if found is not None:
            return Person(found.id, found.name, found.attributes)
    names = connection.execute(select(people.c.name)).scalars().all()
    like = difflib.get_close_matches(who, names, 3)
    hint = f"did you mean {' or '.join(like)}?" if like else ""
    raise UnknownName(f"there is nobody named {who!r} in this gallery", hint)


def merge(file: Store, into: str, others: Sequence[str]) -> None:
    """Say that several people are one.

    Photos that a source files under the others go to the same person from now on.

    Parameters
    ----------
    file : Store
        Writable.
    into : str
        The id or the name that stays.
    others : sequence of str
        The ids or names that go.

    Raises
    ------
    UnknownName
        If somebody is not there.
    OptionError
        If two of them are in one photo: they are two people.
    """
    with step(file, f"merge {', '.join(others)} into {into}") as book:
        kept = person_of(book.connection, into)
        for other in others:
            gone = person_of(book.connection, other)
            if gone.id != kept.id:
                join(book, gone, kept)


def join(book: Step, gone: Person, kept: Person) -> None:
    """Give one person's faces, other ids and attributes to another.

    Parameters
    ----------
    book : Step
        The step that this belongs to.
    gone : Person
        Who goes.
    kept : Person
        Who stays; what is known of them is not overwritten.

    Raises
    ------
    OptionError
        If the two are in one photo.
    """
    connection, people, aliases = book.connection, schema.people.c, schema.aliases.c
    number = select(people.number).where(people.id == gone.id).scalar_subquery()
    faces = connection.execute(
        select(schema.faces.c.number).where(schema.faces.c.person == number)
    ).scalars()
    move(book, faces.all(), kept.id)
    others = connection.execute(select(aliases.id).where(aliases.person == number)).scalars().all()
    for alias in (gone.id, *others):
        book.alias(alias, kept.id)
    book.person(kept.id, kept.name, {**gone.attributes, **kept.attributes})


def move(book: Step, faces: Collection[int], person: str) -> None:
    """Give faces to somebody, unless that would make two faces of one photo one person.

    Parameters
    ----------
    book : Step
        The step that this belongs to.
    faces : collection of int
        Their numbers.
    person : str
        The id of a person who is there.

    Raises
    ------
    OptionError
        If a photo would show the person twice.
    """
    face, photo = schema.faces.c, schema.photos.c
    query = (
        select(face.number, face.photo, face.hidden, photo.uri, schema.people.c.id.label("person"))
        .join_from(schema.faces, schema.photos)
        .join(schema.people, schema.people.c.number == face.person)
        .where(face.photo.in_(select(face.photo).where(face.number.in_(faces))))
        .where((face.hidden == 0) | face.number.in_(faces))
        .order_by(face.hidden.desc())
    )
    rows = book.connection.execute(query).all()
    shown = {row.photo for row in rows if row.person == person and row.number not in faces}
    for row in rows:
        if row.number not in faces:
            continue
        if row.photo in shown:
            raise OptionError(
                f"{row.uri} would show {person} twice",
                "two faces in one photo are two people; move one of them elsewhere first",
            )
        # What is hidden comes first, and may go along with what is shown.
        if not row.hidden:
            shown.add(row.photo)
    book.move(list(faces), person)


def rename(file: Store, who: str, name: str) -> None:
    """Change what somebody is called; the id stays, so that sources still find them.

    Parameters
    ----------
    file : Store
        Writable.
    who : str
        The id or the name.
    name : str
        As people write it.

    Raises
    ------
    UnknownName
        If there is nobody of that name.
    OptionError
        If the new name is empty, or somebody else's.
    """
    if not name.strip():
        raise OptionError("a name must not be empty")
    with step(file, f"rename {who} to {name}") as book:
        person = person_of(book.connection, who)
        try:
            holder = person_of(book.connection, name)
        except UnknownName:
            holder = person
        if holder.id != person.id:
            raise OptionError(
                f"{name} is somebody else in this gallery", "if the two are one person, merge them"
            )
        book.person(person.id, name, dict(person.attributes))
        if person_id(name) != person.id:
            book.alias(person_id(name), person.id)


def annotate(file: Store, attributes: Mapping[str, Mapping[str, Any]]) -> None:
    """Add to what is known of people.

    Parameters
    ----------
    file : Store
        Writable.
    attributes : mapping of str to mapping
        New attributes by id or name; those that are not named stay, None takes one away.

    Raises
    ------
    UnknownName
        If somebody is not there.
    """
    with step(file, f"annotate {len(attributes):,} people") as book:
        for who, facts in attributes.items():
            person = person_of(book.connection, who)
            known = {**person.attributes, **facts}
            kept = {key: value for key, value in known.items() if value is not None}
            book.person(person.id, person.name, kept)


def erase(file: Store, keys: Collection[str], *, forever: bool = False) -> int:
    """Delete people and photos with everything that is known of them. Cannot be taken back.

    Parameters
    ----------
    file : Store
        Writable.
    keys : collection of str
        Ids or names of people, and SHA-256 of photos; those that are not there are passed over.
    forever : bool, default False
        Whether they shall be turned away by every later build and import, too.

    Returns
    -------
    int
        The number of faces that were deleted.
    """
    people, photos, faces = schema.people.c, schema.photos.c, schema.faces.c
    with file.changing() as connection:
        ids = {key for who in keys for key in _all_ids(connection, who)}
        owners = select(people.number).where(people.id.in_(ids))
        held = select(photos.number).where(photos.sha256.in_(ids))
        chosen = faces.person.in_(owners) | faces.photo.in_(held)
        rows = connection.execute(select(faces.number, faces.person).where(chosen)).all()
        numbers, left = [row.number for row in rows], {row.person for row in rows}
        connection.execute(delete(schema.faces).where(faces.number.in_(numbers)))
        connection.execute(delete(schema.photos).where(photos.number.not_in(select(faces.photo))))
        forget(connection, numbers, ids)
        connection.execute(delete(schema.people).where(people.id.in_(ids)))
        abandon(connection, left)
        if rows:
            forget_heads(connection)
        if forever:
            turned_away = [{"key": key} for key in sorted(ids)]
            connection.execute(
                upsert(connection, schema.opt_outs).on_conflict_do_nothing(), turned_away
            )
    return len(numbers)


def _all_ids(connection: Connection, who: str) -> set[str]:
    """Return every id that stands for somebody, or the digest of a photo."""
    ids = {key_of(who)}
    try:
        person = person_of(connection, who)
    except UnknownName:
        return ids
    aliases, people = schema.aliases.c, schema.people.c
    number = select(people.number).where(people.id == person.id).scalar_subquery()
    others = connection.execute(select(aliases.id).where(aliases.person == number)).scalars()
    return {*ids, person.id, *others}


def allow(file: Store, keys: Collection[str]) -> None:
    """Let people and photos in again who had been turned away.

    Parameters
    ----------
    file : Store
        Writable.
    keys : collection of str
        Ids or names of people, and SHA-256 of photos.
    """
    wanted = {key_of(key) for key in keys}
    with file.changing() as connection:
        connection.execute(delete(schema.opt_outs).where(schema.opt_outs.c.key.in_(wanted)))

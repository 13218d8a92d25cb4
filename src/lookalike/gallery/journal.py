"""Changes of a gallery that can be taken back.

A step is everything that was decided at once. Each thing that it changes is written down as it was
before and as it is afterwards; taking the step back goes through them from the last to the first.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from lookalike.gallery.storage import schema
from lookalike.gallery.storage.dialects import upsert
from lookalike.gallery.storage.noted import ALIAS, FACE, PERSON

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from lookalike.gallery.seam import Store


class Step:
    """What is being decided: primitive changes, each written down.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    what : str
        The step in words.
    """

    def __init__(self, connection: Connection, what: str) -> None:
        self.connection = connection
        self._what = what
        last = connection.execute(select(func.max(schema.journal.c.step))).scalar_one()
        self._number = (last or 0) + 1
        self._at = datetime.now(UTC).isoformat(timespec="seconds")

    def _note(self, kind: str, key: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        said = {"step": self._number, "at": self._at, "what": self._what}
        row = {**said, "kind": kind, "key": key, "before": before, "after": after}
        self.connection.execute(insert(schema.journal), row)

    def person(self, key: str, name: str, attributes: dict[str, Any]) -> None:
        """Add somebody, or change what is known of them.

        Parameters
        ----------
        key : str
            The person's id.
        name : str
            As people write it.
        attributes : dict
            All of them.
        """
        after = {"name": name, "attributes": attributes}
        before = _person_facts(self.connection, key)
        if before != after:
            _set_person(self.connection, key, after)
            self._note(PERSON, key, before, after)

    def alias(self, key: str, person: str) -> None:
        """Let an id stand for somebody from now on.

        Parameters
        ----------
        key : str
            The other id.
        person : str
            The person's id.
        """
        before = _alias_facts(self.connection, key)
        after = {"person": person}
        if before != after:
            _set_alias(self.connection, key, after)
            self._note(ALIAS, key, before, after)

    def move(self, faces: Sequence[int], person: str) -> None:
        """Say that faces are somebody's.

        Parameters
        ----------
        faces : sequence of int
            Their numbers.
        person : str
            The id of a person who is there.
        """
        self._change_faces(faces, person=person)

    def hide(self, faces: Sequence[int]) -> None:
        """Let faces be found no more.

        Parameters
        ----------
        faces : sequence of int
            Their numbers.
        """
        self._change_faces(faces, hidden=1)

    def _change_faces(self, faces: Sequence[int], **changed: Any) -> None:
        for face in faces:
            before = _face_facts(self.connection, face)
            after = {**before, **changed}
            if before and before != after:
                _set_face(self.connection, face, after)
                self._note(FACE, str(face), before, after)


@contextlib.contextmanager
def step(file: Store, what: str) -> Iterator[Step]:
    """Decide something; all of it goes in when the block ends, or none.

    Parameters
    ----------
    file : Store
        Writable.
    what : str
        The step in words, for who takes it back.

    Yields
    ------
    Step
        To be told the changes.

    Raises
    ------
    GalleryBusy, GalleryUnwritable
        If nothing could be written.
    """
    with file.changing() as connection:
        yield Step(connection, what)


def steps(file: Store) -> list[tuple[str, str]]:
    """Return when each step was taken and what it was, the last first.

    Parameters
    ----------
    file : Store
        The gallery.

    Returns
    -------
    list of (str, str)
        The time in ISO 8601, UTC, and the words.
    """
    row = schema.journal.c
    query = select(row.step, row.at, row.what).distinct().order_by(row.step.desc())
    with file.reading() as connection:
        return [(one.at, one.what) for one in connection.execute(query)]


def undo(file: Store) -> str | None:
    """Take the last step back.

    Parameters
    ----------
    file : Store
        Writable.

    Returns
    -------
    str or None
        The step in words; None if there is none left.

    Raises
    ------
    GalleryBusy, GalleryUnwritable
        If nothing could be written.
    """
    row = schema.journal.c
    with file.changing() as connection:
        last = connection.execute(select(func.max(row.step))).scalar_one()
        if last is None:
            return None
        query = select(schema.journal).where(row.step == last).order_by(row.number.desc())
        changes = connection.execute(query).all()
        for change in changes:
            _RESTORERS[change.kind](connection, change.key, change.before)
        connection.execute(delete(schema.journal).where(row.step == last))
        return str(changes[0].what)


def _person_facts(connection: Connection, key: str) -> dict[str, Any]:
    people = schema.people.c
    query = select(people.name, people.attributes).where(people.id == key)
    found = connection.execute(query).one_or_none()
    return {} if found is None else {"name": found.name, "attributes": found.attributes}


def _set_person(connection: Connection, key: str, facts: dict[str, Any]) -> None:
    people = schema.people.c
    if facts:
        adding = upsert(connection, schema.people).on_conflict_do_update(
            index_elements=["id"], set_=facts
        )
        connection.execute(adding, {"id": key, **facts})
    else:
        nobody = people.number.not_in(select(schema.faces.c.person))
        connection.execute(delete(schema.people).where(people.id == key, nobody))


def _alias_facts(connection: Connection, key: str) -> dict[str, Any]:
    query = (
        select(schema.people.c.id)
        .join_from(schema.aliases, schema.people)
        .where(schema.aliases.c.id == key)
    )
    found = connection.execute(query).scalar_one_or_none()
    return {} if found is None else {"person": found}


def _set_alias(connection: Connection, key: str, facts: dict[str, Any]) -> None:
    connection.execute(delete(schema.aliases).where(schema.aliases.c.id == key))
    if facts:
        person = select(schema.people.c.number).where(schema.people.c.id == facts["person"])
        number = connection.execute(person).scalar_one_or_none()
        if number is not None:
            connection.execute(insert(schema.aliases), {"id": key, "person": number})


def _face_facts(connection: Connection, face: int) -> dict[str, Any]:
    query = (
        select(schema.people.c.id, schema.faces.c.hidden)
        .join_from(schema.faces, schema.people)
        .where(schema.faces.c.number == face)
    )
    found = connection.execute(query).one_or_none()
    return {} if found is None else {"person": found.id, "hidden": found.hidden}


def _set_face(connection: Connection, key: int | str, facts: dict[str, Any]) -> None:
    person = select(schema.people.c.number).where(schema.people.c.id == facts["person"])
    number = connection.execute(person).scalar_one_or_none()
    if number is not None:
        one = update(schema.faces).where(schema.faces.c.number == int(key))
        connection.execute(one.values(person=number, hidden=facts["hidden"]))


_RESTORERS = {PERSON: _set_person, ALIAS: _set_alias, FACE: _set_face}

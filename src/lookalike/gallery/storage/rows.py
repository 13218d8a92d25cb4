"""Rows of a gallery file from what is known of a face, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import delete, insert, select, update

from lookalike.gallery.records import Columns, FaceRecord
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.dialects import upsert
from lookalike.gallery.storage.noted import forget
from lookalike.gallery.storage.soundness import box_of, points_of, require_kinds, rising
from lookalike.gallery.storage.vector_column import numbers_of
from lookalike.types import Face, Person, Photo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from lookalike.gallery.records import Header, LedgerEntry

_AT_A_TIME: Final = 4096


def layout(header: Header) -> str:
    """Return how the numbers of a vector are written.

    Parameters
    ----------
    header : Header
        What the gallery is.

    Returns
    -------
    str
        NumPy's name of the type.
    """
    return {"float32": "<f4", "float16": "<f2"}[header.vector_type]


def replace_photos(
    connection: Connection,
    header: Header,
    faces: Sequence[FaceRecord],
    turned_down: Sequence[LedgerEntry],
) -> None:
    """Put faces and ledger entries in, in place of what was said of the same photos before.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    header : Header
        What the gallery is.
    faces : sequence of FaceRecord
        Faces to add.
    turned_down : sequence of LedgerEntry
        Photos that were not used.
    """
    places = [(one.photo.source, one.photo.uri) for one in faces]
    places += [(entry.source, entry.uri) for entry in turned_down]
    left: set[int] = set()
    for source in {source for source, _ in places}:
        uris = [uri for of, uri in places if of == source]
        left |= _forget(connection, source, uris)
    people = _people(connection, faces)
    for record in faces:
        _add_face(connection, header, record, people[record.person.id])
    abandon(connection, left)
    if turned_down:
        connection.execute(insert(schema.ledger), [asdict(entry) for entry in turned_down])


def _forget(connection: Connection, source: str, uris: list[str]) -> set[int]:
    """Take out what was said of photos; return the people who may have none left."""
    ledger, photos, faces = schema.ledger.c, schema.photos.c, schema.faces.c
    chosen = ledger.source == source, ledger.uri.in_(uris)
    connection.execute(delete(schema.ledger).where(*chosen))
    numbers = select(photos.number).where(photos.source == source, photos.uri.in_(uris))
    gone = connection.execute(
        select(faces.number, faces.person).where(faces.photo.in_(numbers))
    ).all()
    if gone:
        forget(connection, [row.number for row in gone], ())
    connection.execute(delete(schema.photos).where(photos.number.in_(numbers)))
    return {row.person for row in gone}


def abandon(connection: Connection, people: set[int]) -> None:
    """Forget those of some people who have no face any more.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    people : set of int
        Numbers of people.
    """
    if not people:
        return
    person, alias = schema.people.c, schema.aliases.c
    nobody = person.number.in_(people), person.number.not_in(select(schema.faces.c.person))
    gone = {row.number: row.id for row in connection.execute(select(schema.people).where(*nobody))}
    if gone:
        others = connection.execute(select(alias.id).where(alias.person.in_(gone))).scalars()
        forget(connection, (), [*gone.values(), *others])
        connection.execute(delete(schema.people).where(person.number.in_(gone)))


def _people(connection: Connection, faces: Sequence[FaceRecord]) -> dict[str, int]:
    """Return the number of everybody by the id that the source gave, added where new."""
    offered = {record.person.id: record.person for record in faces}
    table, aliases = schema.people, schema.aliases
    query = select(aliases.c.id, aliases.c.person).where(aliases.c.id.in_(offered))
    numbers = {row.id: row.person for row in connection.execute(query)}
    there = {
        row.id: row
        for row in connection.execute(
            select(table).where(table.c.id.in_(set(offered) - {*numbers}))
        )
    }
    for key, person in offered.items():
        if key in numbers:
            continue
        if key not in there:
            facts = {"id": key, "name": person.name, "attributes": dict(person.attributes)}
            added = insert(table).returning(table.c.number)
            numbers[key] = connection.execute(added, facts).scalar_one()
            continue
        numbers[key] = there[key].number
        # What is known already was perhaps set by hand; a source only adds to it.
        known = {**person.attributes, **there[key].attributes}
        if known != there[key].attributes:
            one = update(table).where(table.c.number == numbers[key])
            connection.execute(one.values(attributes=known))
    return numbers


def _add_face(connection: Connection, header: Header, record: FaceRecord, person: int) -> None:
    photo = record.photo
    facts = {
        "sha256": photo.id,
        "source": photo.source,
        "uri": photo.uri,
        "stamp": record.stamp,
        "licence": photo.licence,
        "credit": photo.credit,
        "page": photo.page,
        "attributes": dict(photo.attributes),
        "width": record.photo_size[0],
        "height": record.photo_size[1],
    }
    adding = upsert(connection, schema.photos).on_conflict_do_update(
        index_elements=["sha256"], set_={"stamp": record.stamp}
    )
    number = connection.execute(adding.returning(schema.photos.c.number), facts).scalar_one()
    # Whole pixels take a byte or two in SQLite, fractions take eight and mean nothing.
    sides = (round(side) for side in record.face.box.tolist())
    points = record.thumbnail_points
    connection.execute(
        insert(schema.faces),
        {
            "photo": number,
            "person": person,
            **dict(zip(("x1", "y1", "x2", "y2"), sides, strict=True)),
            "landmarks": record.face.landmarks.astype("<f4").tobytes(),
            "score": round(record.face.score, 4),
            "vector": record.vector.astype(layout(header)),
            "thumbnail": record.thumbnail or None,
            "points": None if points is None else points.astype("<f4").tobytes(),
            "quality": None if record.quality is None else round(record.quality, 4),
        },
    )


def columns_of(connection: Connection, header: Header) -> Columns:
    """Read everything that searching needs.

    Parameters
    ----------
    connection : Connection
        Of the gallery.
    header : Header
        What the gallery is.

    Returns
    -------
    Columns
        All faces that are not hidden, in the order in which they were added.
    """
    face, photo = schema.faces.c, schema.photos.c
    query = (
        select(
            face.number, face.person, face.vector, photo.sha256, photo.uri, photo.licence,
            photo.credit, photo.page, photo.source, photo.attributes,
        )
        .join_from(schema.faces, schema.photos)
        .where(face.hidden == 0)
        .order_by(face.number)
    )  # fmt: skip
    rows = list(rising(connection.execute(query).yield_per(_AT_A_TIME)))
    known = connection.execute(select(schema.people).order_by(schema.people.c.number)).all()
    require_kinds(rows, (int, int, bytes, str, str, str, str, str, str, dict))
    require_kinds(known, (int, str, str, dict))
    used = {row.person for row in rows}
    known = [row for row in known if row.number in used]
    position = {row.number: at for at, row in enumerate(known)}
    return Columns(
        tuple(Person(row.id, row.name, row.attributes) for row in known),
        tuple(_photo(row) for row in rows),
        np.array([position[row.person] for row in rows], np.int64),
        numbers_of([row.vector for row in rows], header.space.dim),
        np.array([row.number for row in rows], np.int64),
    )


def _photo(row: Any) -> Photo:
    return Photo(row.sha256, row.uri, row.licence, row.credit, row.page, row.source, row.attributes)


def records_of(connection: Connection, header: Header) -> Iterator[FaceRecord]:
    """Read faces with everything that is known of them, one after another.

    Parameters
    ----------
    connection : Connection
        Of the gallery.
    header : Header
        What the gallery is.

    Yields
    ------
    FaceRecord
        Every face that is not hidden, in the order in which they were added.
    """
    query = (
        select(
            schema.faces, schema.photos, schema.people.c.id, schema.people.c.name,
            schema.people.c.attributes.label("known"),
        )
        .join_from(schema.faces, schema.photos)
        .join(schema.people, schema.people.c.number == schema.faces.c.person)
        .where(schema.faces.c.hidden == 0)
        .order_by(schema.faces.c.number)
        .execution_options(yield_per=256)
    )  # fmt: skip
    # A server keeps its place in the answer until it is told that nobody wants the rest.
    with connection.execute(query) as found:
        for row in rising(found):
            box = box_of([row.x1, row.y1, row.x2, row.y2])
            yield FaceRecord(
                Person(row.id, row.name, row.known),
                _photo(row),
                row.stamp,
                Face(box, points_of(row.landmarks), row.score),
                numbers_of([row.vector], header.space.dim)[0],
                row.thumbnail or b"",
                None if row.points is None else points_of(row.points),
                row.quality,
                (row.width, row.height),
            )

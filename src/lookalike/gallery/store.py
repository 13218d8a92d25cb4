"""Reading and writing a gallery file. Everything that goes in together goes in whole."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from lookalike.gallery import schema
from lookalike.gallery.database import (
    connect,
    is_blank,
    reading,
    require_gallery,
    settle,
    translated,
)
from lookalike.gallery.facts import facts_of, header_of, require_same
from lookalike.gallery.records import Columns, Header, LedgerEntry, Reason
from lookalike.types import Person, Photo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from lookalike.gallery.records import FaceRecord


class GalleryFile:
    """A gallery in one SQLite file.

    Parameters
    ----------
    path : Path
        The file; it must exist, see `create`.
    writable : bool, default False
        Whether anything shall be added.

    Raises
    ------
    GalleryMissing, GalleryInvalid, GalleryVersion
        If it cannot be read.
    GalleryBusy, GalleryUnwritable
        If it cannot be written and shall be.
    """

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        require_gallery(path)
        self.path = path
        # A file that turns out to be something else must not be touched.
        self._engine = connect(path, writable=False)
        self.header = self._read_header()
        self._writable = writable
        if writable:
            self._engine = connect(path, writable=True)
            with translated(path), self._engine.begin():
                pass

    @classmethod
    def create(cls, path: Path, header: Header) -> GalleryFile:
        """Make an empty gallery, or open the one that is there for writing.

        Parameters
        ----------
        path : Path
            The file.
        header : Header
            What the gallery shall be. Of one that is there already, the vector type and the
            title stay.

        Returns
        -------
        GalleryFile
            Writable.

        Raises
        ------
        SpaceMismatch
            If there is one already, of another encoder or number of views.
        GalleryInvalid, GalleryVersion, GalleryBusy, GalleryUnwritable
            If the file is something else, or cannot be written.
        """
        if not is_blank(path):
            require_same(cls(path).header, header)
            return cls(path, writable=True)
        engine = connect(path, writable=True)
        with translated(path), engine.begin() as connection:
            schema.metadata.create_all(connection)
            connection.execute(text(f"PRAGMA application_id = {schema.APPLICATION_ID}"))
            rows = [{"key": key, "value": value} for key, value in facts_of(header).items()]
            connection.execute(upsert(schema.header).on_conflict_do_nothing(), rows)
        engine.dispose()
        return cls(path, writable=True)

    def _read_header(self) -> Header:
        with reading(self.path), self._engine.connect() as connection:
            rows = connection.execute(select(schema.header)).all()
        return header_of({row.key: row.value for row in rows}, self.path.name)

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        query = select(schema.header.c.value).where(schema.header.c.key == "generation")
        with reading(self.path), self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def seen(self) -> dict[str, str]:
        """Return the stamp of every photo that was used or turned down, by uri."""
        with reading(self.path), self._engine.connect() as connection:
            return {
                row.uri: row.stamp
                for table in (schema.photos, schema.ledger)
                for row in connection.execute(select(table.c.uri, table.c.stamp))
            }

    def digests(self) -> dict[str, str]:
        """Return the uri of every photo that is used, by SHA-256."""
        query = select(schema.photos.c.sha256, schema.photos.c.uri)
        with reading(self.path), self._engine.connect() as connection:
            return {row.sha256: row.uri for row in connection.execute(query)}

    def write(self, faces: Sequence[FaceRecord], turned_down: Sequence[LedgerEntry]) -> None:
        """Add faces and ledger entries, all or none of them.

        What an earlier run said of the same photos is replaced, and who has no photo any more is
        forgotten.

        Parameters
        ----------
        faces : sequence of FaceRecord
            Faces to add.
        turned_down : sequence of LedgerEntry
            Photos that were not used.

        Raises
        ------
        GalleryBusy, GalleryUnwritable
            If nothing could be written.
        """
        uris = [record.photo.uri for record in faces] + [entry.uri for entry in turned_down]
        with translated(self.path), self._engine.begin() as connection:
            connection.execute(delete(schema.ledger).where(schema.ledger.c.uri.in_(uris)))
            earlier = delete(schema.photos).where(schema.photos.c.uri.in_(uris))
            replaced = connection.execute(earlier).rowcount
            for record in faces:
                self._write_face(connection, record)
            if replaced:
                nobody = schema.people.c.number.not_in(select(schema.faces.c.person))
                connection.execute(delete(schema.people).where(nobody))
            if turned_down:
                connection.execute(insert(schema.ledger), [asdict(entry) for entry in turned_down])
            _count_change(connection)

    def _write_face(self, connection: Connection, record: FaceRecord) -> None:
        who = record.person
        facts = {"id": who.id, "name": who.name, "attributes": dict(who.attributes)}
        connection.execute(upsert(schema.people).on_conflict_do_nothing(), facts)
        number = select(schema.people.c.number).where(schema.people.c.id == who.id)
        photo = connection.execute(
            upsert(schema.photos)
            .on_conflict_do_update(index_elements=["sha256"], set_={"stamp": record.stamp})
            .returning(schema.photos.c.number),
            {
                "sha256": record.photo.id,
                "uri": record.photo.uri,
                "stamp": record.stamp,
                "licence": record.photo.licence,
                "credit": record.photo.credit,
            },
        ).scalar_one()
        # Whole pixels take a byte or two in SQLite, fractions take eight and mean nothing.
        sides = (round(side) for side in record.face.box.tolist())
        connection.execute(
            insert(schema.faces),
            {
                "photo": photo,
                "person": connection.execute(number).scalar_one(),
                **dict(zip(("x1", "y1", "x2", "y2"), sides, strict=True)),
                "landmarks": record.face.landmarks.astype("<f4").tobytes(),
                "score": round(record.face.score, 4),
                "vector": record.vector.astype(_layout(self.header)).tobytes(),
                "thumbnail": record.thumbnail or None,
            },
        )

    def columns(self) -> Columns:
        """Read everything that searching needs.

        Returns
        -------
        Columns
            All faces, in the order in which they were added.
        """
        face, photo, person = schema.faces.c, schema.photos.c, schema.people.c
        query = (
            select(
                face.number, face.person, face.vector,
                photo.sha256, photo.uri, photo.licence, photo.credit,
            )
            .join_from(schema.faces, schema.photos)
            .order_by(face.number)
        )  # fmt: skip
        with reading(self.path), self._engine.connect() as connection:
            rows = connection.execute(query).all()
            known = connection.execute(select(schema.people).order_by(person.number)).all()
            used = {row.person for row in rows}
            known = [row for row in known if row.number in used]
            position = {row.number: at for at, row in enumerate(known)}
            groups = np.array([position[row.person] for row in rows], np.int64)
            numbers = np.frombuffer(b"".join(row.vector for row in rows), _layout(self.header))
            numbers = numbers.reshape(len(rows), self.header.space.dim)
        return Columns(
            tuple(Person(row.id, row.name, row.attributes) for row in known),
            tuple(Photo(row.sha256, row.uri, row.licence, row.credit) for row in rows),
            groups,
            numbers.astype(np.float32),
            np.array([row.number for row in rows], np.int64),
        )

    def thumbnail(self, number: int) -> bytes:
        """Return the stored portrait of a face.

        Parameters
        ----------
        number : int
            The face's number in the file.

        Returns
        -------
        bytes
            A JPEG file; empty if there is none.
        """
        query = select(schema.faces.c.thumbnail).where(schema.faces.c.number == number)
        with translated(self.path), self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none() or b""

    def ledger(self) -> list[LedgerEntry]:
        """Return why each unused photo was not used, by uri."""
        query = select(schema.ledger).order_by(schema.ledger.c.uri)
        with reading(self.path), self._engine.connect() as connection:
            return [
                LedgerEntry(r.uri, r.stamp, r.person, r.sha256, Reason(r.reason), r.detail)
                for r in connection.execute(query)
            ]

    def counts(self) -> dict[str, int]:
        """Return the number of people, photos, faces and ledger entries."""
        tables = (schema.people, schema.photos, schema.faces, schema.ledger)
        with translated(self.path), self._engine.connect() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in tables
            }

    def annotate(self, attributes: dict[str, dict[str, Any]]) -> None:
        """Add to what is known of people.

        Parameters
        ----------
        attributes : dict of str to dict
            New attributes by person id; those that are not named stay.
        """
        people = schema.people
        with translated(self.path), self._engine.begin() as connection:
            for row in connection.execute(select(people)).all():
                if row.id in attributes:
                    merged = {**row.attributes, **attributes[row.id]}
                    one = update(people).where(people.c.number == row.number)
                    connection.execute(one.values(attributes=merged))
            _count_change(connection)

    def compact(self) -> None:
        """Make the file as small as it can be, to be given away."""
        self.close()
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.execute("VACUUM")
        connection.close()

    def close(self) -> None:
        """Let go of the file; it is one file afterwards."""
        self._engine.dispose()
        if self._writable:
            settle(self.path)


def _count_change(connection: Connection) -> None:
    generation = schema.header.c.key == "generation"
    count = text("CAST(value AS INTEGER) + 1")
    connection.execute(update(schema.header).where(generation).values(value=count))


def _layout(header: Header) -> str:
    return {"float32": "<f4", "float16": "<f2"}[header.vector_type]

"""Reading and writing a gallery file. Everything that goes in together goes in whole."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from lookalike.gallery import rows, schema
from lookalike.gallery.database import (
    connect,
    is_blank,
    reading,
    require_gallery,
    settle,
    translated,
)
from lookalike.gallery.facts import facts_of, header_of, require_same
from lookalike.gallery.records import LedgerEntry, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from lookalike.gallery.records import Columns, FaceRecord, Header


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
            facts = [{"key": key, "value": value} for key, value in facts_of(header).items()]
            connection.execute(upsert(schema.header).on_conflict_do_nothing(), facts)
        engine.dispose()
        return cls(path, writable=True)

    def _read_header(self) -> Header:
        with reading(self.path), self._engine.connect() as connection:
            facts = connection.execute(select(schema.header)).all()
        return header_of({fact.key: fact.value for fact in facts}, self.path.name)

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        query = select(schema.header.c.value).where(schema.header.c.key == "generation")
        with reading(self.path), self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with; what damaged rows lead to becomes our errors.

        Yields
        ------
        Connection
            SQLAlchemy's. Keep the block to reading.

        Raises
        ------
        GalleryError
            One of its kinds, if the file is damaged.
        """
        with reading(self.path), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def changing(self) -> Iterator[Connection]:
        """Give a connection whose changes go in together when the block ends, or not at all.

        Yields
        ------
        Connection
            SQLAlchemy's, in a transaction.

        Raises
        ------
        GalleryBusy, GalleryUnwritable
            If nothing could be written.
        """
        with translated(self.path), self._engine.begin() as connection:
            yield connection
            generation = schema.header.c.key == "generation"
            count = text("CAST(value AS INTEGER) + 1")
            connection.execute(update(schema.header).where(generation).values(value=count))

    def seen(self, source: str) -> dict[str, str]:
        """Return the stamp of every photo that was used or turned down, by uri.

        Parameters
        ----------
        source : str
            The name of the source whose photos are meant.

        Returns
        -------
        dict of str to str
            One entry for each photo.
        """
        with self.reading() as connection:
            return {
                row.uri: row.stamp
                for table in (schema.photos, schema.ledger)
                for row in connection.execute(
                    select(table.c.uri, table.c.stamp).where(table.c.source == source)
                )
            }

    def turned_away(self, source: str) -> dict[str, str]:
        """Return the SHA-256 of every photo that was not used because of an opt-out, by uri.

        Parameters
        ----------
        source : str
            The name of the source whose photos are meant.

        Returns
        -------
        dict of str to str
            The digest is empty where it was the person who had opted out.
        """
        entry = schema.ledger.c
        query = select(entry.uri, entry.sha256).where(entry.source == source)
        with self.reading() as connection:
            rows = connection.execute(query.where(entry.reason == Reason.OPTED_OUT.value))
            return {row.uri: row.sha256 for row in rows}

    def digests(self) -> dict[str, tuple[str, str]]:
        """Return the source and the uri of every photo that is used, by SHA-256."""
        photo = schema.photos.c
        with self.reading() as connection:
            rows = connection.execute(select(photo.sha256, photo.source, photo.uri))
            return {row.sha256: (row.source, row.uri) for row in rows}

    def opted_out(self) -> frozenset[str]:
        """Return the ids of people and digests of photos that shall never be in here again."""
        with self.reading() as connection:
            return frozenset(connection.execute(select(schema.opt_outs.c.key)).scalars())

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
        with self.changing() as connection:
            rows.replace_photos(connection, self.header, faces, turned_down)

    def columns(self) -> Columns:
        """Read everything that searching needs.

        Returns
        -------
        Columns
            All faces that are not hidden, in the order in which they were added.
        """
        with self.reading() as connection:
            return rows.columns_of(connection, self.header)

    def records(self) -> Iterator[FaceRecord]:
        """Go through all faces with everything that is known of them.

        Yields
        ------
        FaceRecord
            Every face that is not hidden, in the order in which they were added.
        """
        with self.reading() as connection:
            yield from rows.records_of(connection, self.header)

    def thumbnail(self, number: int) -> tuple[bytes, NDArray[np.float32] | None]:
        """Return what is kept of the photo around a face.

        Parameters
        ----------
        number : int
            The face's number in the file.

        Returns
        -------
        jpeg : bytes
            A JPEG file; empty if there is none.
        landmarks : ndarray of shape (5, 2), float32, or None
            In pixels of the JPEG file; None if they are not known.
        """
        face = schema.faces.c
        query = select(face.thumbnail, face.points).where(face.number == number)
        with self.reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None or row.thumbnail is None:
                return b"", None
            return row.thumbnail, None if row.points is None else rows.points_of(row.points)

    def ledger(self) -> list[LedgerEntry]:
        """Return why each unused photo was not used, by source and uri."""
        query = select(schema.ledger).order_by(schema.ledger.c.source, schema.ledger.c.uri)
        with self.reading() as connection:
            return [
                LedgerEntry(
                    r.uri, r.stamp, r.person, r.sha256, Reason(r.reason), r.detail, r.source
                )
                for r in connection.execute(query)
            ]

    def counts(self) -> dict[str, int]:
        """Return the number of people, photos, faces, hidden faces and ledger entries.

        People and faces are those that can be found.
        """
        face = schema.faces.c
        queries = {
            "people": select(func.count(face.person.distinct())).where(face.hidden == 0),
            "photos": select(func.count()).select_from(schema.photos),
            "faces": select(func.count()).where(face.hidden == 0),
            "hidden": select(func.count()).where(face.hidden != 0),
            "ledger": select(func.count()).select_from(schema.ledger),
        }
        with self.reading() as connection:
            return {name: connection.execute(query).scalar_one() for name, query in queries.items()}

    def close(self) -> None:
        """Let go of the file; it is one file afterwards."""
        self._engine.dispose()
        if self._writable:
            settle(self.path)

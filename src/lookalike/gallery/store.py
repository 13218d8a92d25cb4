"""Reading and writing a gallery file. Everything that goes in together goes in whole."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from lookalike.gallery.storage import schema
from lookalike.gallery.storage.database import (
    connect,
    is_blank,
    reading,
    require_gallery,
    settle,
    translated,
)
from lookalike.gallery.storage.dialects import count_change, upsert
from lookalike.gallery.storage.facts import facts_of, header_of, require_same
from lookalike.gallery.storage.plain import require_plain
from lookalike.gallery.storage.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from lookalike.gallery.records import Header


class GalleryFile(Tables):
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
        self.place, self.name = path, path.name
        self.index_folder = path.with_name(f"{path.name}.index")
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
            connection.execute(upsert(connection, schema.header).on_conflict_do_nothing(), facts)
        engine.dispose()
        return cls(path, writable=True)

    def _read_header(self) -> Header:
        with reading(self.path), self._engine.connect() as connection:
            require_plain(connection, self.path.name)
            facts = connection.execute(select(schema.header)).all()
        return header_of({fact.key: fact.value for fact in facts}, self.path.name)

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
            count_change(connection)
            yield connection

    def close(self) -> None:
        """Let go of the file; it is one file afterwards."""
        self._engine.dispose()
        if self._writable:
            settle(self.path)

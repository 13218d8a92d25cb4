"""A gallery in a PostgreSQL database, for many who read and some who write at the same time."""

from __future__ import annotations

import contextlib
import hashlib
import weakref
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from lookalike.errors import GalleryInvalid, GalleryMissing, GalleryUnwritable
from lookalike.gallery.server.engine import connect
from lookalike.gallery.server.faults import translated
from lookalike.gallery.server.founding import found
from lookalike.gallery.server.migrating import (
    migrate,
    newest,
    require_known,
    require_newest,
    step_of,
)
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.database import sound
from lookalike.gallery.storage.dialects import count_change
from lookalike.gallery.storage.facts import ARRIVING, header_of, require_same
from lookalike.gallery.storage.tables import Tables
from lookalike.models.folders import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from lookalike.gallery.places import Address
    from lookalike.gallery.records import Header

#: Who changes a gallery waits for others who do, but not for ever.
_WAIT = text("SET LOCAL lock_timeout = '10s'")


class GalleryServer(Tables):
    """A gallery in one schema of a PostgreSQL database. Safe to share between threads.

    Parameters
    ----------
    address : Address
        Where; it must exist, see `create`.
    writable : bool, default False
        Whether anything shall be changed.
    arriving : bool, default False
        Whether the gallery may be one that is still being copied.

    Raises
    ------
    GalleryMissing, GalleryVersion, GalleryInvalid
        If there is no gallery of that name, or one that this version cannot use.
    GalleryUnreachable, GalleryRefused
        If the server does not answer, or says no.
    GalleryUnwritable
        If this user may only read and something shall be changed.
    """

    def __init__(self, address: Address, *, writable: bool = False, arriving: bool = False) -> None:
        self.place, self.name = address, str(address)
        self._engine = connect(address)
        # A store that nobody holds any more leaves no connection behind.
        weakref.finalize(self, self._engine.dispose)
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._writable = writable
        with self.reading() as connection:
            require_newest(connection, address)
            self.header = _header(connection, self.name, arriving=arriving)
            if writable:
                _require_rights(connection, address)

    @classmethod
    def create(cls, address: Address, header: Header) -> GalleryServer:
        """Make an empty gallery, or open the one that is there for writing.

        Parameters
        ----------
        address : Address
            Where.
        header : Header
            What the gallery shall be. Of one that is there already, the vector type and the
            title stay.

        Returns
        -------
        GalleryServer
            Writable.

        Raises
        ------
        SpaceMismatch
            If there is one already, of another encoder or number of views.
        GalleryError
            As for opening one.
        """
        try:
            opened = cls(address, writable=True)
        except GalleryMissing:
            engine = connect(address)
            try:
                with translated(address), engine.begin() as connection:
                    found(connection, address, header)
            finally:
                engine.dispose()
            opened = cls(address, writable=True)
        require_same(opened.header, header)
        return opened

    @property
    def index_folder(self) -> Path:
        """Where indexes over this gallery are kept on this machine."""
        digest = hashlib.sha256(self.name.encode()).hexdigest()[:12]
        return cache_folder() / "indexes" / f"{self.place.gallery}-{digest}"

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with; all of a block sees the gallery at one moment.

        Yields
        ------
        Connection
            SQLAlchemy's. Keep the block to reading.

        Raises
        ------
        GalleryError
            One of its kinds, if the gallery is damaged or cannot be reached.
        """
        with translated(self.place), sound(self.name), self._reader.connect() as connection:
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
        GalleryBusy, GalleryUnwritable, GalleryUnreachable
            If nothing could be written.
        """
        if not self._writable:
            raise GalleryUnwritable(f"{self.name} was opened for reading only")
        with translated(self.place), self._engine.begin() as connection:
            connection.execute(_WAIT)
            count_change(connection)
            yield connection

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()


def upgrade(address: Address) -> tuple[int, int]:
    """Bring a gallery's tables to those of this version, all of it or nothing.

    Parameters
    ----------
    address : Address
        Where it is.

    Returns
    -------
    before, now : int
        The last step that had been carried out, and the last one there is.

    Raises
    ------
    GalleryMissing, GalleryVersion
        If there is none, or it was made by a newer lookalike.
    GalleryError
        If the server cannot be reached, or this user does not own the tables.
    """
    engine = connect(address)
    try:
        with translated(address), engine.begin() as connection:
            before = step_of(connection, address.gallery)
            if not before:
                require_newest(connection, address)
            require_known(before, address)
            if before < newest():
                migrate(connection, address.gallery, _header(connection, str(address)))
    finally:
        engine.dispose()
    return before, newest()


def _header(connection: Connection, name: str, *, arriving: bool = True) -> Header:
    rows = connection.execute(select(schema.header)).all()
    facts = {row.key: row.value for row in rows}
    if ARRIVING in facts and not arriving:
        raise GalleryInvalid(
            f"{name} has not been copied whole yet",
            "run the same lookalike gallery copy again: it goes on where it stopped",
        )
    return header_of(facts, name)


def _require_rights(connection: Connection, address: Address) -> None:
    allowed = "SELECT NOT pg_is_in_recovery() AND has_table_privilege(:table, 'UPDATE')"
    table = f'"{address.gallery}".header'
    if not connection.execute(text(allowed), {"table": table}).scalar_one():
        raise GalleryUnwritable(
            f"this user may only read {address}",
            f"see which rights are needed with: lookalike gallery roles '{address}'",
        )

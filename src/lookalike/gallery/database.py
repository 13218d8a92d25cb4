"""The connection to a gallery file: how it is opened, and what its errors are called here."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import NullPool

from lookalike.errors import (
    GalleryBusy,
    GalleryError,
    GalleryInvalid,
    GalleryUnwritable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BUSY_TIMEOUT_S: Final = 10

_BUILD_IT: Final = "a gallery is made with: lookalike gallery build FOLDER"
_RESUME: Final = "then run the same command again: it goes on where it stopped"

#: Words of SQLite's message → what it means for a gallery.
_MEANINGS: Final[tuple[tuple[str, type[GalleryError], str, str], ...]] = (
    ("locked", GalleryBusy, "another process is writing to {name}", "wait for it, then try again"),
    ("full", GalleryUnwritable, "the disk is full while writing {name}", f"free space, {_RESUME}"),
    ("disk i/o", GalleryUnwritable, "the disk failed under {name}", f"check the disk, {_RESUME}"),
    ("readonly", GalleryUnwritable, "{name} may not be written to", "check its permissions"),
    ("unable to open", GalleryUnwritable, "cannot open {name}", "check its folder's permissions"),
    ("not a database", GalleryInvalid, "{name} is not a gallery", _BUILD_IT),
    ("no such table", GalleryInvalid, "{name} is not a gallery", _BUILD_IT),
    ("malformed", GalleryInvalid, "{name} is damaged", "restore a copy, or build it again"),
)


def connect(path: Path, *, writable: bool) -> Engine:
    """Open a gallery file.

    Parameters
    ----------
    path : Path
        The file.
    writable : bool
        Whether anything shall be added.

    Returns
    -------
    Engine
        SQLAlchemy's. Every connection opens the file anew, so that threads share nothing.
    """
    mode = "rwc" if writable else "ro"

    def open_file() -> sqlite3.Connection:
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_BUSY_TIMEOUT_S,
            # SQLAlchemy begins transactions; sqlite3 must not do so behind its back.
            isolation_level=None,
        )

    engine = create_engine("sqlite://", creator=open_file, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        if writable:
            connection.execute("PRAGMA journal_mode = WAL")
            # Safe against a killed process; a power cut may lose the last batch, never more.
            connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A writer takes its lock at once: two builds never get halfway into each other.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writable else "BEGIN")

    return engine


def settle(path: Path) -> None:
    """Fold the write-ahead log into the file, so that the gallery is one file again.

    Left undone if somebody else is using the gallery: they will do it when they leave.

    Parameters
    ----------
    path : Path
        The gallery.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn a database's errors into ours.

    Parameters
    ----------
    path : Path
        The gallery, for the message.

    Yields
    ------
    None
        The body runs.

    Raises
    ------
    GalleryError
        One of its kinds, by what SQLite said.
    """
    try:
        yield
    except IntegrityError as error:
        raise GalleryBusy(
            f"another process is building {path.name}", "wait for it, then try again"
        ) from error
    except DatabaseError as error:
        said = str(error.orig).lower()
        for words, kind, message, hint in _MEANINGS:
            if words in said:
                raise kind(message.format(name=path.name), hint) from error
        raise GalleryError(f"{path.name}: {error.orig}") from error

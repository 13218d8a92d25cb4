"""The connection to a gallery file: how it is opened, and what its errors are called here."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError, MultipleResultsFound, NoResultFound
from sqlalchemy.pool import NullPool

from lookalike.errors import (
    GalleryBusy,
    GalleryError,
    GalleryInvalid,
    GalleryMissing,
    GalleryUnwritable,
    LookalikeError,
)
from lookalike.gallery.storage.endless import stop_when_endless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BUSY_TIMEOUT_S: Final = 10

#: What every SQLite file begins with.
_MAGIC: Final = b"SQLite format 3\x00"

#: The version of a file that has a write-ahead log, and the sizes of pages; 1 stands for 65,536.
_LOGGED: Final = b"\x02"
_PAGES: Final = frozenset((1, *(512 << at for at in range(7))))

_BUILD_IT: Final = "a gallery is made with: lookalike gallery build FOLDER"
_DAMAGED: Final = "{name} is damaged"
_RESTORE: Final = "restore a copy, or build it again"
_RESUME: Final = "then run the same command again: it goes on where it stopped"

#: Words of SQLite's message → what it means for a gallery.
_MEANINGS: Final[tuple[tuple[str, type[GalleryError], str, str], ...]] = (
    ("locked", GalleryBusy, "another process is writing to {name}", "wait for it, then try again"),
    ("full", GalleryUnwritable, "the disk is full while writing {name}", f"free space, {_RESUME}"),
    ("disk i/o", GalleryUnwritable, "the disk failed under {name}", f"check the disk, {_RESUME}"),
    ("readonly", GalleryUnwritable, "{name} may not be written to", "check its permissions"),
    ("unable to open", GalleryUnwritable, "cannot open {name}", "check its folder's permissions"),
    ("not a database", GalleryInvalid, "{name} is not a gallery", _BUILD_IT),
    ("no such column", GalleryInvalid, "{name} is not a gallery", _BUILD_IT),
    ("no such table", GalleryInvalid, "{name} is not a gallery", _BUILD_IT),
    ("malformed", GalleryInvalid, _DAMAGED, _RESTORE),
    ("interrupted", GalleryInvalid, _DAMAGED, _RESTORE),
    ("could not decode", GalleryInvalid, _DAMAGED, _RESTORE),
)

#: What comes of rows that do not hold what they should.
_MISFITS: Final = (
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    NoResultFound,
    MultipleResultsFound,
)


def _from_json(text: str) -> Any:
    """Decode a column; most photos and people have no attributes, and there are many of them."""
    return {} if text == "{}" else json.loads(text)


def connect(path: Path, *, writable: bool, checks: bool = True) -> Engine:
    """Open a gallery file.

    Parameters
    ----------
    path : Path
        The file.
    writable : bool
        Whether anything shall be added.
    checks : bool, default True
        Whether rows must point to rows that are there; not while tables are being made anew.

    Returns
    -------
    Engine
        SQLAlchemy's. Every connection opens the file anew, so that threads share nothing.
    """

    def open_file() -> sqlite3.Connection:
        mode = "rwc" if writable else _reading_mode(path)
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_BUSY_TIMEOUT_S,
            # SQLAlchemy begins transactions; sqlite3 must not do so behind its back.
            isolation_level=None,
        )
        if not writable:
            stop_when_endless(connection, path)
        return connection

    engine = create_engine(
        "sqlite://", creator=open_file, poolclass=NullPool, json_deserializer=_from_json
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # What a stranger's file defines may call no function that does more than compute.
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if checks else 'OFF'}")
        if writable:
            connection.execute("PRAGMA journal_mode = WAL")
            # Safe against a killed process; a power cut may lose the last batch, never more.
            connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A writer takes its lock at once: two builds never get halfway into each other.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writable else "BEGIN")

    return engine


def _reading_mode(path: Path) -> str:
    """Return how to open a file so that nothing is written beside it.

    A file that was copied from beside a writer says that it has a write-ahead log. If there is
    none, SQLite makes one, and a reader can never delete it again.
    """
    with contextlib.suppress(OSError), path.open("rb") as stream:
        logged = stream.read(20)[19:] == _LOGGED
        if logged and not path.with_name(f"{path.name}-wal").exists():
            return "ro&immutable=1"
    return "ro"


def require_gallery(path: Path) -> None:
    """Raise unless there is a file that may be a gallery, by its first bytes.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    GalleryMissing
        If there is none, or it may not be read.
    GalleryInvalid
        If it is something else.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(18)
            size = stream.seek(0, os.SEEK_END)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise GalleryMissing(f"there is no gallery {path}", _BUILD_IT) from error
    except OSError as error:
        raise GalleryMissing(f"{path} may not be read", "check its permissions") from error
    if start and not start.startswith(_MAGIC):
        raise GalleryInvalid(f"{path.name} is not a gallery", _BUILD_IT)
    page = int.from_bytes(start[16:], "big")
    if start[16:] and page not in _PAGES:
        raise GalleryInvalid(_DAMAGED.format(name=path.name), _RESTORE)
    # SQLite fills half a page at the end with zeros and says nothing.
    log = path.with_name(f"{path.name}-wal")
    if size % (page or 1) and not log.exists():
        raise GalleryInvalid(f"{path.name} is cut off", _RESTORE)


def is_blank(path: Path) -> bool:
    """Say whether a gallery is still to be made here.

    Parameters
    ----------
    path : Path
        Where it shall be.

    Returns
    -------
    bool
        True if there is no file, or a database without tables: a making that was cut short.

    Raises
    ------
    GalleryError
        If there is a file that cannot be read.
    """
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises where it may not look
        return True
    tables = "SELECT count(*) FROM sqlite_master"
    with translated(path), connect(path, writable=False).connect() as connection:
        return int(connection.exec_driver_sql(tables).scalar_one()) == 0


def settle(path: Path) -> None:
    """Fold the write-ahead log into the file, so that the gallery is one file again.

    Left undone if somebody else is using the gallery: they will do it when they leave. Damage is
    for the next reader to tell.

    Parameters
    ----------
    path : Path
        The gallery.
    """
    place = f"{path.absolute().as_uri()}?mode=rw"
    with contextlib.suppress(sqlite3.DatabaseError):
        connection = sqlite3.connect(place, uri=True, isolation_level=None, timeout=0)
        with contextlib.closing(connection):
            connection.execute("PRAGMA journal_mode = DELETE")


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
        raise GalleryError(f"{path.name}: {error.orig}", _RESTORE) from error


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn also what damaged rows lead to into our errors.

    Keep the block to reading: it would disguise a mistake of our own.

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
        One of its kinds.
    """
    with sound(path.name), translated(path):
        yield


@contextlib.contextmanager
def sound(name: str) -> Iterator[None]:
    """Turn what damaged rows lead to into our errors.

    Parameters
    ----------
    name : str
        The gallery, for the message.

    Yields
    ------
    None
        The body runs.

    Raises
    ------
    GalleryInvalid
        If a row does not hold what it should.
    """
    try:
        yield
    except LookalikeError:
        raise
    except _MISFITS as error:
        raise GalleryInvalid(_DAMAGED.format(name=name), _RESTORE) from error

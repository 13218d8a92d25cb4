"""Bringing a gallery file of an older format up to date, all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text, update
from sqlalchemy.schema import CreateTable

from lookalike.gallery.storage import schema
from lookalike.gallery.storage.database import connect, reading, require_gallery, settle, translated
from lookalike.gallery.storage.facts import format_of
from lookalike.gallery.storage.plain_tables import require_plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Table


def upgrade(path: Path) -> int:
    """Bring a gallery to the format that this version writes.

    Parameters
    ----------
    path : Path
        The file. It is changed in one transaction: a process that is killed has changed nothing.

    Returns
    -------
    int
        The format that it had before.

    Raises
    ------
    GalleryMissing, GalleryInvalid, GalleryVersion
        If it cannot be read, or was written by a newer lookalike.
    GalleryBusy, GalleryUnwritable
        If it cannot be written.
    """
    require_gallery(path)
    engine = connect(path, writable=False)
    with reading(path), engine.connect() as connection:
        require_plain(connection, path.name)
        rows = connection.execute(schema.header.select()).all()
        before = format_of({row.key: row.value for row in rows}, path.name)
    if before < schema.FORMAT_VERSION:
        engine = connect(path, writable=True, checks=False)
        with translated(path), engine.begin() as connection:
            for step in _STEPS[before - 1 :]:
                step(connection)
            version = update(schema.header).where(schema.header.c.key == "format")
            connection.execute(version.values(value=str(schema.FORMAT_VERSION)))
        engine.dispose()
        settle(path)
    return before


def _provenance(connection: Connection) -> None:
    """Format 2: sources, pages, facts of photos, hidden faces, aliases, opt-outs, a journal."""
    # The uris of format 1 were of one source, which gave the gallery its title.
    source = "(SELECT value FROM header WHERE key = 'title')"
    _rebuilt(
        connection,
        schema.photos,
        {"source": source, "page": "''", "attributes": "'{}'", "width": "0", "height": "0"},
    )
    _rebuilt(connection, schema.ledger, {"source": source})
    for column in ("points BLOB", "quality FLOAT", "hidden INTEGER DEFAULT '0' NOT NULL"):
        connection.execute(text(f"ALTER TABLE faces ADD COLUMN {column}"))
    schema.metadata.create_all(connection)


def _rebuilt(connection: Connection, table: Table, added: dict[str, str]) -> None:
    """Make a table anew, where SQLite cannot alter what must change."""
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    names = [column.name for column in table.columns]
    values = [name if name in there else added[name] for name in names]
    old = f"old_{table.name}"
    # Without this, the tables that point here would follow the old one to its new name.
    connection.execute(text("PRAGMA legacy_alter_table = ON"))
    connection.execute(text(f"ALTER TABLE {table.name} RENAME TO {old}"))
    connection.execute(CreateTable(table))
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({', '.join(names)}) "  # noqa: S608 - names of our own
            f"SELECT {', '.join(values)} FROM {old}"
        )
    )
    connection.execute(text(f"DROP TABLE {old}"))


#: What brings format n to format n + 1, from format 1 on.
_STEPS: Final[tuple[Callable[[Connection], None], ...]] = (_provenance,)

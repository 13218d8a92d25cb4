"""Making a gallery in a database: its schema, its tables, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from lookalike.errors import GalleryRefused
from lookalike.gallery.server.migrating import migrate, step_of
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.facts import facts_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lookalike.gallery.places import Address
    from lookalike.gallery.records import Header

#: The first pgvector that goes on searching until a filter has let enough through.
_PGVECTOR: Final = (0, 8)

_EXTENSION: Final = "CREATE EXTENSION vector"


def found(connection: Connection, address: Address, header: Header) -> bool:
    """Make an empty gallery, unless there is one.

    Parameters
    ----------
    connection : Connection
        In a transaction: all of it is there afterwards, or nothing.
    address : Address
        Where.
    header : Header
        What it shall be.

    Returns
    -------
    bool
        False if there was one already.

    Raises
    ------
    GalleryRefused
        If the database cannot hold one.
    GalleryInvalid
        If the schema holds something else.
    """
    # Two who begin at the same time begin one after the other.
    lock = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
    connection.execute(lock, {"name": f"lookalike {address.gallery}"})
    if step_of(connection, address.gallery):
        return False
    _require_letters(connection, address)
    _require_pgvector(connection, address)
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{address.gallery}"'))
    migrate(connection, address.gallery, header)
    say_what_it_is(connection, header)
    return True


def say_what_it_is(connection: Connection, header: Header) -> None:
    """Write a new gallery's header.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    header : Header
        What it shall be.
    """
    facts = [{"key": key, "value": value} for key, value in facts_of(header).items()]
    connection.execute(insert(schema.header), facts)


def _require_letters(connection: Connection, address: Address) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise GalleryRefused(
            f"the database of {address} cannot hold every name: its encoding is {encoding}",
            "create one with: createdb --encoding=UTF8 --template=template0",
        )


def _require_pgvector(connection: Connection, address: Address) -> None:
    query = text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    version = connection.execute(query).scalar_one_or_none()
    if version is None:
        try:
            with connection.begin_nested():
                connection.execute(text(_EXTENSION))
        except DBAPIError as error:
            raise GalleryRefused(
                f"the database of {address} has no pgvector",
                "install pgvector 0.8 or newer, then let the database's owner run: "
                "CREATE EXTENSION vector",
            ) from error
        version = connection.execute(query).scalar_one()
    if tuple(int(part) for part in version.split(".")[:2]) < _PGVECTOR:
        raise GalleryRefused(
            f"the database of {address} has pgvector {version}, which is too old",
            "install 0.8 or newer, then run: ALTER EXTENSION vector UPDATE",
        )

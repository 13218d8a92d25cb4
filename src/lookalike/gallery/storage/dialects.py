"""What SQLite and PostgreSQL say in different words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Text, cast, inspect, update
from sqlalchemy.dialects import postgresql, sqlite

from lookalike.gallery.storage import schema

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


def upsert(connection: Connection, table: Table) -> Any:
    """Begin an insert that may say what becomes of rows that are there already.

    Parameters
    ----------
    connection : Connection
        Of the gallery.
    table : Table
        Where to.

    Returns
    -------
    Insert
        SQLAlchemy's, of the database's own dialect.
    """
    dialects = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return dialects[connection.dialect.name](table)


def has_table(connection: Connection, table: Table) -> bool:
    """Say whether a table is there.

    Parameters
    ----------
    connection : Connection
        Of the gallery.
    table : Table
        Which one.

    Returns
    -------
    bool
        True if it is.
    """
    where = connection.schema_for_object(table)
    return bool(inspect(connection).has_table(table.name, schema=where))


def count_change(connection: Connection) -> None:
    """Let a gallery's count of changes grow.

    Parameters
    ----------
    connection : Connection
        In a transaction. Whoever counts next waits until it ends.
    """
    fact = schema.header.c
    grown = cast(cast(fact.value, Integer) + 1, Text)
    count = update(schema.header).where(fact.key == "generation")
    connection.execute(count.values(value=grown))

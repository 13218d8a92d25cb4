"""Whether two galleries hold the same, whichever databases they are in."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import JSON, Float, select

from lookalike.gallery.storage import schema
from lookalike.gallery.storage.dialects import has_table
from lookalike.gallery.storage.facts import ARRIVING
from lookalike.gallery.storage.vector_column import VectorColumn, numbers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Column, Connection, Table

_ROWS: Final = 500
_MODULUS: Final = 1 << 256


def sums_of(connection: Connection) -> dict[str, tuple[int, str]]:
    """Return what tells each table's rows from others.

    Parameters
    ----------
    connection : Connection
        Of a gallery.

    Returns
    -------
    dict of str to (int, str)
        By table: how many rows it has, and the sum of their SHA-256, in hexadecimal: databases
        put words in different orders, and a sum does not care. How far a copy has come is left
        out.
    """
    return {
        table.name: _sum_of(connection, table) if has_table(connection, table) else (0, "0")
        for table in schema.metadata.sorted_tables
    }


def digest_of(sums: dict[str, tuple[int, str]]) -> str:
    """Return one digest for all tables.

    Parameters
    ----------
    sums : dict of str to (int, str)
        As `sums_of` gives them.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()


def _sum_of(connection: Connection, table: Table) -> tuple[int, str]:
    query = select(table).execution_options(yield_per=_ROWS)
    dim = _dimension(connection)
    ways = [_way_of(column, dim) for column in table.columns]
    count = total = 0
    for row in connection.execute(query):
        # Counting goes on while a copy is made, and is set right at its end.
        if table is schema.header and row.key in (ARRIVING, "generation"):
            continue
        written = [None if one is None else way(one) for way, one in zip(ways, row, strict=True)]
        digest = hashlib.sha256(json.dumps(written).encode()).digest()
        total = (total + int.from_bytes(digest, "big")) % _MODULUS
        count += 1
    return count, f"{total:x}"


def _dimension(connection: Connection) -> int:
    query = select(schema.header.c.value).where(schema.header.c.key == "dimension")
    return int(connection.execute(query).scalar_one())


def _way_of(column: Column[Any], dim: int) -> Callable[[Any], Any]:
    """Return what makes a column's value one that JSON can write, the same for each database."""
    if isinstance(column.type, VectorColumn):
        return lambda value: numbers_of([value], dim).tobytes().hex()
    if isinstance(column.type, JSON):
        return lambda value: json.dumps(_plain(value), sort_keys=True)
    if isinstance(column.type, Float):
        return float
    return lambda value: hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value


def _plain(value: Any) -> Any:
    """Write a whole number as one: some databases know only one kind of number."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value

"""A gallery's facts where they can be counted by SQLite, wherever the gallery is."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import create_engine, insert, select
from sqlalchemy.pool import StaticPool

from lookalike.gallery.storage import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Column, Connection

_ROWS: Final = 10_000

#: What is left out: most of a gallery's bytes, and nothing that is counted.
_HEAVY: Final = {
    "vector": np.empty(0, np.float32),
    "landmarks": b"",
    "thumbnail": None,
    "points": None,
}


@contextlib.contextmanager
def countable(connection: Connection) -> Iterator[Connection]:
    """Give a connection whose tables can be counted in SQLite's words.

    Parameters
    ----------
    connection : Connection
        Of a gallery.

    Yields
    ------
    Connection
        The same one for a file; of a server's gallery a copy in memory, without what is heavy, so
        that everything is counted by one set of statements.
    """
    if connection.dialect.name == "sqlite":
        yield connection
        return
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with engine.begin() as copy:
            schema.metadata.create_all(copy)
            for table in (schema.people, schema.photos, schema.faces, schema.ledger,
                          schema.opt_outs):  # fmt: skip
                found = connection.execute(select(*_light(table.columns)))
                blanks = {name: _HEAVY[name] for name in _HEAVY.keys() & table.columns.keys()}
                for rows in found.mappings().partitions(_ROWS):
                    copy.execute(insert(table), [{**blanks, **row} for row in rows])
            yield copy
    finally:
        engine.dispose()


def _light(columns: Iterable[Column[Any]]) -> list[Column[Any]]:
    return [column for column in columns if column.name not in _HEAVY]

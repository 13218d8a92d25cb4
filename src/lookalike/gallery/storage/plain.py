"""What a gallery file must not hold: statements that would run when a table is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lookalike.errors import GalleryInvalid

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: What a gallery has none of: other things than tables and indexes, and calculated columns.
_PLAIN: Final = (
    """SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')
    OR sql LIKE 'CREATE VIRTUAL%' LIMIT 1""",
    """SELECT x.name FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS x
    WHERE m.type = 'table' AND x.hidden != 0 LIMIT 1""",
)

_HINT: Final = "take a gallery only from whom you trust, or build it"


def require_plain(connection: Connection, name: str) -> None:
    """Raise unless a file holds nothing but tables and their indexes.

    What a query of ours reads would else be what somebody's own statement makes up: without end,
    or by the gigabyte.

    Parameters
    ----------
    connection : Connection
        Of the file.
    name : str
        The file's name, for the message.

    Raises
    ------
    GalleryInvalid
        If there is a view, a trigger, a virtual table or a column that is calculated.
    """
    for query in _PLAIN:
        found = connection.exec_driver_sql(query).first()
        if found is not None:
            raise GalleryInvalid(f"{name} is not a gallery: it calculates {found[0]!r}", _HINT)

"""A gallery file holds tables of rows and nothing that runs, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from lookalike.errors import GalleryInvalid

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: What a stranger's database may compute while it is read or written: views, triggers, tables that
#: a module makes up, columns that follow from an expression.
_RUNS: Final = text(
    """
    SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index')
    UNION ALL
    -- Whatever its statement looks like, a table of a module has no page of its own.
    SELECT 'virtual table', name FROM sqlite_master WHERE type = 'table' AND rootpage = 0
    UNION ALL
    SELECT 'computed column', facts.name
        FROM sqlite_master AS made, pragma_table_xinfo(made.name) AS facts
        WHERE made.type = 'table' AND made.rootpage > 0 AND facts.hidden > 0
    LIMIT 1
    """
)


def require_plain(connection: Connection, name: str) -> None:
    """Raise unless a database holds tables only.

    Parameters
    ----------
    connection : Connection
        Of the file; before anything else is asked of it.
    name : str
        The gallery, for the message.

    Raises
    ------
    GalleryInvalid
        If it holds something that would be run.
    """
    found = connection.execute(_RUNS).first()
    if found is not None:
        raise GalleryInvalid(
            f"{name} holds a {found.type}, {found.name!r}, and galleries hold tables only",
            "do not trust it; ask whoever made it for one that lookalike has written",
        )

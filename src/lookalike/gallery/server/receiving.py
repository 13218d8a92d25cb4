"""Getting a server ready for the copy of a gallery, and making it a gallery at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, text, update

from lookalike.errors import OptionError
from lookalike.gallery.server.engine import connect
from lookalike.gallery.server.faults import translated
from lookalike.gallery.server.founding import found
from lookalike.gallery.server.graph import create_graph, drop_graph
from lookalike.gallery.server.migrating import require_newest
from lookalike.gallery.server.store import GalleryServer
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.facts import ARRIVING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lookalike.gallery.places import Address
    from lookalike.gallery.records import Header


def receive(address: Address, header: Header, mark: str) -> GalleryServer:
    """Open a gallery to be filled with a copy: a new one, or one that was interrupted.

    Parameters
    ----------
    address : Address
        Where.
    header : Header
        What the gallery is.
    mark : str
        What it is a copy of, and as of when. What came of another copy is thrown away.

    Returns
    -------
    GalleryServer
        Writable. Nobody else can open it before `finish`.

    Raises
    ------
    OptionError
        If there is a whole gallery of that name.
    GalleryError
        If none can be made.
    """
    engine = connect(address)
    try:
        with translated(address), engine.begin() as connection:
            new = found(connection, address, header)
            require_newest(connection, address)
            fact = schema.header.c
            there = select(fact.value).where(fact.key == ARRIVING)
            before = connection.execute(there).scalar_one_or_none()
            if before is None and not new:
                raise OptionError(
                    f"{address} is there already", "name another gallery, or remove it first"
                )
            if before != mark:
                for table in reversed(schema.metadata.sorted_tables):
                    if table is not schema.header:
                        connection.execute(delete(table))
                connection.execute(delete(schema.header).where(fact.key == ARRIVING))
                connection.execute(insert(schema.header), {"key": ARRIVING, "value": mark})
                # Many faces go in several times as fast without it.
                drop_graph(connection, address.gallery)
    finally:
        engine.dispose()
    return GalleryServer(address, writable=True, arriving=True)


def finish(store: GalleryServer) -> None:
    """Let everybody open a gallery whose copy is whole.

    Parameters
    ----------
    store : GalleryServer
        As `receive` gave it.
    """
    with store.changing() as connection:
        gallery = store.place.gallery
        _go_on_counting(connection, gallery)
        drop_graph(connection, gallery)
        create_graph(connection, gallery, store.header)
        connection.execute(delete(schema.header).where(schema.header.c.key == ARRIVING))
        # Changing counted one change more than there are in the original.
        fact = schema.header.c
        one_less = text("CAST(CAST(value AS INTEGER) - 1 AS TEXT)")
        count = update(schema.header).where(fact.key == "generation")
        connection.execute(count.values(value=one_less))


def _go_on_counting(connection: Connection, gallery: str) -> None:
    """Let new rows get the numbers after those that were copied."""
    for table in schema.metadata.sorted_tables:
        if "number" in table.primary_key.columns:
            last = connection.execute(select(func.max(table.c.number))).scalar_one()
            place = {"table": f'"{gallery}".{table.name}', "last": last or 1, "used": bool(last)}
            go_on = "SELECT setval(pg_get_serial_sequence(:table, 'number'), :last, :used)"
            connection.execute(text(go_on), place)

"""Copying a gallery between a file and a server, or between servers, and proving that it is whole.

Rows keep their numbers. Everything is read as of one moment. A copy that is interrupted goes on
where it stopped, unless the original has changed since; nobody can open it before it is whole.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, select

from lookalike.errors import GalleryInvalid, GalleryUnwritable, OptionError
from lookalike.gallery.copying import copy
from lookalike.gallery.opening import open_store
from lookalike.gallery.places import Address
from lookalike.gallery.sameness import digest_of, sums_of
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.dialects import has_table, upsert
from lookalike.gallery.storage.facts import ARRIVING
from lookalike.gallery.storage.vector_column import VectorColumn, numbers_of
from lookalike.gallery.store import GalleryFile
from lookalike.whole_files import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import Any

    from sqlalchemy import Connection, Table

    from lookalike.gallery.places import Place
    from lookalike.gallery.records import Header
    from lookalike.gallery.seam import Store

#: Rows that are written together.
_BATCH: Final = 500


def transfer(source: Place, target: Place, on_face: Callable[[], None] = lambda: None) -> None:
    """Write a gallery to another place, also while it is in use.

    Parameters
    ----------
    source : Path or Address
        The gallery, as it is at this moment.
    target : Path or Address
        Where; no gallery may be there, but a copy that was interrupted.
    on_face : callable, optional
        Called for each face that is there, for a progress bar.

    Raises
    ------
    OptionError
        If there is a gallery at the target.
    GalleryInvalid
        If the copy is not what the original is.
    GalleryError
        If one of the two cannot be used.
    """
    if not isinstance(source, Address) and not isinstance(target, Address):
        copy(source, target)
        return
    store = open_store(source)
    try:
        with store.reading() as there:
            sums = sums_of(there)
            with _arriving(target, store.header, digest_of(sums)) as copied:
                _fill(there, copied, on_face)
                with copied.reading() as here:
                    differing = [name for name, one in sums_of(here).items() if one != sums[name]]
                if differing:
                    raise GalleryInvalid(
                        f"the copy differs from {store.name} in: {', '.join(differing)}",
                        "run the same command again",
                    )
    finally:
        store.close()


@contextlib.contextmanager
def _arriving(target: Place, header: Header, mark: str) -> Iterator[Store]:
    """Give the gallery to fill, which becomes one for everybody when the block ends."""
    if isinstance(target, Address):
        from lookalike.gallery.server.receiving import finish, receive

        server = receive(target, header, mark)
        try:
            yield server
            finish(server)
        finally:
            server.close()
        return
    if target.exists():
        raise OptionError(f"{target} is there already", "name another file, or remove it first")
    # A copy of something else has another name, and is left where it is.
    beside = target.with_name(f".{target.name}.{mark[:12]}.part")
    file = GalleryFile.create(beside, header)
    try:
        yield file
    finally:
        file.close()
    with writing(target, GalleryUnwritable):
        beside.rename(target)


def _fill(there: Connection, copied: Store, on_face: Callable[[], None]) -> None:
    """Write what is missing."""
    for table in schema.metadata.sorted_tables:
        if table is schema.header or not has_table(there, table):
            continue
        if "number" in table.primary_key.columns:
            _go_on(there, copied, table, on_face if table is schema.faces else lambda: None)
        else:
            # Few rows, or light ones: all of them in one go.
            with copied.changing() as connection:
                connection.execute(delete(table))
                with contextlib.closing(_batches(there, table, copied.header)) as batches:
                    for rows in batches:
                        connection.execute(insert(table), rows)
    facts = [
        {"key": row.key, "value": row.value}
        for row in there.execute(select(schema.header))
        if row.key != ARRIVING
    ]
    with copied.changing() as connection:
        adding = upsert(connection, schema.header)
        adding = adding.on_conflict_do_update(
            index_elements=["key"], set_={"value": adding.excluded.value}
        )
        connection.execute(adding, facts)


def _go_on(there: Connection, copied: Store, table: Table, on_row: Callable[[], None]) -> None:
    with copied.reading() as connection:
        last = connection.execute(select(func.max(table.c.number))).scalar_one() or 0
        for _ in range(connection.execute(select(func.count()).select_from(table)).scalar_one()):
            on_row()
    with contextlib.closing(_batches(there, table, copied.header, after=last)) as batches:
        for rows in batches:
            with copied.changing() as connection:
                connection.execute(insert(table), rows)
            for _ in rows:
                on_row()


def _batches(
    there: Connection, table: Table, header: Header, after: int | None = None
) -> Generator[list[dict[str, Any]]]:
    query = select(table)
    if after is not None:
        query = query.where(table.c.number > after).order_by(table.c.number)
    vectors = [column.name for column in table.columns if isinstance(column.type, VectorColumn)]
    with there.execute(query.execution_options(yield_per=_BATCH)) as found:
        for part in found.mappings().partitions(_BATCH):
            rows = [dict(row) for row in part]
            for name in vectors:
                for row in rows:
                    numbers = numbers_of([row[name]], header.space.dim)[0]
                    row[name] = numbers.astype(header.vector_type)
            yield rows

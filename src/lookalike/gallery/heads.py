"""What was learned to tell a gallery's people apart, kept in its file as plain numbers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import delete, insert, select

from lookalike.gallery.storage import schema
from lookalike.gallery.storage.dialects import has_table
from lookalike.search.stamp import row_stamps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from lookalike.gallery.records import Columns
    from lookalike.gallery.seam import Store
    from lookalike.types import Space


@dataclass(frozen=True, slots=True, eq=False)
class HeadRecord:
    """A head as it is kept.

    Parameters
    ----------
    name : str
        Its name in the registry.
    learned_from : str
        The digest of the faces that it was learned from, see `digest_of`.
    facts : mapping of str to object
        JSON values.
    arrays : mapping of str to ndarray
        Numbers, float32.
    generation : int
        The gallery's count of changes when it was kept; 0 before.
    """

    name: str
    learned_from: str
    facts: Mapping[str, Any]
    arrays: Mapping[str, NDArray[np.float32]]
    generation: int = 0


def digest_of(columns: Columns, space: Space) -> str:
    """Return a digest of faces and of whose they are.

    Parameters
    ----------
    columns : Columns
        The faces.
    space : Space
        Where their vectors live.

    Returns
    -------
    str
        SHA-256 in hexadecimal. Another one if a face is added, hidden, moved to another person or
        encoded anew; the same one if somebody is renamed.
    """
    digest = hashlib.sha256(f"{space.digest}\n".encode())
    digest.update("\n".join(person.id for person in columns.people).encode())
    for numbers in (columns.groups, columns.numbers, row_stamps(columns.vectors)):
        digest.update(np.ascontiguousarray(numbers).tobytes())
    return digest.hexdigest()


def read_head(file: Store, name: str) -> HeadRecord | None:
    """Read a head.

    Parameters
    ----------
    file : Store
        The gallery.
    name : str
        The head's name.

    Returns
    -------
    HeadRecord or None
        None if none of that name was kept.

    Raises
    ------
    GalleryInvalid
        If it is damaged.
    """
    arrays = schema.head_arrays
    with file.reading() as connection:
        if not has_table(connection, schema.heads):
            return None
        query = select(schema.heads).where(schema.heads.c.name == name)
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        parts = connection.execute(select(arrays).where(arrays.c.head == name))
        numbers = {
            part.name: np.frombuffer(part.numbers, "<f4").reshape(part.shape).astype(np.float32)
            for part in parts
        }
        return HeadRecord(row.name, row.learned_from, dict(row.facts), numbers, row.generation)


def write_head(file: Store, record: HeadRecord) -> None:
    """Keep a head, in place of one of the same name.

    Parameters
    ----------
    file : Store
        Writable.
    record : HeadRecord
        The head.

    Raises
    ------
    GalleryBusy, GalleryUnwritable
        If it cannot be kept.
    """
    rows = [
        {
            "head": record.name,
            "name": name,
            "shape": list(array.shape),
            "numbers": np.ascontiguousarray(array, "<f4").tobytes(),
        }
        for name, array in record.arrays.items()
    ]
    with file.changing() as connection:
        for table in (schema.heads, schema.head_arrays):
            # A file of this format that was made before there were heads lacks the tables.
            if not has_table(connection, table):
                table.create(connection)
        connection.execute(delete(schema.heads).where(schema.heads.c.name == record.name))
        fact = schema.header.c
        count = connection.execute(select(fact.value).where(fact.key == "generation"))
        connection.execute(
            insert(schema.heads),
            {
                "name": record.name,
                "generation": int(count.scalar_one()),
                "learned_from": record.learned_from,
                "facts": dict(record.facts),
            },
        )
        if rows:
            connection.execute(insert(schema.head_arrays), rows)


def forget_heads(connection: Connection) -> None:
    """Delete every head: what was learned of somebody who leaves for good leaves as well.

    Parameters
    ----------
    connection : Connection
        Of the gallery, in a transaction.
    """
    if has_table(connection, schema.heads):
        connection.execute(delete(schema.heads))

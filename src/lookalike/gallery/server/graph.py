"""The graph that pgvector searches: HNSW, over Euclidean distances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lookalike.gallery.records import Header

#: Edges of a face, and candidates that are looked at to choose them, while it is built.
_EDGES: Final = 16
_LOOKED_AT: Final = 128

#: Memory that the server may use to build it.
_BUILD_MB: Final = 512

#: What pgvector can index; longer vectors are searched one by one.
_MOST_NUMBERS: Final = {"float32": 2000, "float16": 4000}


def create_graph(connection: Connection, gallery: str, header: Header) -> None:
    """Build the graph over a gallery's faces.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    gallery : str
        Its schema.
    header : Header
        What it is. Where its vectors are too long to be indexed, nothing is built.
    """
    if header.space.dim > _MOST_NUMBERS[header.vector_type]:
        return
    # A graph that does not fit into PostgreSQL's usual 64 MB takes several times as long.
    connection.execute(text(f"SET LOCAL maintenance_work_mem = '{_BUILD_MB}MB'"))
    kind = "halfvec_l2_ops" if header.vector_type == "float16" else "vector_l2_ops"
    connection.execute(
        text(
            f'CREATE INDEX faces_graph ON "{gallery}".faces USING hnsw (vector {kind}) '
            f"WITH (m = {_EDGES}, ef_construction = {_LOOKED_AT})"
        )
    )


def drop_graph(connection: Connection, gallery: str) -> None:
    """Take the graph away: many faces go in several times as fast without it.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    gallery : str
        Its schema.
    """
    connection.execute(text(f'DROP INDEX IF EXISTS "{gallery}".faces_graph'))

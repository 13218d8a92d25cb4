"""The seam between a gallery and what it is kept in. `opening` knows who is behind it.

A new store is a class with these members. The SQL behind them is written once, in `tables`, `rows`,
`care` and `journal`, on SQLAlchemy's connections: a store says how to get one, and what its
database's errors mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from lookalike.gallery.places import Place
    from lookalike.gallery.records import Columns, FaceRecord, Header, LedgerEntry


@runtime_checkable
class Store(Protocol):
    """Keeps the people, photos and faces of one gallery. Safe to share between threads."""

    #: What the gallery is.
    header: Header

    @property
    def place(self) -> Place:
        """Where it is; as text it can be given to a command and holds no password."""
        ...

    @property
    def name(self) -> str:
        """What it is called in messages."""
        ...

    @property
    def index_folder(self) -> Path:
        """Where indexes that take long to build may be kept on this machine."""
        ...

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Give a connection to read with; all of a block sees the gallery at one moment."""
        ...

    def changing(self) -> AbstractContextManager[Connection]:
        """Give a connection whose changes go in together when the block ends, or not at all."""
        ...

    def write(self, faces: Sequence[FaceRecord], turned_down: Sequence[LedgerEntry]) -> None:
        """Put photos in, in place of what was said of the same ones before, all or none."""
        ...

    def seen(self, source: str) -> dict[str, str]:
        """Return the stamp of every photo of a source that was dealt with, by uri."""
        ...

    def turned_away(self, source: str) -> dict[str, str]:
        """Return the SHA-256 of every photo of a source that an opt-out kept out, by uri."""
        ...

    def digests(self) -> dict[str, tuple[str, str]]:
        """Return the source and the uri of every photo that is used, by SHA-256."""
        ...

    def opted_out(self) -> frozenset[str]:
        """Return the ids of people and digests of photos that shall never be in here again."""
        ...

    def columns(self) -> Columns:
        """Return everything that searching needs."""
        ...

    def records(self) -> Iterator[FaceRecord]:
        """Go through all faces with everything that is known of them."""
        ...

    def thumbnail(self, number: int) -> tuple[bytes, NDArray[np.float32] | None]:
        """Return what is kept of the photo around a face."""
        ...

    def ledger(self) -> list[LedgerEntry]:
        """Return why each unused photo was not used."""
        ...

    def counts(self) -> dict[str, int]:
        """Return the number of people, photos, faces, hidden faces and ledger entries."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...

"""What a build needs of the place where a gallery is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.gallery.records import FaceRecord, Header, LedgerEntry


class Keeper(Protocol):
    """A gallery that photos are written into: a file, or whatever else keeps the same facts."""

    @property
    def header(self) -> Header:
        """What the gallery is."""
        ...

    def seen(self, source: str) -> dict[str, str]:
        """Return the stamp of every photo of a source that was dealt with, by uri."""
        ...

    def turned_away(self, source: str) -> dict[str, str]:
        """Return the SHA-256 of every photo not used because of an opt-out, by uri."""
        ...

    def digests(self) -> dict[str, tuple[str, str]]:
        """Return the source and the uri of every photo that is used, by SHA-256."""
        ...

    def opted_out(self) -> frozenset[str]:
        """Return the ids of people and digests of photos that shall never be in here again."""
        ...

    def write(self, faces: Sequence[FaceRecord], turned_down: Sequence[LedgerEntry]) -> None:
        """Add faces and ledger entries, all or none; what was there of these photos goes."""
        ...

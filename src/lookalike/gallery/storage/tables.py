"""What every gallery can do, whichever database its tables are in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lookalike.gallery.records import LedgerEntry, Reason
from lookalike.gallery.storage import rows, schema
from lookalike.gallery.storage.soundness import points_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from lookalike.gallery.records import Columns, FaceRecord, Header


class Tables(ABC):
    """A gallery's tables. What differs between databases is how they are reached.

    Attributes
    ----------
    header : Header
        What the gallery is.
    """

    header: Header

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """Give a connection to read with; all of a block sees the gallery at one moment.

        Returns
        -------
        context manager of Connection
            SQLAlchemy's. Keep the block to reading.

        Raises
        ------
        GalleryError
            One of its kinds, if the gallery is damaged or cannot be reached.
        """

    @abstractmethod
    def changing(self) -> AbstractContextManager[Connection]:
        """Give a connection whose changes go in together when the block ends, or not at all.

        Who changes a gallery waits for everybody who is changing it. The change is counted
        first: see `generation`.

        Returns
        -------
        context manager of Connection
            SQLAlchemy's, in a transaction.

        Raises
        ------
        GalleryError
            One of its kinds, if nothing could be written.
        """

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        query = select(schema.header.c.value).where(schema.header.c.key == "generation")
        with self.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def seen(self, source: str) -> dict[str, str]:
        """Return the stamp of every photo that was used or turned down, by uri.

        Parameters
        ----------
        source : str
            The name of the source whose photos are meant.

        Returns
        -------
        dict of str to str
            One entry for each photo.
        """
        with self.reading() as connection:
            return {
                row.uri: row.stamp
                for table in (schema.photos, schema.ledger)
                for row in connection.execute(
                    select(table.c.uri, table.c.stamp).where(table.c.source == source)
                )
            }

    def turned_away(self, source: str) -> dict[str, str]:
        """Return the SHA-256 of every photo that was not used because of an opt-out, by uri.

        Parameters
        ----------
        source : str
            The name of the source whose photos are meant.

        Returns
        -------
        dict of str to str
            The digest is empty where it was the person who had opted out.
        """
        entry = schema.ledger.c
        query = select(entry.uri, entry.sha256).where(entry.source == source)
        with self.reading() as connection:
            rows = connection.execute(query.where(entry.reason == Reason.OPTED_OUT.value))
            return {row.uri: row.sha256 for row in rows}

    def digests(self) -> dict[str, tuple[str, str]]:
        """Return the source and the uri of every photo that is used, by SHA-256."""
        photo = schema.photos.c
        with self.reading() as connection:
            rows = connection.execute(select(photo.sha256, photo.source, photo.uri))
            return {row.sha256: (row.source, row.uri) for row in rows}

    def opted_out(self) -> frozenset[str]:
        """Return the ids of people and digests of photos that shall never be in here again."""
        with self.reading() as connection:
            return frozenset(connection.execute(select(schema.opt_outs.c.key)).scalars())

    def write(self, faces: Sequence[FaceRecord], turned_down: Sequence[LedgerEntry]) -> None:
        """Add faces and ledger entries, all or none of them.

        What an earlier run said of the same photos is replaced, and who has no photo any more is
        forgotten.

        Parameters
        ----------
        faces : sequence of FaceRecord
            Faces to add.
        turned_down : sequence of LedgerEntry
            Photos that were not used.

        Raises
        ------
        GalleryBusy, GalleryUnwritable
            If nothing could be written.
        """
        with self.changing() as connection:
            rows.replace_photos(connection, self.header, faces, turned_down)

    def columns(self) -> Columns:
        """Read everything that searching needs.

        Returns
        -------
        Columns
            All faces that are not hidden, in the order in which they were added.
        """
        with self.reading() as connection:
            return rows.columns_of(connection, self.header)

    def records(self) -> Iterator[FaceRecord]:
        """Go through all faces with everything that is known of them.

        Yields
        ------
        FaceRecord
            Every face that is not hidden, in the order in which they were added.
        """
        with self.reading() as connection:
            yield from rows.records_of(connection, self.header)

    def thumbnail(self, number: int) -> tuple[bytes, NDArray[np.float32] | None]:
        """Return what is kept of the photo around a face.

        Parameters
        ----------
        number : int
            The face's number in the file.

        Returns
        -------
        jpeg : bytes
            A JPEG file; empty if there is none.
        landmarks : ndarray of shape (5, 2), float32, or None
            In pixels of the JPEG file; None if they are not known.
        """
        face = schema.faces.c
        query = select(face.thumbnail, face.points).where(face.number == number)
        with self.reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None or row.thumbnail is None:
                return b"", None
            return row.thumbnail, None if row.points is None else points_of(row.points)

    def ledger(self) -> list[LedgerEntry]:
        """Return why each unused photo was not used, by source and uri."""
        query = select(schema.ledger).order_by(schema.ledger.c.source, schema.ledger.c.uri)
        with self.reading() as connection:
            return [
                LedgerEntry(
                    r.uri, r.stamp, r.person, r.sha256, Reason(r.reason), r.detail, r.source
                )
                for r in connection.execute(query)
            ]

    def counts(self) -> dict[str, int]:
        """Return the number of people, photos, faces, hidden faces and ledger entries.

        People and faces are those that can be found.
        """
        face = schema.faces.c
        queries = {
            "people": select(func.count(face.person.distinct())).where(face.hidden == 0),
            "photos": select(func.count()).select_from(schema.photos),
            "faces": select(func.count()).where(face.hidden == 0),
            "hidden": select(func.count()).where(face.hidden != 0),
            "ledger": select(func.count()).select_from(schema.ledger),
        }
        with self.reading() as connection:
            return {name: connection.execute(query).scalar_one() for name, query in queries.items()}

"""Opening a gallery where it is, be that a file or a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.gallery.places import Address, place_of
from lookalike.gallery.storage.schema import FORMAT_VERSION
from lookalike.gallery.storage.upgrades import upgrade
from lookalike.gallery.store import GalleryFile

if TYPE_CHECKING:
    from lookalike.gallery.places import Place
    from lookalike.gallery.records import Header
    from lookalike.gallery.seam import Store


def open_store(place: str | Place, *, writable: bool = False) -> Store:
    """Open a gallery that is there.

    Parameters
    ----------
    place : str, Path or Address
        A file, or ``postgresql://…``.
    writable : bool, default False
        Whether anything shall be changed.

    Returns
    -------
    Store
        To be closed.

    Raises
    ------
    GalleryError
        One of its kinds, if it cannot be read, or not be written and shall be.
    MissingExtra
        If it is on a server, and what speaks with servers is not installed.
    """
    where = place_of(place)
    if isinstance(where, Address):
        from lookalike.gallery.server.store import GalleryServer

        return GalleryServer(where, writable=writable)
    return GalleryFile(where, writable=writable)


def create_store(place: str | Place, header: Header) -> Store:
    """Make an empty gallery, or open the one that is there for writing.

    Parameters
    ----------
    place : str, Path or Address
        A file, or ``postgresql://…``.
    header : Header
        What the gallery shall be. Of one that is there already, the vector type and the title
        stay.

    Returns
    -------
    Store
        Writable; to be closed.

    Raises
    ------
    SpaceMismatch
        If there is one already, of another encoder or number of views.
    GalleryError
        One of its kinds, if it cannot be made or written.
    MissingExtra
        If it is on a server, and what speaks with servers is not installed.
    """
    where = place_of(place)
    if isinstance(where, Address):
        from lookalike.gallery.server.store import GalleryServer

        return GalleryServer.create(where, header)
    return GalleryFile.create(where, header)


def upgrade_store(place: str | Place) -> tuple[int, int]:
    """Bring a gallery to the format that this version writes, all of it or nothing.

    Parameters
    ----------
    place : str, Path or Address
        A file, or ``postgresql://…``.

    Returns
    -------
    before, now : int
        The format that it had, and the one that it has. Files and servers count their own.

    Raises
    ------
    GalleryError
        One of its kinds, if it cannot be read or written, or was made by a newer lookalike.
    """
    where = place_of(place)
    if isinstance(where, Address):
        from lookalike.gallery.server.store import upgrade as upgrade_server

        return upgrade_server(where)
    return upgrade(where), FORMAT_VERSION

"""Which tables a server has, and bringing them up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from lookalike.errors import GalleryInvalid, GalleryMissing, GalleryVersion

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lookalike.gallery.places import Address
    from lookalike.gallery.records import Header

_FOLDER: Final = Path(__file__).with_name("migrations")

#: Where Alembic writes how far it came.
REVISION: Final = "revision"


def newest() -> int:
    """Return the last step that this version knows."""
    return int(ScriptDirectory(_FOLDER).get_current_head() or 0)


def step_of(connection: Connection, gallery: str) -> int:
    """Return how far the tables of a gallery have come.

    Parameters
    ----------
    connection : Connection
        Of the database.
    gallery : str
        The gallery's schema.

    Returns
    -------
    int
        The number of the last step; 0 if there is no gallery of that name.

    Raises
    ------
    GalleryInvalid
        If the schema has something else in it.
    """
    if not inspect(connection).has_table(REVISION, schema=gallery):
        return 0
    found = connection.execute(text(f'SELECT version_num FROM "{gallery}".{REVISION}')).scalar()  # noqa: S608
    if not str(found).isdecimal():
        raise GalleryInvalid(f"the schema {gallery} holds something else than a gallery")
    return int(str(found))


def require_newest(connection: Connection, address: Address) -> None:
    """Raise unless there is a gallery with the tables of this version.

    Parameters
    ----------
    connection : Connection
        Of the database.
    address : Address
        Where the gallery should be.

    Raises
    ------
    GalleryMissing
        If there is none of that name.
    GalleryVersion
        If it is older or newer.
    """
    step = step_of(connection, address.gallery)
    if not step:
        raise GalleryMissing(
            f"there is no gallery {address}",
            f"a gallery is made with: lookalike gallery build FOLDER -o '{address}'",
        )
    require_known(step, address)
    if step < newest():
        raise GalleryVersion(
            f"{address} was made by an older lookalike",
            f"bring it up to date with: lookalike gallery upgrade '{address}'",
        )


def require_known(step: int, address: Address) -> None:
    """Raise if tables are newer than this version.

    Parameters
    ----------
    step : int
        How far they have come.
    address : Address
        Where they are.

    Raises
    ------
    GalleryVersion
        If they have come farther than this version knows.
    """
    if step > newest():
        raise GalleryVersion(f"{address} was made by a newer lookalike", "pip install -U lookalike")


def migrate(connection: Connection, gallery: str, header: Header, to: str = "head") -> None:
    """Carry out the steps that are missing.

    Parameters
    ----------
    connection : Connection
        In a transaction, which all of it is part of.
    gallery : str
        The gallery's schema, which is there.
    header : Header
        What the gallery is, or shall be.
    to : str, default "head"
        The step to stop at.
    """
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes |= {"connection": connection, "gallery": gallery, "header": header}
    command.upgrade(config, to)

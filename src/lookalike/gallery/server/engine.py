"""Connections to a server: a pool of them, each checked before it is used again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from lookalike.errors import MissingExtra, OptionError

if TYPE_CHECKING:
    from lookalike.gallery.places import Address

#: Connections that are kept, and how many more there may be for a moment.
_KEPT: Final = 5
_MORE: Final = 15
#: How long to wait for a connection of the pool, and for the server to answer at all.
_PATIENCE_S: Final = 10
_CONNECT_S: Final = 5
#: Firewalls forget connections that nobody uses.
_AGE_S: Final = 1800


def connect(address: Address) -> Engine:
    """Make the pool of a gallery's connections; none is opened yet.

    Parameters
    ----------
    address : Address
        Where the gallery is.

    Returns
    -------
    Engine
        SQLAlchemy's. Tables without a schema are those of the gallery.

    Raises
    ------
    MissingExtra
        If psycopg is not installed.
    OptionError
        If the address is none.
    """
    try:
        url = make_url(address.database).set(drivername="postgresql+psycopg")
        options = {"application_name": "lookalike", "connect_timeout": str(_CONNECT_S)}
        return create_engine(
            url,
            connect_args={key: value for key, value in options.items() if key not in url.query},
            json_deserializer=json.loads,
            pool_size=_KEPT,
            max_overflow=_MORE,
            pool_timeout=_PATIENCE_S,
            pool_pre_ping=True,
            pool_recycle=_AGE_S,
            hide_parameters=True,
            execution_options={"schema_translate_map": {None: address.gallery}},
        )
    except (NoSuchModuleError, ImportError) as error:
        raise MissingExtra(
            "galleries on a server need psycopg", "pip install 'lookalike[server]'"
        ) from error
    except (ArgumentError, ValueError) as error:
        raise OptionError("the address of the database is not one") from error

"""What PostgreSQL's errors are called here. No message ever holds a password."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from lookalike.errors import (
    GalleryBusy,
    GalleryError,
    GalleryInvalid,
    GalleryMissing,
    GalleryRefused,
    GalleryUnreachable,
    GalleryUnwritable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.gallery.places import Address

_AGAIN: Final = "what was being written is there whole or not at all; run the same command again"
_RIGHTS: Final = "see which rights are needed with: lookalike gallery roles '{name}'"
_WAIT: Final = "wait for it, then try again"

#: Beginning of a SQLSTATE, or words of a refused connection, which has none → what it means.
_MEANINGS: Final[tuple[tuple[str, type[GalleryError], str, str], ...]] = (
    ("28", GalleryRefused, "the server refuses this user or password: {name}",
     "check the user and the password in the address, PGPASSWORD or the password file"),
    ("42501", GalleryUnwritable, "this user may not do that with {name}", _RIGHTS),
    ("25006", GalleryUnwritable, "{name} can only be read here", "use the primary server"),
    ("55P03", GalleryBusy, "another process is changing {name}", _WAIT),
    ("40", GalleryBusy, "another process is changing {name}", _WAIT),
    ("23", GalleryBusy, "another process is changing {name}", _WAIT),
    ("53300", GalleryUnreachable, "the server has no connection to spare for {name}", _WAIT),
    ("53", GalleryUnwritable, "the server of {name} is out of disk or memory",
     "free some, then run the same command again: it goes on where it stopped"),
    ("57P", GalleryUnreachable, "the server of {name} is stopping or starting", _AGAIN),
    ("08", GalleryUnreachable, "the connection to {name} was lost", _AGAIN),
    ("3D000", GalleryMissing, "there is no database for {name}", "create it first: createdb"),
    ("3F000", GalleryInvalid, "{name} is damaged", "restore a copy, or build it again"),
    ("42P01", GalleryInvalid, "{name} is damaged", "restore a copy, or build it again"),
    ("42703", GalleryInvalid, "{name} is damaged", "restore a copy, or build it again"),
)  # fmt: skip
_AT_THE_DOOR: Final = (
    ("password", "28"),
    ("authentication", "28"),
    ("pg_hba.conf", "28"),
    ("role", "28"),
    # It starts, stops, or mends itself after a crash.
    ("database system is", "57P"),
    ("database", "3D000"),
    ("too many", "53300"),
)


@contextlib.contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn a server's errors into ours.

    Parameters
    ----------
    address : Address
        The gallery, for the message.

    Yields
    ------
    None
        The body runs.

    Raises
    ------
    GalleryError
        One of its kinds, by what the server said.
    """
    try:
        yield
    except PoolTimeout as error:
        raise GalleryBusy(
            f"every connection to {address} is in use", "ask again in a moment"
        ) from error
    except DBAPIError as error:
        raise meaning(error, address) from error


def meaning(error: DBAPIError, address: Address) -> GalleryError:
    """Return our error for one of the server's.

    Parameters
    ----------
    error : DBAPIError
        As SQLAlchemy raised it.
    address : Address
        The gallery, for the message.

    Returns
    -------
    GalleryError
        One of its kinds.
    """
    name, said = str(address), str(error.orig).strip()
    state = getattr(error.orig, "sqlstate", None) or ""
    if not state and not error.connection_invalidated:
        state = next((code for words, code in _AT_THE_DOOR if f"{words}" in _refusal(said)), "")
    for start, kind, message, hint in _MEANINGS:
        if state and state.startswith(start):
            return kind(message.format(name=name), hint.format(name=name))
    if error.connection_invalidated:
        return GalleryUnreachable(f"the connection to {name} was lost", _AGAIN)
    reason = said.splitlines()[0] if said else type(error.orig).__name__
    if not state:
        return GalleryUnreachable(
            f"the server of {name} cannot be reached: {reason}",
            "check that it runs, and the host and the port",
        )
    return GalleryError(f"{name}: {reason}", "see the server's log")


def _refusal(said: str) -> str:
    """Return what the server itself said at the door; empty if it did not answer."""
    return said.partition("FATAL:")[2].lower() or (
        "password" if "no password supplied" in said else ""
    )

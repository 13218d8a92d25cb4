"""Where a gallery is: a file, or a name in a database on a server.

``postgresql://user:password@host:5432/database?gallery=people`` names the gallery ``people``, which
is a schema of that database. What else PostgreSQL takes in an address, such as ``sslmode``, is
passed on. ``index=pgvector`` lets the database search, instead of this process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lookalike.errors import OptionError

#: What the address of a server begins with.
SCHEMES: Final = ("postgresql://", "postgres://")

#: The gallery of a database, where the address names none.
DEFAULT: Final = "lookalike"

_NAME: Final = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")
_EXAMPLE: Final = "for example: postgresql://user@host/database?gallery=people"
_SECRETS: Final = ("password", "sslpassword")


@dataclass(frozen=True, slots=True)
class Address:
    """A gallery on a server. As text it never shows a password.

    Parameters
    ----------
    database : str
        The address of the database, with the password if one was given.
    gallery : str
        The gallery's name, which is that of a schema.
    index : {"memory", "pgvector"}
        What searches.
    """

    database: str = field(repr=False)
    gallery: str = DEFAULT
    index: Literal["memory", "pgvector"] = "memory"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read an address.

        Parameters
        ----------
        text : str
            As a user wrote it.

        Returns
        -------
        Address
            Nobody has been asked yet whether there is anything.

        Raises
        ------
        OptionError
            If it is none; the message does not repeat it, for there may be a password in it.
        """
        try:
            parts = urlsplit(text)
            pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
            named = bool(parts.path.strip("/")) and (parts.port or 1) > 0
        except ValueError as error:
            raise OptionError("the address of the database is not one", _EXAMPLE) from error
        asked = dict(pairs)
        if not named or parts.fragment or not text.startswith(SCHEMES):
            raise OptionError("the address names no database", _EXAMPLE)
        if not asked.keys().isdisjoint(_SECRETS):
            raise OptionError("a password stands before the @, or in a password file", _EXAMPLE)
        gallery, index = asked.pop("gallery", DEFAULT), asked.pop("index", "memory")
        if not _NAME.fullmatch(gallery) or gallery == "information_schema":
            raise OptionError(
                f"a gallery of a database cannot be called {gallery!r}",
                "small letters, digits and _, beginning with a letter",
            )
        if index not in ("memory", "pgvector"):
            raise OptionError(f"there is no index {index!r} here", "memory or pgvector")
        database = urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(asked), ""))
        return cls(database, gallery, "pgvector" if index == "pgvector" else "memory")

    @property
    def stem(self) -> str:
        """What the gallery is called where there are several."""
        return self.gallery

    @property
    def name(self) -> str:
        """What the gallery is called in messages."""
        return str(self)

    def __str__(self) -> str:
        """Return the address without the password."""
        parts = urlsplit(self.database)
        user, at, host = parts.netloc.rpartition("@")
        netloc = f"{user.partition(':')[0]}{at}{host}"
        asked = dict(parse_qsl(parts.query)) | {"gallery": self.gallery}
        if self.index != "memory":
            asked["index"] = self.index
        return urlunsplit(("postgresql", netloc, parts.path, urlencode(asked, safe="/"), ""))


Place: TypeAlias = Path | Address


def place_of(named: str | Path | Address) -> Place:
    """Say where something is that a user names.

    Parameters
    ----------
    named : str, Path or Address
        A path, or an address that begins with ``postgresql://``.

    Returns
    -------
    Path or Address
        Where a gallery is, or may be made.

    Raises
    ------
    OptionError
        If it is an address that cannot be read.
    """
    if isinstance(named, Address):
        return named
    text = str(named)
    return Address.parse(text) if text.startswith(SCHEMES) else Path(named)

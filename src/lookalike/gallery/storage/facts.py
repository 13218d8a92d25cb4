"""What a gallery says of itself, as rows of its header table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import GalleryInvalid, GalleryVersion, SpaceMismatch
from lookalike.gallery.records import Header
from lookalike.gallery.storage.schema import FORMAT_VERSION
from lookalike.types import Space

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A fact of a gallery that is still being copied: what it is a copy of.
ARRIVING: Final = "arriving"

#: No encoder gives longer vectors, nor sees a face from more sides.
_LARGEST: Final = 1 << 16


def facts_of(header: Header) -> dict[str, str]:
    """Write a new gallery's header as facts.

    Parameters
    ----------
    header : Header
        What the gallery shall be.

    Returns
    -------
    dict of str to str
        One entry for each row of the table.
    """
    return {
        "format": str(FORMAT_VERSION),
        "encoder": header.space.encoder,
        "dimension": str(header.space.dim),
        "digest": header.space.digest,
        "template": header.template,
        "views": str(header.views),
        "vector_type": header.vector_type,
        "title": header.title,
        "generation": "0",
    }


def header_of(facts: Mapping[str, str], name: str) -> Header:
    """Read a gallery's header from its facts.

    Parameters
    ----------
    facts : mapping of str to str
        The rows of the table.
    name : str
        The gallery's name, for errors.

    Returns
    -------
    Header
        What the gallery is.

    Raises
    ------
    GalleryVersion
        If it was written by a newer or an older lookalike.
    GalleryInvalid
        If a fact is missing or makes no sense.
    """
    if format_of(facts, name) < FORMAT_VERSION:
        raise GalleryVersion(
            f"{name} was written by an older lookalike",
            f"bring it up to date with: lookalike gallery upgrade {name}",
        )
    try:
        return Header(
            Space(facts["encoder"], _number(facts["dimension"]), facts["digest"]),
            facts["template"],
            _number(facts["views"]),
            "float16" if facts["vector_type"] == "float16" else "float32",
            facts["title"],
        )
    except (KeyError, ValueError) as error:
        raise _too_little(name, error) from error


def format_of(facts: Mapping[str, str], name: str) -> int:
    """Read which format a gallery is of.

    Parameters
    ----------
    facts : mapping of str to str
        The rows of the table.
    name : str
        The gallery's name, for errors.

    Returns
    -------
    int
        1 and up; not higher than what this version writes.

    Raises
    ------
    GalleryVersion
        If it was written by a newer lookalike.
    GalleryInvalid
        If there is no such fact.
    """
    try:
        _require_texts(facts)
        version = int(facts["format"])
    except (KeyError, ValueError) as error:
        raise _too_little(name, error) from error
    if version < 1:
        raise _too_little(name, f"format {version}")
    if version > FORMAT_VERSION:
        raise GalleryVersion(f"{name} was written by a newer lookalike", "pip install -U lookalike")
    return version


def _require_texts(facts: Mapping[Any, Any]) -> None:
    """Raise unless all facts are texts: SQLite keeps any value in any column."""
    for key, value in facts.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise ValueError(f"{key!r} is {type(value).__name__}")  # noqa: TRY004 - of a file


def _number(written: str) -> int:
    number = int(written)
    if not 1 <= number <= _LARGEST:
        raise ValueError(f"there are no {number:,} numbers or views")
    return number


def _too_little(name: str, error: Exception | str) -> GalleryInvalid:
    return GalleryInvalid(
        f"{name} says too little about itself: {error}", "restore a copy, or build it again"
    )


def require_same(there: Header, wanted: Header) -> None:
    """Raise unless vectors of one header may join those of another.

    Parameters
    ----------
    there : Header
        What the gallery is.
    wanted : Header
        What shall be added.

    Raises
    ------
    SpaceMismatch
        If the encoder, the alignment or the number of views differs.
    """
    there.space.require(wanted.space)
    if there.views != wanted.views:
        raise SpaceMismatch(
            f"vectors of {wanted.views} views cannot join a gallery of {there.views}",
            f"use --views {there.views}, or write to another gallery",
        )

"""What a client sends: photos, and fields that the service knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypedDict
from urllib.parse import quote

from lookalike.errors import ImageMissing

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    Photo: TypeAlias = str | os.PathLike[str] | bytes


class FindFields(TypedDict, total=False):
    """How look-alikes are ranked: see `lookalike.FindOptions`."""

    gallery: str
    k: int
    metric: str
    rank: str
    everyone: bool
    where: str
    fair: bool
    like_me: str
    sure: float
    min_quality: float
    portraits: bool


class Provenance(TypedDict, total=False):
    """Where photos come from."""

    licence: str
    credit: str
    page: str
    faces: str


class CompareFields(TypedDict, total=False):
    """How two photos are compared: see `lookalike.comparing.CompareOptions`."""

    gallery: str
    metric: str
    fmr: float
    prior: float


class IdentifyFields(TypedDict, total=False):
    """How somebody is identified: see `lookalike.identification.options.IdentifyOptions`."""

    gallery: str
    head: str
    fpir: float
    min_quality: float
    portraits: bool


class MatchFields(FindFields, total=False):
    """One face of a photo, from 0, and the options that found its match."""

    face: int


class CardFields(FindFields, total=False):
    """One face of a photo, from 0, the options that found its match, and how the card looks."""

    face: int
    size: str
    theme: str
    explain: bool


def files(field: str, photos: Sequence[Photo]) -> list[tuple[str, tuple[str, bytes]]]:
    """Return photos as a form sends them.

    Parameters
    ----------
    field : str
        The field that holds them.
    photos : sequence of path or bytes
        Any number.

    Returns
    -------
    list
        For requests.

    Raises
    ------
    ImageMissing
        If one cannot be read.
    """
    # The name of a file is nobody's business; that there is one tells a photo from a word.
    return [(field, ("photo", _bytes(photo))) for photo in photos]


def _bytes(photo: Photo) -> bytes:
    if isinstance(photo, bytes):
        return photo
    try:
        return Path(photo).read_bytes()
    except OSError as fault:
        raise ImageMissing(f"{photo} cannot be read", "check the spelling of the path") from fault


def part(name: str) -> str:
    """Return a name as a part of a path.

    Parameters
    ----------
    name : str
        Anything.

    Returns
    -------
    str
        Percent-encoded, slashes as well.
    """
    return quote(name, safe="")

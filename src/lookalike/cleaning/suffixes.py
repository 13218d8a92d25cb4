"""Which endings of names belong to which format, and how a name is mended."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from lookalike.images.formats import Format

if TYPE_CHECKING:
    from collections.abc import Container

#: The first of each is the one that a file is given.
SUFFIXES: Final[dict[Format, tuple[str, ...]]] = {
    Format.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    Format.PNG: (".png",),
    Format.GIF: (".gif",),
    Format.WEBP: (".webp",),
    Format.AVIF: (".avif",),
    Format.HEIC: (".heic", ".heif"),
    Format.BMP: (".bmp", ".dib"),
    Format.TIFF: (".tif", ".tiff"),
}

_ALL: Final = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)


def claims_picture(name: str) -> bool:
    """Say whether a name ends as that of a picture does.

    Parameters
    ----------
    name : str
        A file's own name.

    Returns
    -------
    bool
        In capitals or not.
    """
    return PurePath(name).suffix.lower() in _ALL


def fits(name: str, kind: Format) -> bool:
    """Say whether a name ends as the format asks for.

    Parameters
    ----------
    name : str
        A file's own name.
    kind : Format
        What is in it.

    Returns
    -------
    bool
        In capitals or not: every program knows ``.JPG``.
    """
    return PurePath(name).suffix.lower() in SUFFIXES[kind]


def with_suffix(path: str, suffix: str) -> str:
    """Give a path another ending.

    Parameters
    ----------
    path : str
        A path.
    suffix : str
        With its dot.

    Returns
    -------
    str
        The suffix of a picture is replaced; anything else behind a dot may be part of a name, and
        stays.

    Examples
    --------
    >>> with_suffix("Adele/x.PNG", ".jpg"), with_suffix("J.Lo", ".jpg")
    ('Adele/x.jpg', 'J.Lo.jpg')
    """
    return (path[: -len(PurePath(path).suffix)] if claims_picture(path) else path) + suffix


def free_name(folder: Path, wanted: str, taken: Container[str]) -> str:
    """Find a name that nothing has.

    Parameters
    ----------
    folder : Path
        Where paths start.
    wanted : str
        A path below it.
    taken : container of str
        Paths that are given away already, as `folded` writes them.

    Returns
    -------
    str
        The path as wanted, or with a number before its suffix.
    """
    suffix = PurePath(wanted).suffix
    stem = wanted[: len(wanted) - len(suffix)]
    number, name = 1, wanted
    while folded(name) in taken or os.path.lexists(folder / name):
        number += 1
        name = f"{stem}_{number}{suffix}"
    return name


def folded(path: str) -> str:
    """Write a path so that two which some disk takes for one are equal.

    Parameters
    ----------
    path : str
        A path.

    Returns
    -------
    str
        Without capitals.
    """
    return path.casefold()

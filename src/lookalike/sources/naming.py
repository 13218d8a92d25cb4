"""Whom a photo shows, by the names of its folders and of its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How folders and files say who is who, see `owner_of`.
Layout: TypeAlias = Literal["auto", "people", "flat"]

#: Names of files that may be photos. What is inside is decided by looking inside.
PHOTO_SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".heic", ".heif"}
    | {".bmp", ".dib", ".tif", ".tiff"}
)

#: Why a photo is passed over that no name says anything of.
NOBODY: Final = "names nobody"

_NUMBER: Final = re.compile(r"(?:[\s_-]\d{1,9}|\(\d{1,9}\))\Z")
_LONGEST_NUMBER: Final = 11


def clean_name(name: str) -> str:
    """Turn the name of a folder or a file into the name of a person.

    Parameters
    ----------
    name : str
        For example ``"George_W_Bush"``.

    Returns
    -------
    str
        Underscores are spaces, spaces are single; a name without capitals gets them.

    Examples
    --------
    >>> clean_name("George_W_Bush")
    'George W Bush'
    >>> clean_name("elon musk")
    'Elon Musk'
    """
    words = name.replace("_", " ").split()
    if all(word == word.lower() for word in words):
        words = [word[:1].upper() + word[1:] for word in words]
    return " ".join(words)


def without_number(stem: str) -> str:
    """Take away the number that tells several photos of one person apart.

    Parameters
    ----------
    stem : str
        The name of a file without its suffix.

    Returns
    -------
    str
        What stands before a last number, if that is set off by a space, an underscore or a hyphen,
        or stands in brackets. A name that is nothing but a number stays.

    Examples
    --------
    >>> without_number("Aaron_Eckhart_0001"), without_number("Adele (2)"), without_number("50_Cent")
    ('Aaron_Eckhart', 'Adele', '50_Cent')
    """
    bare = stem.rstrip()
    # A search through the whole of a long name would take its time.
    end = bare[-_LONGEST_NUMBER:]
    found = _NUMBER.search(end)
    if found is None:
        return stem
    name = bare[: len(bare) - len(end) + found.start()].rstrip(" \t_-")
    # A number counts photos only after a name: "1984" stays what it is.
    return name if any(map(str.isalpha, name)) else stem


def check_layout(layout: str) -> None:
    """Raise unless there is such a layout.

    Parameters
    ----------
    layout : str
        What somebody asked for.

    Raises
    ------
    OptionError
        If it is none of `Layout`.
    """
    if layout not in get_args(Layout):
        raise OptionError(
            f"there is no layout {layout!r}", f"choose one of: {', '.join(get_args(Layout))}"
        )


def owner_of(parts: Sequence[str], layout: Layout = "auto", *, numbered: bool = False) -> str:
    """Say whom a photo shows, by where it lies.

    Parameters
    ----------
    parts : sequence of str
        The names of the folders that it lies in, outermost first, and its own.
    layout : {"auto", "people", "flat"}
        With ``people``, the innermost folder is named after the person, and a photo that lies in
        none shows nobody. With ``flat``, the file is, wherever it lies. With ``auto``, the folder
        is, and the file where there is no folder.
    numbered : bool
        Whether a number at the end of a file's name only counts the photos of one person.

    Returns
    -------
    str
        The name of the person; empty for nobody.

    Examples
    --------
    >>> owner_of(["a-z", "A", "Adele", "x.jpg"])
    'Adele'
    >>> owner_of(["Adele_0001.jpg"], numbered=True)
    'Adele'
    """
    if layout != "flat" and len(parts) > 1:
        return clean_name(parts[-2])
    if layout == "people":
        return ""
    # As a path sees it: the suffix of ".jpg" is empty, that of "J.Lo.jpg" is ".jpg".
    stem = parts[-1].rpartition(".")[0] or parts[-1]
    return clean_name(without_number(stem) if numbered else stem)

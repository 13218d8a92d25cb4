"""Going through the photos of a folder, and knowing a file again."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from lookalike.sources.naming import PHOTO_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The stamp of a file that cannot be looked at; it gets another one when it can.
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be a photo.

    Parameters
    ----------
    path : Path
        Where it is.
    parts : tuple of str
        Its folders below the root, and its own name, as Unicode.
    stamp : str
        See `stamp_of`.
    """

    path: Path
    parts: tuple[str, ...]
    stamp: str

    @property
    def uri(self) -> str:
        """Its name in the source."""
        return "/".join(self.parts)


def stamp_of(path: Path) -> str | None:
    """Say what changes when a file does.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str or None
        Size and time of change, or a word for a file that cannot be looked at; None for what is
        there and no file. Reading a pipe would wait forever.
    """
    try:
        state = path.stat()
    except (OSError, ValueError):
        return UNREADABLE
    return f"{state.st_size}-{state.st_mtime_ns}" if stat.S_ISREG(state.st_mode) else None


def may_be_photo(name: str) -> bool:
    """Say whether a file of that name is worth opening.

    Parameters
    ----------
    name : str
        Its own name, without folders.

    Returns
    -------
    bool
        False for hidden files and those that are clearly something else.
    """
    return not name.startswith(".") and PurePath(name).suffix.lower() in PHOTO_SUFFIXES


def walk(root: Path) -> Iterator[Found]:
    """Go through what may be photos, at any depth.

    Parameters
    ----------
    root : Path
        The folder.

    Yields
    ------
    Found
        In the order of the names; hidden files and folders are passed over.
    """
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for file in sorted(files):
            path = Path(folder, file)
            if may_be_photo(file) and (stamp := stamp_of(path)) is not None:
                # A name in an old encoding is no Unicode; nothing could store it as it is.
                spelled = os.fsencode(path.relative_to(root)).decode("utf-8", "backslashreplace")
                yield Found(path, PurePath(spelled).parts, stamp)

"""Going through everything that lies in a folder, as its sources do."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from lookalike.cleaning.faults import Fault
from lookalike.cleaning.suffixes import claims_picture

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a folder.

    Parameters
    ----------
    path : Path
        Where it is.
    name : str
        Where it is below the folder, with forward slashes.
    fault : Fault or None
        What keeps it from being opened.
    detail : str
        More about that.
    """

    path: Path
    name: str
    fault: Fault | None = None
    detail: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Its folders and its own name, as Unicode."""
        return PurePath(shown(self.name)).parts


def shown(name: str) -> str:
    """Write a path as Unicode that can be stored.

    Parameters
    ----------
    name : str
        A path as the system gives it; one in an old encoding is no Unicode.

    Returns
    -------
    str
        The same, with bytes that are no Unicode written out.
    """
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def walk(folder: Path) -> Iterator[Entry]:
    """Go through a folder.

    Parameters
    ----------
    folder : Path
        Any.

    Yields
    ------
    Entry
        In the order of the names. Hidden folders, which sources do not look into, are passed over,
        and of hidden files those that are no pictures by name.
    """
    closed: list[OSError] = []
    for here, subfolders, files in os.walk(folder, onerror=closed.append):
        hidden = {name for name in subfolders if name.startswith(".")}
        linked = {name for name in subfolders if Path(here, name).is_symlink()}
        subfolders[:] = sorted(set(subfolders) - hidden - linked)
        for name in sorted({*files, *(linked - hidden)}):
            path = Path(here, name)
            below = path.relative_to(folder).as_posix()
            if not name.startswith("."):
                yield Entry(path, below, *_fault(path))
            elif claims_picture(name):
                yield Entry(path, below, Fault.HIDDEN, "sources pass over names with a dot")
        for error in closed:
            path = Path(os.fsdecode(error.filename))
            if path != folder:
                below = path.relative_to(folder).as_posix()
                yield Entry(path, below, Fault.UNREADABLE, f"a folder: {error.strerror}")
        closed.clear()


def _fault(path: Path) -> tuple[Fault | None, str]:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return Fault.NOT_A_FILE, "a link that leads nowhere"
    except (OSError, ValueError) as error:
        loop = path.is_symlink()
        words = "a link that leads in a circle" if loop else str(error)
        return Fault.NOT_A_FILE, words
    if stat.S_ISREG(mode):
        return None, ""
    if stat.S_ISDIR(mode):
        return Fault.NOT_A_FILE, "a link to a folder, which no source follows"
    for test, words in ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket")):
        if test(mode):
            return Fault.NOT_A_FILE, words
    return Fault.NOT_A_FILE, "a device"

"""Doing what lines of the journal say, and finishing what a killed run has left."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from lookalike.cleaning.disk import writing
from lookalike.cleaning.journal import Line, quarantine, read_journal, waiting
from lookalike.cleaning.moving import checksum, move
from lookalike.errors import CleaningUnwritable

if TYPE_CHECKING:
    from collections.abc import Sequence

#: After these, nothing else could be written either.
_HOPELESS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})


@dataclass(slots=True)
class Outcome:
    """What became of many files.

    Parameters
    ----------
    done : int
        Files that were dealt with.
    problems : list of tuple of (str, str)
        Files that were left as they are, and why.
    """

    done: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


def place_for(folder: Path, name: str, fault: str) -> str:
    """Choose a place in the quarantine folder.

    Parameters
    ----------
    folder : Path
        What is cleaned.
    name : str
        A file below it.
    fault : str
        What is wrong with it.

    Returns
    -------
    str
        A path below the folder that nothing has: the fault, then the file's own path.
    """
    place, kind, number = quarantine(folder), fault.replace(" ", "-").lower(), 1
    while True:
        target = place / (kind if number == 1 else f"{kind}-{number}") / name
        above = (one for one in target.parents if one.is_relative_to(place))
        if not os.path.lexists(target) and all(one.is_dir() or not one.exists() for one in above):
            return target.relative_to(folder).as_posix()
        number += 1


def perform(folder: Path, lines: Sequence[Line]) -> str:
    """Do what lines of the journal say about one file.

    Parameters
    ----------
    folder : Path
        What is cleaned.
    lines : sequence of Line
        First that it goes, then what comes in its place.

    Returns
    -------
    str
        Why it was not done; empty if it was.

    Raises
    ------
    CleaningUnwritable
        If the disk is full or read-only, so that nothing else could be done either.
    """
    for number, line in enumerate(lines):
        if why := _move(folder, line):
            # Half of it would leave nothing where the photo was.
            for done in reversed(lines[:number]):
                move(folder / done.target, folder / done.source)
            return why
    return ""


def _move(folder: Path, line: Line) -> str:
    try:
        if not move(folder / line.source, folder / line.target):
            return f"{PurePosixPath(line.target).name} is in the way"
    except CleaningUnwritable as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.errno in _HOPELESS:
            raise
        return error.message
    return ""


def finish(folder: Path) -> None:
    """Finish what a killed run has left, and clear away what it needs no more.

    Parameters
    ----------
    folder : Path
        What is cleaned; its quarantine folder is held.

    Raises
    ------
    CleaningUnwritable
        If the disk says no.
    """
    for line in read_journal(quarantine(folder)):
        made = folder / line.source
        if line.op != "write" or not os.path.lexists(made):
            continue
        # The photo has gone to quarantine, and what replaces it has not come.
        if os.path.lexists(folder / line.original) and checksum(made) == line.sha256:
            move(made, folder / line.target)
    clear(folder)


def clear(folder: Path) -> None:
    """Remove what waits to replace a photo that is still there.

    Parameters
    ----------
    folder : Path
        What is cleaned.

    Raises
    ------
    CleaningUnwritable
        If the disk says no.
    """
    with writing(waiting(folder)):
        for made in waiting(folder).iterdir():
            made.unlink()

"""The quarantine folder and its journal: what was moved from where to where, and why.

One JSON object a line, written and flushed to the disk before anything is moved. A line says what
is meant to happen; whether it has happened is seen by looking. So a run that is killed at any
moment can be gone on with, and undone.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from lookalike.cleaning.disk import writing
from lookalike.errors import QuarantineBusy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FOLDER: Final = ".lookalike-quarantine"
_JOURNAL: Final = "journal.jsonl"
_LOCK: Final = "lock"
#: Where what replaces a photo waits until the photo has gone.
_WAITING: Final = "waiting"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the journal: a file is to go from one place to another.

    Parameters
    ----------
    op : {"move", "write"}
        Whether it is somebody's file, or one that cleaning has made.
    source, target : str
        Where it is and where it goes: below the folder with forward slashes, or absolute.
    sha256 : str
        Of the file before, in hexadecimal.
    fault : str
        Why.
    detail : str
        More about that.
    link : str
        Where it points, if it is a link.
    original : str
        Of a file that cleaning has made, where the photo is that it was made from.
    """

    op: str
    source: str
    target: str
    sha256: str
    fault: str
    detail: str = ""
    link: str = ""
    original: str = ""


_FIELDS: Final = frozenset(field.name for field in fields(Line))


def quarantine(folder: Path) -> Path:
    """Return the quarantine folder of a folder.

    Parameters
    ----------
    folder : Path
        What is cleaned.

    Returns
    -------
    Path
        Inside of it, and hidden, so that no source looks into it. It need not be there.
    """
    return folder / _FOLDER


def waiting(folder: Path) -> Path:
    """Return where files wait that replace others.

    Parameters
    ----------
    folder : Path
        What is cleaned.

    Returns
    -------
    Path
        In its quarantine folder; it need not be there.
    """
    return quarantine(folder) / _WAITING


def own_files(folder: Path) -> tuple[Path, ...]:
    """Return what lies in a quarantine folder that is nobody's photo.

    Parameters
    ----------
    folder : Path
        What is cleaned.

    Returns
    -------
    tuple of Path
        They need not be there.
    """
    return tuple(quarantine(folder) / name for name in (_JOURNAL, _LOCK))


def read_journal(place: Path) -> list[Line]:
    """Read a journal.

    Parameters
    ----------
    place : Path
        The quarantine folder.

    Returns
    -------
    list of Line
        In the order in which they were written; empty if there is none. A line that was cut off
        is left out: it was never acted on.
    """
    try:
        lines = (place / _JOURNAL).read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    entries = []
    for line in lines:
        try:
            values = json.loads(line)
            entries.append(Line(**{name: str(values[name]) for name in _FIELDS}))
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    return entries


def written_for(place: Path, fault: str) -> frozenset[str]:
    """Return what cleaning has made to mend a fault.

    Parameters
    ----------
    place : Path
        The quarantine folder.
    fault : str
        The fault.

    Returns
    -------
    frozenset of str
        The SHA-256 of each file.
    """
    entries = read_journal(place)
    return frozenset(one.sha256 for one in entries if one.op == "write" and one.fault == fault)


def write_journal(place: Path, entries: Iterable[Line]) -> None:
    """Add lines to a journal, and wait until they are on the disk.

    Parameters
    ----------
    place : Path
        The quarantine folder.
    entries : iterable of Line
        What is going to be done.

    Raises
    ------
    CleaningUnwritable
        If the disk takes no more; then nothing must be moved.
    """
    path = place / _JOURNAL
    # A line that a power failure has cut off must not run into the next one. And names that are
    # no Unicode come back as they were only if nothing but ASCII is written.
    text = "\n" + "".join(json.dumps(asdict(entry)) + "\n" for entry in entries)
    with writing(path), path.open("ab") as file:
        file.write(text.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Keep other processes from cleaning a folder.

    Parameters
    ----------
    folder : Path
        What is cleaned.

    Yields
    ------
    Path
        Its quarantine folder, which is there now.

    Raises
    ------
    QuarantineBusy
        If another process cleans it.
    CleaningUnwritable
        If it cannot be made.
    """
    place = quarantine(folder)
    with writing(place):
        waiting(folder).mkdir(parents=True, exist_ok=True)
        lock = FileLock(place / _LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise QuarantineBusy(
                f"another process is cleaning {folder}", "wait until it has finished"
            ) from error
    try:
        yield place
    finally:
        lock.release()

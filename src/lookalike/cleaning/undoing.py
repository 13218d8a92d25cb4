"""Putting everything back where it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.cleaning.disk import writing
from lookalike.cleaning.inspection import unseen
from lookalike.cleaning.journal import Line, held, own_files, quarantine, read_journal
from lookalike.cleaning.moving import checksum, link_end, move
from lookalike.cleaning.performing import Outcome, clear
from lookalike.cleaning.walking import shown
from lookalike.errors import CleaningUnwritable, OptionError

if TYPE_CHECKING:
    from lookalike.cleaning.inspection import Progress


def undo(folder: str | Path, only: str = "", *, progress: Progress = unseen) -> Outcome:
    """Put back everything that cleaning has moved, byte for byte.

    What cleaning has made is removed, as long as nobody has changed it since. Where something else
    has taken a photo's place, the photo stays in quarantine, and `undo` can be run again.

    Parameters
    ----------
    folder : str or Path
        What was cleaned.
    only : str, optional
        Put back only this file.
    progress : Progress, default unseen
        Shows how far it is.

    Returns
    -------
    Outcome
        How many files were put back, and which were not. If all were, there is no quarantine
        folder any more.

    Raises
    ------
    OptionError
        If the folder was never cleaned.
    QuarantineBusy
        If another process cleans it.
    CleaningUnwritable
        If the disk says no.
    """
    root = Path(folder)
    if not _lines(root, only):
        raise OptionError(
            f"there is nothing to put back in {root}", "only what clean --apply did can be undone"
        )
    outcome = Outcome()
    with held(root):
        clear(root)
        # Only now nobody adds to it. The last first: a file may have been moved twice.
        lines = _lines(root, only)[::-1]
        with progress("putting back", len(lines)) as advance:
            for line in lines:
                if why := _take_back(root, line, outcome):
                    name = line.source if line.op == "move" else line.target
                    outcome.problems.append((shown(name), why))
                advance()
    if not outcome.problems:
        _dismantle(root)
    return outcome


def _lines(root: Path, only: str) -> list[Line]:
    lines = read_journal(quarantine(root))
    return [line for line in lines if not only or only in {line.source, line.target}]


def _take_back(root: Path, line: Line, outcome: Outcome) -> str:
    """Undo one line; say why if that cannot be."""
    try:
        return _remove(root, line) if line.op == "write" else _put_back(root, line, outcome)
    except CleaningUnwritable as error:
        return error.message
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _remove(root: Path, line: Line) -> str:
    """Remove what replaced a photo; the photo is in quarantine and takes its place again."""
    made = root / line.target
    if not os.path.lexists(made) or not os.path.lexists(root / line.original):
        return ""
    if made.is_symlink() or not made.is_file() or checksum(made) != line.sha256:
        return "has been changed since it was made, and stays"
    with writing(made):
        made.unlink()
    return ""


def _put_back(root: Path, line: Line, outcome: Outcome) -> str:
    here, there = root / line.target, root / line.source
    if not os.path.lexists(here):
        # It was never moved, or is back already.
        return ""
    quarantined = here.is_relative_to(quarantine(root))
    ours = _is(here, line)
    if os.path.lexists(there):
        if not quarantined:
            # It was never renamed: what has that name came later.
            return ""
        if not (ours and _is(there, line)):
            return "something else has taken its place"
        # A move to another disk was interrupted when both were whole.
        with writing(here):
            here.unlink()
    elif not ours:
        return "is not the file that was moved"
    elif not move(here, there):
        return "something else has taken its place"
    outcome.done += 1
    return ""


def _is(path: Path, line: Line) -> bool:
    if line.link or path.is_symlink():
        return link_end(path) == line.link
    return path.is_file() and checksum(path) == line.sha256


def _dismantle(root: Path) -> None:
    """Remove the quarantine folder, if nothing is left in it."""
    place, own = quarantine(root), set(own_files(root))
    with writing(place):
        for here, _, files in os.walk(place, topdown=False):
            if Path(here) != place and not files and not any(Path(here).iterdir()):
                Path(here).rmdir()
        if set(place.iterdir()) <= own:
            for path in own:
                path.unlink(missing_ok=True)
            place.rmdir()

"""Doing what a report says: photos are renamed, replaced and moved, never deleted."""

from __future__ import annotations

import hashlib
from itertools import islice
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from lookalike.cleaning.faces import cut_out
from lookalike.cleaning.faults import Action
from lookalike.cleaning.frames import encode_png
from lookalike.cleaning.inspection import unseen
from lookalike.cleaning.journal import Line, held, waiting, write_journal
from lookalike.cleaning.moving import link_end, write
from lookalike.cleaning.performing import Outcome, clear, finish, perform, place_for
from lookalike.cleaning.suffixes import folded, free_name
from lookalike.cleaning.walking import shown
from lookalike.errors import ImageError
from lookalike.images import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.cleaning.inspection import Progress
    from lookalike.cleaning.report import Report, Step

#: How many files share one wait for the disk. What replaces them waits in the quarantine folder.
_TOGETHER: Final = 32


def apply(report: Report, *, progress: Progress = unseen) -> Outcome:
    """Do what a report says.

    Every file that goes is moved into the folder ``.lookalike-quarantine``, whose journal says
    where it came from. `undo` brings all of it back. A file that has changed since it was looked
    at is left alone.

    Parameters
    ----------
    report : Report
        Of `inspect`.
    progress : Progress, default unseen
        Shows how far it is.

    Returns
    -------
    Outcome
        How many files were dealt with, and which were not.

    Raises
    ------
    QuarantineBusy
        If another process cleans the folder.
    CleaningUnwritable
        If the disk is full or read-only. Every photo is then either in its place or in the
        quarantine folder, and the same run may be started again.
    """
    folder = report.folder
    outcome = Outcome()
    if not report.steps:
        return outcome
    with held(folder) as place, progress("cleaning", len(report.steps)) as advance:
        finish(folder)
        steps = iter(report.steps)
        taken: set[str] = set()
        while batch := list(islice(steps, _TOGETHER)):
            work: list[tuple[Step, list[Line]]] = []
            for step in batch:
                try:
                    work.append((step, list(_lines(report, step, taken))))
                except (OSError, ImageError) as error:
                    why = error.message if isinstance(error, ImageError) else str(error.strerror)
                    outcome.problems.append((shown(step.name), why))
            write_journal(place, (line for _, lines in work for line in lines))
            for step, lines in work:
                if why := perform(folder, lines):
                    outcome.problems.append((shown(step.name), why))
                else:
                    outcome.done += 1
                advance()
            clear(folder)
    return outcome


def resume(folder: str | Path) -> None:
    """Finish what a run has left that was killed; do so before the folder is looked at again.

    Parameters
    ----------
    folder : str or Path
        What is cleaned.

    Raises
    ------
    QuarantineBusy
        If another process cleans the folder.
    CleaningUnwritable
        If the disk says no.
    """
    root = Path(folder)
    if waiting(root).is_dir():
        with held(root):
            finish(root)


def _lines(report: Report, step: Step, taken: set[str]) -> Iterator[Line]:
    """Say what is going to be done with a file, and make what will replace it."""
    folder = report.folder
    path = folder / step.name
    state = path.stat()
    if (state.st_size, state.st_mtime_ns) != (step.size, step.modified_ns):
        raise OSError(0, "has changed since it was looked at")
    goes = step.target
    if step.action is not Action.RENAME:
        goes = place_for(folder, step.name, step.fault)
    why = (step.fault, shown(step.detail))
    yield Line("move", step.name, goes, step.sha256, *why, link_end(path))
    if step.action in {Action.RENAME, Action.QUARANTINE}:
        return
    image = read(path, limits=report.options.opened)
    pictures = [image] if step.cut is None else cut_out(image, step.cut)
    for number, picture in enumerate(pictures, 1):
        data = encode_png(picture)
        digest = hashlib.sha256(data).hexdigest()
        made = waiting(folder) / f"{step.sha256[:24]}-{digest[:24]}-{number}.png"
        write(made, data)
        target = step.target
        if step.action is Action.CUT:
            suffix = PurePath(target).suffix
            target = free_name(folder, f"{target.removesuffix(suffix)}-{number}{suffix}", taken)
            taken.add(folded(target))
        source = made.relative_to(folder).as_posix()
        yield Line("write", source, target, digest, *why, "", goes)

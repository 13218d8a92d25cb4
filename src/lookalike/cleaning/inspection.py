"""The whole look at a folder on one page: nothing is written.

::

    1 walk       folder             → entries
    2 examine    entry              → a photo, and what is wrong with the file     all cores
    3 judge      photo              → what is wrong with its faces                 one by one
    4 compare    photos             → copies
    5 plan       all that is wrong  → one step for each file
"""

from __future__ import annotations

import os
import re
from contextlib import nullcontext
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, Protocol

from lookalike.cleaning.ahead import ahead
from lookalike.cleaning.copies import find_copies
from lookalike.cleaning.examining import Examined, examine
from lookalike.cleaning.faults import Action, Fault
from lookalike.cleaning.journal import quarantine, written_for
from lookalike.cleaning.judging import judge_all
from lookalike.cleaning.options import CleanOptions
from lookalike.cleaning.planning import action_for, plan
from lookalike.cleaning.report import Finding, Report
from lookalike.cleaning.walking import shown, walk
from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from lookalike.protocols import Detector
    from lookalike.types import Faces

_NUMBER: Final = re.compile(r"[\s_-]\d{1,9}\Z")
_DEFAULTS: Final = CleanOptions()


class Progress(Protocol):
    """Shows how far a stage is."""

    def __call__(self, what: str, total: int, /) -> AbstractContextManager[Callable[[], None]]:
        """Return a context; what it gives is called at each step of the stage."""
        ...


def unseen(_what: str, _total: int, /) -> AbstractContextManager[Callable[[], None]]:
    """Show nothing.

    Returns
    -------
    context manager
        Gives a function that does nothing.
    """
    return nullcontext(lambda: None)


def innermost(parts: Sequence[str]) -> str:
    """Say whom a photo is filed under.

    Parameters
    ----------
    parts : sequence of str
        Its folders, and its own name.

    Returns
    -------
    str
        The innermost folder; without one, the file's name without suffix and number.

    Examples
    --------
    >>> innermost(["Adele", "x.jpg"]), innermost(["Adele_0001.jpg"])
    ('Adele', 'Adele')
    """
    return parts[-2] if len(parts) > 1 else _NUMBER.sub("", PurePosixPath(parts[-1]).stem)


def inspect(
    folder: str | Path,
    options: CleanOptions = _DEFAULTS,
    *,
    detector: Detector | None = None,
    owner: Callable[[Sequence[str]], str] = innermost,
    progress: Progress = unseen,
) -> Report:
    """Look at the photos of a folder, and say what is wrong with them.

    Parameters
    ----------
    folder : str or Path
        A folder for each person, at any depth; or photos named after people.
    options : CleanOptions, default CleanOptions()
        What counts as a fault.
    detector : Detector, optional
        Finds faces; without one, nothing is said about faces.
    owner : callable, default innermost
        Takes the folders of a photo and its name, and says whom it shows.
    progress : Progress, default unseen
        Shows how far it is.

    Returns
    -------
    Report
        The folder is as it was.

    Raises
    ------
    OptionError
        If there is no such folder, or the options need a detector.
    """
    root = Path(folder)
    _check(root, options, detector)
    look = _Look(root, options, owner, progress)
    if detector is not None:
        look.judge_faces(detector)
    look.compare()
    return look.report()


class _Look:
    """What is known so far of the photos of a folder, by their names.

    Parameters
    ----------
    root : Path
        The folder.
    options : CleanOptions
        What counts as a fault.
    owner : callable
        Whom a photo is filed under.
    progress : Progress
        Shows how far it is.
    """

    def __init__(
        self,
        root: Path,
        options: CleanOptions,
        owner: Callable[[Sequence[str]], str],
        progress: Progress,
    ) -> None:
        self._root, self._options, self._progress = root, options, progress
        entries = list(walk(root))
        self._photos: dict[str, Examined] = {}
        with progress("looking at files", len(entries)) as advance:
            for entry, found in ahead(partial(examine, options=options), entries, options.workers):
                if found is not None:
                    self._photos[entry.name] = found
                advance()
        self._others = len(entries) - len(self._photos)
        self._marks = {name: list(photo.marks) for name, photo in self._photos.items()}
        self._people = {name: owner(photo.entry.parts) for name, photo in self._photos.items()}
        self._cuts: dict[str, Faces] = {}

    def judge_faces(self, detector: Detector) -> None:
        """Look at the faces of photos, but not of what was cut out for its face before."""
        settled = written_for(quarantine(self._root), Fault.SEVERAL_FACES)
        photos = [photo for photo in self._staying() if photo.sha256 not in settled]
        with self._progress("looking for faces", len(photos)) as advance:
            for photo, marks, cut in judge_all(photos, detector, self._options):
                self._photos[photo.entry.name] = photo
                self._marks[photo.entry.name] += marks
                if cut is not None:
                    self._cuts[photo.entry.name] = cut
                advance()

    def compare(self) -> None:
        """Look for copies among what is sound."""
        photos, people = self._staying(), self._people
        near = self._options.near_bits
        for photo, mark in find_copies(photos, lambda one: people[one.entry.name], near):
            self._marks[photo.entry.name].append(mark)

    def report(self) -> Report:
        """Say all of it, and what is to be done."""
        wrong = [(self._photos[name], marks) for name, marks in self._marks.items() if marks]
        steps = plan(self._root, wrong, self._cuts, self._options)
        actions = {step.name: step.action for step in steps}
        findings = tuple(
            Finding(
                shown(photo.entry.name),
                self._people[photo.entry.name],
                *mark,
                actions.get(photo.entry.name, Action.LEAVE),
            )
            for photo, marks in wrong
            for mark in marks
        )
        counts = len(self._photos), self._others
        return Report(self._root, self._options, *counts, findings, tuple(steps))

    def _staying(self) -> list[Examined]:
        """Return the photos that can be seen and would stay, perhaps mended."""
        return [
            photo
            for name, photo in self._photos.items()
            if photo.suffix
            and action_for(self._marks[name], self._options).strength < Action.CUT.strength
        ]


def _check(root: Path, options: CleanOptions, detector: Detector | None) -> None:
    if not root.is_dir():
        raise OptionError(f"{root} is not a folder", "give a folder of photos, or a table")
    try:
        os.scandir(root).close()
    except OSError as error:
        raise OptionError(f"{root} cannot be listed", "check its permissions") from error
    if detector is None and (options.min_quality > 0 or options.several != "leave"):
        raise OptionError("min_quality and several are about faces", "look for faces, too")
    if options.output is not None:
        inside, outside = (Path(os.path.realpath(path)) for path in (options.output, root))
        if inside.is_relative_to(outside):
            raise OptionError(
                f"{options.output} lies in the folder that is cleaned",
                "put the faces elsewhere: they would be taken for photos of somebody",
            )

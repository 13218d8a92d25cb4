"""From what is wrong with each file to one step for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from lookalike.cleaning.faces import several_action
from lookalike.cleaning.faults import USUAL, Action, Fault
from lookalike.cleaning.report import Step
from lookalike.cleaning.suffixes import folded, free_name, with_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from lookalike.cleaning.examining import Examined, Mark
    from lookalike.cleaning.options import CleanOptions
    from lookalike.types import Faces

#: Whatever replaces a photo keeps every pixel.
_PRODUCT: Final = ".png"


def action_for(marks: Iterable[Mark], options: CleanOptions) -> Action:
    """Choose what is done with a file.

    Parameters
    ----------
    marks : iterable of Mark
        All that is wrong with it.
    options : CleanOptions
        What people judge differently.

    Returns
    -------
    Action
        The strongest that any fault asks for.
    """
    usual = USUAL | {
        Fault.SEVERAL_FACES: several_action(options),
        Fault.DUPLICATE_ACROSS: Action(options.across),
        Fault.NEAR_DUPLICATE_ACROSS: Action(options.across),
    }
    wanted = (usual[mark.fault] for mark in marks)
    return max(wanted, key=lambda action: action.strength, default=Action.LEAVE)


def plan(
    folder: Path,
    marked: Sequence[tuple[Examined, Sequence[Mark]]],
    cuts: dict[str, Faces],
    options: CleanOptions,
) -> list[Step]:
    """Say what to do with each file.

    Parameters
    ----------
    folder : Path
        Where they lie.
    marked : sequence of tuple
        Each photo, and all that is wrong with it.
    cuts : dict of str to Faces
        What to cut out, by name.
    options : CleanOptions
        What people judge differently.

    Returns
    -------
    list of Step
        One for each file that anything happens to.
    """
    wanted = {photo.entry.name: action_for(marks, options) for photo, marks in marked}
    spared = _pointed_at(folder, [photo for photo, _ in marked], wanted)
    taken: set[str] = set()
    steps = []
    for photo, marks in marked:
        action = wanted[photo.entry.name]
        if action is Action.LEAVE or not photo.sha256 or photo.entry.path.resolve() in spared:
            continue
        decisive = next(mark for mark in marks if action_for([mark], options) is action)
        target = _target(folder, photo, action, taken, options)
        if action is not Action.CUT:
            taken.add(folded(target))
        steps.append(
            Step(
                photo.entry.name,
                action,
                *decisive,
                photo.sha256,
                photo.size,
                photo.modified_ns,
                target,
                cuts.get(photo.entry.name) if action in {Action.CROP, Action.CUT} else None,
            )
        )
    return steps


def _target(
    folder: Path, photo: Examined, action: Action, taken: set[str], options: CleanOptions
) -> str:
    name = photo.entry.name
    match action:
        case Action.RENAME:
            return free_name(folder, with_suffix(name, photo.suffix), taken)
        case Action.CONVERT | Action.CROP:
            product = with_suffix(name, _PRODUCT)
            # A GIF called .png makes room for its own replacement.
            return name if product == name else free_name(folder, product, taken)
        case Action.CUT if options.output:
            return str(options.output.absolute() / with_suffix(name, _PRODUCT))
    return ""


def _pointed_at(
    folder: Path, photos: Iterable[Examined], wanted: dict[str, Action]
) -> frozenset[Path]:
    """Return the files that links in the folder go on pointing at."""
    root = os.path.realpath(folder)
    stay = {Action.LEAVE, Action.RENAME}
    links = (photo for photo in photos if photo.linked and wanted[photo.entry.name] in stay)
    ends = {photo.entry.path.resolve() for photo in links}
    return frozenset(end for end in ends if end.is_relative_to(root))

"""Who is learned from, and who is left out: people are split, never photos.

Whether somebody is left out follows from the name alone, so that two data sets which share people
are split alike, and a person who is added later moves nobody else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.errors import OptionError, TrainingError
from lookalike.types import person_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lookalike.training.config import DataConfig
    from lookalike.types import Person


@dataclass(frozen=True, slots=True)
class Split:
    """Who is for what.

    Parameters
    ----------
    learned, held_out : tuple of int
        Positions of people: those to learn from, and those to measure on.
    excluded : tuple of str
        Names that would have leaked: people who are in the data and must not be learned from.
    few : int
        How many people were left out because they have too few photos.
    """

    learned: tuple[int, ...]
    held_out: tuple[int, ...]
    excluded: tuple[str, ...]
    few: int


def split(people: Sequence[Person], counts: NDArray[np.int64], data: DataConfig) -> Split:
    """Decide who is learned from.

    Parameters
    ----------
    people : sequence of Person
        Everybody.
    counts : ndarray of shape (len(people),), int64
        How many photos each has.
    data : DataConfig
        What was chosen.

    Returns
    -------
    Split
        Nobody is in two of its parts.

    Raises
    ------
    TrainingError
        If too few are left on a side.
    OptionError
        If a file of names cannot be read.
    """
    banned = names_in(Path(place) for place in data.exclude)
    learned, held_out, excluded, few = [], [], [], 0
    for at, person in enumerate(people):
        if person_id(person.name) in banned:
            excluded.append(person.name)
        elif counts[at] < data.least_photos:
            few += 1
        elif is_held_out(person.name, data.held_out):
            held_out.append(at)
        else:
            learned.append(at)
    if len(learned) < 2 or len(held_out) < 2:
        raise TrainingError(
            f"{len(learned)} people to learn from, {len(held_out)} to measure on: too few",
            "two of each are the least, each with two photos; give more people or another held_out",
        )
    return Split(tuple(learned), tuple(held_out), tuple(excluded), few)


def is_held_out(name: str, share: float) -> bool:
    """Return whether somebody of this name is left out.

    Parameters
    ----------
    name : str
        As people write it; spelling that makes no other person makes no difference.
    share : float
        Of all people, 0 to 1.

    Returns
    -------
    bool
        The same for the same name, always.
    """
    digest = hashlib.sha256(person_id(name).encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def names_in(files: Iterable[Path]) -> frozenset[str]:
    """Read whom not to learn from.

    Parameters
    ----------
    files : iterable of Path
        Lists of pairs as LFW has them (``name 1 4``, ``name 1 name 2`` behind a line of numbers),
        or one name in each line.

    Returns
    -------
    frozenset of str
        Ids of people.

    Raises
    ------
    OptionError
        If a file cannot be read.
    """
    names: set[str] = set()
    for path in files:
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise OptionError(f"cannot read {path}: {error}", "check data.exclude") from error
        for line in lines:
            parts = line.split("\t") if "\t" in line else [line]
            names.update(part for part in parts if part.strip() and not part.strip().isdigit())
    return frozenset(person_id(name) for name in names)

"""What a source offers to a gallery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.types.people import Person


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photo that a source offers, not yet opened.

    Parameters
    ----------
    person : Person
        Whom the source says it shows.
    uri : str
        Its name in the source, the same at every run.
    load : callable
        Takes nothing and returns the file's bytes. Called at most once, on demand.
    stamp : str
        Changes when the file does (size and time of change, or a checksum), so that a resumed
        build can pass over what it has already seen.
    licence : str
        The photo's licence, empty if not stated.
    credit : str
        Whom to name when the photo is shown, empty if not stated.
    """

    person: Person
    uri: str
    load: Callable[[], bytes]
    stamp: str = ""
    licence: str = ""
    credit: str = ""

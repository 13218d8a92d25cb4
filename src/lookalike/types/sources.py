"""What a source offers to a gallery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    page : str
        The address of the page that the photo was published on, empty if not known.
    attributes : mapping of str to JSON value
        What is known of the photo itself, for example ``{"age": 35, "year": 1999}``. What is known
        of the person belongs to `person`.
    face : tuple of float, optional
        Where the source says that the person's face is: ``x1 y1 x2 y2`` in pixels of the upright
        photo. None where it says nothing, and the build chooses.
    """

    person: Person
    uri: str
    load: Callable[[], bytes]
    stamp: str = ""
    licence: str = ""
    credit: str = ""
    page: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict, hash=False)
    face: tuple[float, float, float, float] | None = None

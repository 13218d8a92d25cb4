"""Photos on their way to a worker: as a place that it can read from, or as bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lookalike.errors import ImageError
from lookalike.images import read_bytes
from lookalike.sources.addresses import read_address
from lookalike.sources.tar_piece import read_piece

if TYPE_CHECKING:
    from lookalike.types import Candidate

#: What a worker can do itself where it sees the same files; everything else is read here.
_ANYWHERE: Final = (read_address, read_piece)


@dataclass(frozen=True, slots=True)
class Held:
    """A file that was read here.

    Parameters
    ----------
    content : bytes or ImageError
        What is in it, or why it cannot be read.
    """

    content: bytes | ImageError

    def __call__(self) -> bytes:
        """Return the bytes.

        Returns
        -------
        bytes
            All of the file.

        Raises
        ------
        ImageError
            If it could not be read.
        """
        if isinstance(self.content, ImageError):
            raise self.content
        return self.content


def sent(candidate: Candidate, *, read_here: bool) -> Candidate:
    """Return a photo as a worker can take it.

    Parameters
    ----------
    candidate : Candidate
        As its source offers it.
    read_here : bool
        Whether to send its bytes in any case.

    Returns
    -------
    Candidate
        The same photo.
    """
    load = candidate.load
    if isinstance(load, Held):
        return candidate
    if isinstance(load, partial) and not read_here:
        if load.func is read_bytes and isinstance(load.args[0], Path):
            # Workers may have started in another folder.
            return replace(candidate, load=partial(read_bytes, load.args[0].absolute()))
        if load.func in _ANYWHERE:
            return candidate
    return replace(candidate, load=held(candidate))


def held(candidate: Candidate) -> Held:
    """Read a photo here.

    Parameters
    ----------
    candidate : Candidate
        As its source offers it.

    Returns
    -------
    Held
        Its bytes, or why there are none.
    """
    try:
        return Held(candidate.load())
    except ImageError as error:
        return Held(error)

"""One struct of a MATLAB file, field by field.

SciPy reads such files too, and is what the tests compare with. But a damaged file can bring its
reader down together with Python, and it holds half a million small arrays in memory at once.
"""

from __future__ import annotations

import struct
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import OptionError
from lookalike.sources.mat_cells import CELL, CHARACTERS, STRUCT, Cells, Head, read_head
from lookalike.sources.mat_cells import read_numbers as read_plain_numbers
from lookalike.sources.mat_stream import MATRIX, PACKED, Damaged, Elements, Inflated
from lookalike.sources.reading import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_HEADER: Final = 128
_HDF5: Final = b"\x89HDF"
_MOST_FIELDS: Final = 100
_AGAIN: Final = "download it again"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a struct, which can be read once.

    Parameters
    ----------
    name : str
        What it is called.
    head : Head
        What kind of array it is.
    elements : Elements
        Where its data stand.
    """

    name: str
    head: Head
    elements: Elements

    def numbers(self) -> NDArray[np.float64]:
        """Read a row of numbers.

        Returns
        -------
        ndarray of shape (n,), float64
            The numbers.

        Raises
        ------
        Damaged
            If it holds something else.
        """
        if self.head.kind in {CELL, STRUCT, CHARACTERS}:
            raise Damaged(f"{self.name} does not hold numbers")
        return read_plain_numbers(self.elements, self.head.count)

    def texts(self) -> list[str]:
        """Read a row of cells with a text in each.

        Returns
        -------
        list of str
            The texts.
        """
        return self._cells().texts(self.head.count)

    def rows(self, width: int) -> NDArray[np.float32]:
        """Read a row of cells with a few numbers in each.

        Parameters
        ----------
        width : int
            How many numbers.

        Returns
        -------
        ndarray of shape (n, width), float32
            The numbers, NaN where they are missing.
        """
        return self._cells().numbers(self.head.count, width)

    def _cells(self) -> Cells:
        if self.head.kind != CELL:
            raise Damaged(f"{self.name} does not hold cells")
        return Cells(self.elements)


def read_struct(
    path: Path, readers: Mapping[str, Callable[[Field], Any]]
) -> tuple[str, dict[str, Any]]:
    """Read the first struct of a file that has the fields that are asked for.

    Parameters
    ----------
    path : Path
        The file.
    readers : mapping of str to callable
        From the name of a field to what reads it. Other fields are passed over.

    Returns
    -------
    name : str
        What the file calls the struct.
    fields : dict of str to object
        What was read, in the order of the file.

    Raises
    ------
    OptionError
        If it is no such file, or a damaged one.
    """
    with _told(path), path.open("rb") as file:
        _check_header(file.read(_HEADER), path.name)
        while head := file.read(8):
            if len(head) < 8:
                raise Damaged("it is cut off")
            kind, size = struct.unpack("<II", head)
            start = file.tell()
            found = None
            if kind == PACKED:
                inflated = Inflated(file, size)
                found = _read(Elements(inflated), readers)
                if found:
                    inflated.finish()
            elif kind == MATRIX:
                file.seek(start - len(head))
                found = _read(Elements(file), readers)
            if found:
                return found
            file.seek(start + size)
    raise OptionError(
        f"{path.name} holds no table with {', '.join(sorted(readers))}",
        "give imdb.mat or wiki.mat of IMDB-WIKI",
    )


def _read(
    elements: Elements, readers: Mapping[str, Callable[[Field], Any]]
) -> tuple[str, dict[str, Any]] | None:
    """Read an array if it is a struct with all the fields."""
    elements.matrix()
    head = read_head(elements)
    if head.kind != STRUCT:
        return None
    names = _names(elements)
    if not readers.keys() <= set(names):
        return None
    if head.count != 1:
        raise Damaged(f"{head.name} is a struct of {head.count:,}, not of one")
    fields: dict[str, Any] = {}
    for name in names:
        size = elements.matrix()
        if name in readers:
            if not size:
                raise Damaged(f"{name} is empty")
            fields[name] = readers[name](Field(name, read_head(elements), elements))
        else:
            elements.skip(size)
    return head.name, fields


def _names(elements: Elements) -> list[str]:
    _, written = elements.part(8)
    length = int.from_bytes(written, "little")
    if not 0 < length <= 64:
        raise Damaged("a struct has no names")
    _, text = elements.part(length * _MOST_FIELDS)
    starts = range(0, len(text), length)
    return [text[at : at + length].split(b"\0")[0].decode("latin-1") for at in starts]


def _check_header(header: bytes, name: str) -> None:
    if header.startswith((b"MATLAB 7.3", _HDF5)):
        raise OptionError(
            f"{name} is a MATLAB file of version 7.3",
            "open it in MATLAB or Octave and save it again with -v7",
        )
    if header[124:128] == b"\x01\x00MI":
        raise OptionError(
            f"{name} was written on a big-endian machine", "save it again with -v7 on another one"
        )
    if header[124:128] != b"\x00\x01IM":
        raise OptionError(f"{name} is no MATLAB file", "give imdb.mat or wiki.mat of IMDB-WIKI")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in a person's words what is wrong with a file."""
    try:
        with reading(path):
            yield
    except (Damaged, zlib.error, struct.error) as error:
        raise OptionError(f"{path.name} is damaged: {error}", _AGAIN) from error

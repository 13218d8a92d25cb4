"""The arrays of a MATLAB file: numbers, texts, and cells that hold one of them each.

References
----------
The MathWorks, *MAT-File Format*, level 5.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.sources.mat_stream import Damaged, Elements

if TYPE_CHECKING:
    from numpy.typing import NDArray

CELL: Final = 1
STRUCT: Final = 2
CHARACTERS: Final = 4

#: The most elements of one array; the largest such data set has half a million rows.
MOST: Final = 2_000_000

#: The most bytes of one cell, which holds a name, a path or four numbers.
_LARGEST_CELL: Final = 1 << 16
_LONGEST_NAME: Final = 1 << 16
_FLAGS: Final = struct.Struct("<II")
_NUMBERS: Final = {
    1: "<i1", 2: "<u1", 3: "<i2", 4: "<u2", 5: "<i4", 6: "<u4",
    7: "<f4", 9: "<f8", 12: "<i8", 13: "<u8",
}  # fmt: skip
_ENCODINGS: Final = {
    1: "latin-1", 2: "latin-1", 3: "utf-16-le", 4: "utf-16-le",
    16: "utf-8", 17: "utf-16-le", 18: "utf-32-le",
}  # fmt: skip

# In nearly all cells 48 bytes of heads stand before the data, and there are few different ones.
_HEADS: Final = 48
_HEADS_KEPT: Final = 4096


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the data of an array.

    Parameters
    ----------
    kind : int
        The class of the array: `CELL`, `STRUCT`, `CHARACTERS`, or numbers.
    count : int
        How many elements it has.
    name : str
        Its name, empty inside other arrays.
    """

    kind: int
    count: int
    name: str


def read_head(elements: Elements) -> Head:
    """Read what stands before the data of an array.

    Parameters
    ----------
    elements : Elements
        Standing behind the array's tag.

    Returns
    -------
    Head
        What it says.

    Raises
    ------
    Damaged
        If it makes no sense.
    """
    _, flags = elements.part(16)
    if len(flags) != _FLAGS.size:
        raise Damaged("an array has no flags")
    kind = _FLAGS.unpack(flags)[0] & 0xFF
    _, sizes = elements.part(256)
    if len(sizes) < 8 or len(sizes) % 4:
        raise Damaged("an array has no size")
    count = 1
    for size in np.frombuffer(sizes, "<i4").tolist():
        if size < 0 or (count := count * size) > MOST:
            raise Damaged(f"an array has a size of {size:,}")
    _, name = elements.part(_LONGEST_NAME)
    return Head(kind, count, name.decode("latin-1"))


def read_numbers(elements: Elements, count: int) -> NDArray[np.float64]:
    """Read the data of an array of numbers.

    Parameters
    ----------
    elements : Elements
        Standing behind its head.
    count : int
        How many elements it has.

    Returns
    -------
    ndarray of shape (count,), float64
        The numbers.

    Raises
    ------
    Damaged
        If they are none, or not so many.
    """
    kind, data = elements.part(8 * count)
    # Some of what is no number sets off an alarm whenever it is reckoned with.
    with np.errstate(invalid="ignore"):
        numbers = numbers_of(kind, data, count).astype(np.float64)
    numbers[np.isnan(numbers)] = np.nan
    return numbers


def numbers_of(kind: int, data: bytes, count: int) -> NDArray[Any]:
    """Read numbers as they are stored, which may be in fewer bytes than they had.

    Parameters
    ----------
    kind : int
        The type of the element.
    data : bytes
        What it holds.
    count : int
        How many numbers there should be.

    Returns
    -------
    ndarray of shape (count,)
        The numbers.

    Raises
    ------
    Damaged
        If they are none, or not so many.
    """
    stored = _NUMBERS.get(kind)
    if stored is None or len(data) != count * int(stored[2]):
        raise Damaged(f"element type {kind} with {len(data):,} bytes is not {count:,} numbers")
    return np.frombuffer(data, stored)


def text_of(kind: int, data: bytes) -> str:
    """Read text in one of the encodings that MATLAB and SciPy write.

    Parameters
    ----------
    kind : int
        The type of the element.
    data : bytes
        What it holds.

    Returns
    -------
    str
        The text; what is damaged in it is replaced.

    Raises
    ------
    Damaged
        If it is no text.
    """
    encoding = _ENCODINGS.get(kind)
    if encoding is None:
        raise Damaged(f"element type {kind} is no text")
    return data.decode(encoding, "replace")


class Cells:
    """Reads cells that hold a text or a few numbers each.

    Parameters
    ----------
    elements : Elements
        Standing at the tag of the first cell.
    """

    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self._known: dict[tuple[int, bytes], tuple[str, int]] = {}

    def texts(self, count: int) -> list[str]:
        """Read cells that hold text.

        Parameters
        ----------
        count : int
            How many.

        Returns
        -------
        list of str
            One for each; equal ones are one object.
        """
        same: dict[str, str] = {}
        known = self._known
        texts = []
        for _ in range(count):
            body = self._body()
            encoding, size = known.get((len(body), body[:_HEADS]), ("", 0))
            if encoding:
                text = body[_HEADS : _HEADS + size].decode(encoding, "replace")
            else:
                text = self._text(body)
            texts.append(same.setdefault(text, text))
        return texts

    def numbers(self, count: int, width: int) -> NDArray[np.float32]:
        """Read cells that hold a few numbers.

        Parameters
        ----------
        count : int
            How many cells.
        width : int
            How many numbers each should hold.

        Returns
        -------
        ndarray of shape (count, width), float32
            The numbers; NaN for a cell that holds another number of them.
        """
        numbers = np.empty((count, width), np.float32)
        known = self._known
        # What is too large for a place in a photo becomes infinite.
        with np.errstate(over="ignore", invalid="ignore"):
            for at in range(count):
                body = self._body()
                stored, _ = known.get((len(body), body[:_HEADS]), ("", 0))
                if stored:
                    numbers[at] = np.frombuffer(body, stored, width, _HEADS)
                else:
                    found = self._numbers(body, width)
                    numbers[at] = found if len(found) == width else np.nan
        return numbers

    def _body(self) -> bytes:
        size = self._elements.matrix()
        if size > _LARGEST_CELL:
            raise Damaged(f"a cell has {size:,} bytes")
        return self._elements.exactly(size)

    def _text(self, body: bytes) -> str:
        # An empty cell is an array without even a head.
        if not body:
            return ""
        inside = BytesIO(body)
        elements = Elements(inside)
        head = read_head(elements)
        if not head.count:
            return ""
        if head.kind != CHARACTERS:
            raise Damaged("a cell holds no text")
        kind, data = elements.part(_LARGEST_CELL)
        text = text_of(kind, data)
        self._keep(body, inside.tell(), _ENCODINGS[kind], data)
        return text

    def _numbers(self, body: bytes, width: int) -> NDArray[Any]:
        if not body:
            return np.empty(0)
        inside = BytesIO(body)
        elements = Elements(inside)
        head = read_head(elements)
        if head.kind in {CELL, STRUCT, CHARACTERS}:
            raise Damaged("a cell holds no numbers")
        kind, data = elements.part(_LARGEST_CELL)
        numbers = numbers_of(kind, data, head.count)
        if head.count == width:
            self._keep(body, inside.tell(), _NUMBERS[kind], data)
        return numbers

    def _keep(self, body: bytes, end: int, how: str, data: bytes) -> None:
        # The same heads say the same of another cell, wherever the data stand right behind them.
        padded = len(data) + -len(data) % 8
        if end == len(body) == _HEADS + padded and len(self._known) < _HEADS_KEPT:
            self._known[len(body), body[:_HEADS]] = how, len(data)

"""Reading a MATLAB file's elements one after another, unpacked as they are read."""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO, Final, Protocol

PACKED: Final = 15
MATRIX: Final = 14

_TAG: Final = struct.Struct("<II")
_CHUNK: Final = 1 << 20
_SMALL: Final = 4

#: What a packed element may unfold into: eight times the larger of the published files.
_MOST_UNPACKED: Final = 1 << 30


class Damaged(Exception):
    """The file does not hold what its headers say."""


class Readable(Protocol):
    """Something that gives bytes: a file, or an element of one that is being unpacked."""

    def read(self, size: int, /) -> bytes:
        """Return as many bytes, or fewer at the end."""
        ...


class Inflated:
    """A packed element as it is unpacked.

    Parameters
    ----------
    file : binary file
        Standing at the packed bytes.
    size : int
        How many they are.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._left = size
        self._unpacker = zlib.decompressobj()
        self._buffer = b""
        self._at = 0
        self._room = _MOST_UNPACKED

    def read(self, size: int, /) -> bytes:
        """Return as many unpacked bytes, or fewer at the end.

        Parameters
        ----------
        size : int
            How many.

        Returns
        -------
        bytes
            The next ones.

        Raises
        ------
        Damaged
            If it unfolds into much more than such a file holds.
        """
        # Nearly every read is answered from here.
        end = self._at + size
        if end > len(self._buffer):
            self._fill(size)
            end = size
        piece = self._buffer[self._at : end]
        self._at = end
        return piece

    def finish(self) -> None:
        """Unpack to the end, where the checksum is looked at.

        Raises
        ------
        Damaged
            If the end is missing.
        """
        while self.read(_CHUNK):
            pass
        if not self._unpacker.eof:
            raise Damaged("it is cut off")

    def _fill(self, size: int) -> None:
        pieces = [self._buffer[self._at :]]
        have = len(pieces[0])
        while have < size:
            packed = self._unpacker.unconsumed_tail
            if not packed:
                packed = self._file.read(min(_CHUNK, self._left))
                self._left -= len(packed)
            piece = self._unpacker.decompress(packed, max(_CHUNK, size - have))
            if not piece and not packed:
                break
            pieces.append(piece)
            have += len(piece)
            self._room -= len(piece)
            if self._room < 0:
                raise Damaged(f"it unfolds into over {_MOST_UNPACKED:,} bytes")
        self._buffer = b"".join(pieces)
        self._at = 0


class Elements:
    """The elements of a stream.

    Parameters
    ----------
    stream : Readable
        Where they stand.
    """

    def __init__(self, stream: Readable) -> None:
        self._stream = stream

    def exactly(self, size: int) -> bytes:
        """Read as many bytes.

        Parameters
        ----------
        size : int
            How many.

        Returns
        -------
        bytes
            So many.

        Raises
        ------
        Damaged
            If there are fewer.
        """
        data = self._stream.read(size)
        if len(data) != size:
            raise Damaged("it is cut off")
        return data

    def tag(self) -> tuple[int, int]:
        """Read the head of a large element.

        Returns
        -------
        type, size : int
            What it is, and its size in bytes.
        """
        kind, size = _TAG.unpack(self.exactly(_TAG.size))
        return kind, size

    def matrix(self) -> int:
        """Read the head of a matrix.

        Returns
        -------
        int
            Its size in bytes.

        Raises
        ------
        Damaged
            If something else comes.
        """
        kind, size = self.tag()
        if kind != MATRIX:
            raise Damaged(f"an array was expected, and element type {kind} came")
        return size

    def part(self, longest: int) -> tuple[int, bytes]:
        """Read a small or a large element with its padding.

        Parameters
        ----------
        longest : int
            The most bytes that it may have.

        Returns
        -------
        type : int
            What it is.
        data : bytes
            What it holds.

        Raises
        ------
        Damaged
            If it is longer.
        """
        head = self.exactly(_TAG.size)
        kind, size = _TAG.unpack(head)
        if kind >> 16:
            # Up to four bytes stand in the head itself, and their number beside the type.
            kind, size = kind & 0xFFFF, kind >> 16
            if size > _SMALL:
                raise Damaged("a small element is too long")
            return kind, head[_SMALL : _SMALL + size]
        if size > longest:
            raise Damaged(f"an element of {size:,} bytes, at most {longest:,} were expected")
        return kind, self.exactly(size + -size % 8)[:size]

    def skip(self, size: int) -> None:
        """Pass over bytes.

        Parameters
        ----------
        size : int
            How many.
        """
        while size > 0:
            size -= len(self.exactly(min(_CHUNK, size)))

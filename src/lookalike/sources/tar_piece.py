"""One photo of a tar archive that is not packed, by where it stands."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.errors import ImageMissing, ImageUnreadable
from lookalike.sources.tar_stream import BROKEN, PIECE, ForwardStream

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.images import Limits

_AGAIN = "copy or download the archive again"


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a photo stands in an archive.

    Parameters
    ----------
    path : Path
        The archive.
    offset, size : int
        In bytes of the archive as it is unpacked.
    uri : str
        The photo's name in the archive.
    limits : Limits
        The sizes to refuse.
    """

    path: Path
    offset: int
    size: int
    uri: str
    limits: Limits

    @property
    def name(self) -> str:
        """How errors call the photo."""
        return f"{self.uri} of {self.path.name}"


def read_piece(piece: Piece) -> bytes:
    """Read a photo of an archive that is not packed.

    Parameters
    ----------
    piece : Piece
        Where it stands.

    Returns
    -------
    bytes
        The photo's file.

    Raises
    ------
    ImageTooLarge
        If it is over the limit; then nothing has been read.
    ImageMissing
        If the archive is gone.
    ImageUnreadable
        If the archive is damaged or cut off.
    """
    piece.limits.check_bytes(piece.size, piece.name)
    try:
        with closing(ForwardStream(piece.path.open("rb"))) as stream:
            return whole(piece, piece_of(stream, piece.offset, piece.size))
    except FileNotFoundError as error:
        raise gone(piece.path) from error
    except BROKEN as error:
        raise damaged(piece, error) from error


def piece_of(stream: ForwardStream, offset: int, size: int) -> bytes:
    """Read bytes further on.

    Parameters
    ----------
    stream : ForwardStream
        The archive as it is unpacked, not yet past the offset.
    offset, size : int
        Where, and how many.

    Returns
    -------
    bytes
        Fewer if the archive ends before.
    """
    stream.seek(offset)
    data = bytearray()
    while len(data) < size:
        read = stream.read(min(PIECE, size - len(data)))
        if not read:
            break
        data += read
    return bytes(data)


def whole(piece: Piece, data: bytes) -> bytes:
    """Return the bytes of a photo if all are there.

    Parameters
    ----------
    piece : Piece
        The photo.
    data : bytes
        What was read.

    Returns
    -------
    bytes
        The same.

    Raises
    ------
    ImageUnreadable
        If some are missing.
    """
    if len(data) != piece.size:
        raise ImageUnreadable(f"{piece.name} is cut off", _AGAIN)
    return data


def gone(path: Path) -> ImageMissing:
    """Say that an archive is no longer there.

    Parameters
    ----------
    path : Path
        Where it was.

    Returns
    -------
    ImageMissing
        To be raised.
    """
    return ImageMissing(f"{path} is gone", "put the archive back")


def damaged(piece: Piece, error: BaseException) -> ImageUnreadable:
    """Say that a photo of an archive cannot be read.

    Parameters
    ----------
    piece : Piece
        The photo.
    error : BaseException
        What the reader said.

    Returns
    -------
    ImageUnreadable
        To be raised.
    """
    return ImageUnreadable(f"{piece.name} is damaged: {error}", _AGAIN)

"""The bytes of a tar archive, unpacked as they are read, and never more of them than is safe."""

from __future__ import annotations

import bz2
import gzip
import importlib
import lzma
import tarfile
import zlib
from typing import IO, TYPE_CHECKING, Any, Final, cast

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _import_zstandard() -> Any | None:
    # Part of Python from 3.14 on.
    try:
        return importlib.import_module("compression.zstd")
    except ImportError:
        return None


_zstandard: Final = _import_zstandard()

#: What the readers of packed streams raise at damaged ones; they share no narrower parent.
BROKEN: Final = (
    *(OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, tarfile.TarError),
    *((_zstandard.ZstdError,) if _zstandard else ()),
)

#: The most that is read in one piece: longer names and headers are no names and headers.
PIECE: Final = 1 << 20


def _open_zstandard(path: Path) -> IO[bytes]:
    if _zstandard is None:
        raise OptionError(
            f"{path.name} is packed with Zstandard, which this Python cannot read",
            "unpack it with: zstd -d, or use Python 3.14",
        )
    return cast("IO[bytes]", _zstandard.open(path))


#: The first bytes of packed files, and what unpacks them.
_OPENERS: Final[dict[bytes, Callable[[Path], Any]]] = {
    b"\x1f\x8b": gzip.open,
    b"\xfd7zXZ\x00": lzma.open,
    b"BZh": bz2.open,
    b"\x28\xb5\x2f\xfd": _open_zstandard,
}


def opener_of(path: Path) -> Callable[[Path], IO[bytes]] | None:
    """Say what unpacks a file, by its first bytes.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    callable or None
        Opens the file as it is unpacked; None for a file that is not packed.
    """
    with path.open("rb") as file:
        start = file.read(8)
    for magic, opener in _OPENERS.items():
        if start.startswith(magic):
            return opener
    return None


class ForwardStream:
    """A stream that is only ever read onwards, in small pieces.

    Python's reader of tar archives believes what headers say: a size below zero sends it back
    for ever, a name of ten gigabytes is read into memory. Both are refused here.

    Parameters
    ----------
    stream : binary file
        What to read.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._position = 0
        #: What was read last. After the last member it tells how the archive ends.
        self.last = b""

    def tell(self) -> int:
        """Return how many bytes are behind.

        Returns
        -------
        int
            Unpacked bytes.
        """
        return self._position

    def read(self, size: int) -> bytes:
        """Read on.

        Parameters
        ----------
        size : int
            How many bytes.

        Returns
        -------
        bytes
            Fewer than that only at the end.

        Raises
        ------
        ReadError
            Of `tarfile`, if that is more than a header may have.
        """
        if not 0 <= size <= PIECE:
            raise tarfile.ReadError("a header is too long")
        self.last = self._stream.read(size)
        self._position += len(self.last)
        return self.last

    def seek(self, position: int) -> int:
        """Go on to a place.

        Parameters
        ----------
        position : int
            In unpacked bytes from the start.

        Returns
        -------
        int
            Where the stream is, before that place if it ends there.

        Raises
        ------
        ReadError
            Of `tarfile`, if the place is behind.
        """
        if position < self._position:
            raise tarfile.ReadError("a header points backwards")
        self._position = self._stream.seek(position)
        return self._position

    def close(self) -> None:
        """Close the stream below."""
        self._stream.close()

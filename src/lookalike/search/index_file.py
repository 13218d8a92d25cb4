"""An index on disk: derived from a gallery, mapped into memory, never trusted blindly."""

from __future__ import annotations

import hashlib
import json
import math
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.search.stamp import Stamp
from lookalike.whole_files import replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from numpy.typing import NDArray

#: What the file begins with; the last digit is the format.
MAGIC: Final = b"LKINDEX1"

#: Arrays begin at multiples of this.
_ALIGNMENT: Final = 64

#: Arrays from this size on are mapped and not read.
_MAPPED_BYTES: Final = 1 << 20

#: No header is longer.
_LONGEST_HEADER: Final = 1 << 16

_DIGEST_BYTES: Final = 32

#: The types that arrays may have: nothing that is an object.
_TYPES: Final = frozenset({"float32", "float64", "int64", "uint64", "uint8"})


class IndexFile:
    """One index on disk.

    Parameters
    ----------
    path : Path
        The file.

    Notes
    -----
    `MAGIC`, the length of the header (uint64), the header (JSON: the stamp; of each array the
    name, type, shape and offset; the size of the file), the arrays, and the SHA-256 of all that.
    Numbers are little-endian. A file is written beside its place and moved there, so that it is
    there whole or not at all, and two processes that write at the same time do not mix.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        #: Why there was nothing to read, or why it could not be written, in one sentence.
        self.note = ""

    def write(self, stamp: Stamp, parts: Mapping[str, NDArray[Any]]) -> bool:
        """Keep an index.

        Parameters
        ----------
        stamp : Stamp
            What it was made from.
        parts : mapping of str to ndarray
            What it takes to have it again.

        Returns
        -------
        bool
            Whether that was possible; if not, `note` says why.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.path) as part, part.open("wb") as stream:
                _write(stream, stamp, parts)
        except OSError as error:
            self.note = f"The index is only in memory: {error.strerror or error}."
            return False
        return True

    def read(self, stamp: Stamp) -> dict[str, NDArray[Any]] | None:
        """Map an index that was kept.

        Parameters
        ----------
        stamp : Stamp
            What is needed; the generation may be another.

        Returns
        -------
        dict of str to ndarray, or None
            Its parts, large ones mapped from the file; None if there is no file, or none that
            fits, or a damaged one; `note` says which.
        """
        try:
            with self.path.open("rb") as stream:
                header, begin = _header(stream)
                kept = Stamp(**header["stamp"])
                if not stamp.fits(kept):
                    self.note = "The index was made from something else, and was built again."
                    return None
                _check_digest(stream, header["size"])
                return _arrays(stream, header["arrays"], begin)
        except FileNotFoundError:
            self.note = "The index was built."
        except OSError as error:
            self.note = f"The index could not be read and was built again: {error.strerror}."
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
            # Whatever is wrong with the bytes shows as one of these.
            self.note = "The index was damaged and was built again."
        return None


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def _write(stream: BinaryIO, stamp: Stamp, parts: Mapping[str, NDArray[Any]]) -> None:
    """Write everything, offsets counted from the first array."""
    described: list[tuple[str, str, list[int], int]] = []
    end = 0
    for name, part in parts.items():
        start = _aligned(end)
        described.append((name, part.dtype.name, list(part.shape), start))
        end = start + part.nbytes
    size = 0
    # The size is in the header, and its digits count.
    while True:
        front = _front({"stamp": asdict(stamp), "arrays": described, "size": size})
        if size == len(front) + end + _DIGEST_BYTES:
            break
        size = len(front) + end + _DIGEST_BYTES
    digest = hashlib.sha256()

    def put(data: Any) -> None:
        stream.write(data)
        digest.update(data)

    put(front)
    begin = stream.tell()
    for (_, _, _, start), part in zip(described, parts.values(), strict=True):
        put(b"\0" * (begin + start - stream.tell()))
        if part.size:
            put(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data)
    stream.write(digest.digest())


def _front(header: dict[str, Any]) -> bytes:
    """Return magic, length and header, filled up so that arrays lie well."""
    text = json.dumps(header).encode()
    length = _aligned(16 + len(text)) - 16
    return MAGIC + length.to_bytes(8, "little") + text.ljust(length)


def _header(stream: BinaryIO) -> tuple[dict[str, Any], int]:
    """Return the header and where arrays begin; ValueError if this is no index."""
    front = stream.read(16)
    length = int.from_bytes(front[8:], "little")
    if front[:8] != MAGIC or length > _LONGEST_HEADER:
        raise ValueError("no index")
    header = json.loads(stream.read(length))
    if header["size"] != os.fstat(stream.fileno()).st_size:
        raise ValueError("not whole")
    return header, 16 + length


def _check_digest(stream: BinaryIO, size: int) -> None:
    stream.seek(0)
    digest = hashlib.sha256()
    left = size - _DIGEST_BYTES
    while left > 0 and (block := stream.read(min(left, 1 << 20))):
        digest.update(block)
        left -= len(block)
    if left or stream.read(_DIGEST_BYTES) != digest.digest():
        raise ValueError("other bytes than were written")


def _arrays(stream: BinaryIO, described: list[Any], begin: int) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    for name, kind, shape, start in described:
        if kind not in _TYPES or min([0, start, *shape]) < 0:
            raise ValueError("no such array")
        dtype = np.dtype(kind).newbyteorder("<")
        count = math.prod(shape)
        if count * dtype.itemsize >= _MAPPED_BYTES:
            mapped = np.memmap(stream, dtype, "r", begin + start, tuple(shape))
            arrays[name] = mapped.view(np.ndarray)
        else:
            stream.seek(begin + start)
            data = stream.read(count * dtype.itemsize)
            arrays[name] = np.frombuffer(data, dtype).reshape(shape)
    return arrays

"""How long a ZIP archive's list of contents is, asked before it is read into memory."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from pathlib import Path

# APPNOTE.TXT 4.3.14 to 4.3.16: the end of the central directory, and its 64-bit form.
_END: Final = struct.Struct("<4s4xHHLLH")
_LOCATOR: Final = struct.Struct("<4sLQL")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LONGEST_COMMENT: Final = 0xFFFF


def directory_size(path: Path) -> tuple[int, int] | None:
    """Read how many members an archive states, and how many bytes its list of them has.

    Parameters
    ----------
    path : Path
        The archive.

    Returns
    -------
    members, size : int
        As stated; None if the file does not end as a ZIP archive does.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        start = max(0, size - _END.size - _LONGEST_COMMENT)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or at + _END.size > len(tail):
            return None
        _, _, members, length, _, _ = _END.unpack_from(tail, at)
        if length == 0xFFFFFFFF or members == 0xFFFF:
            return _long_size(file, start + at) or (members, length)
        return members, length


def _long_size(file: BinaryIO, end: int) -> tuple[int, int] | None:
    place = end - _LOCATOR.size
    if place < 0:
        return None
    file.seek(place)
    mark, _, offset, _ = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if mark != b"PK\x06\x07":
        return None
    # The same place that Python's reader looks at: right before the locator.
    for start in (place - _END_64.size, offset):
        if 0 <= start <= place - _END_64.size:
            file.seek(start)
            fields = _END_64.unpack(file.read(_END_64.size))
            if fields[0] == b"PK\x06\x06":
                return int(fields[7]), int(fields[8])
    return None

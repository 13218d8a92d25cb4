"""Weights that torch saved: arrays, or what is wrong with the file."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

from promise import untouched

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike", "pickletools", "zipfile")
LONGEST = 1 << 13

_MAGIC = 0x1950A86A20F9469CFC6C
_ZIP = b"PK\x03\x04"


def use(data: bytes, folder: Path) -> None:
    """Read a state; what is no archive is read as the pickle of one, too."""
    from lookalike.errors import WeightsUnreadable
    from lookalike.models.convert.torch_state import read_state

    with untouched(folder / "weights.pt", data) as path:
        try:
            read_state(path)
        except WeightsUnreadable:
            if data.startswith(_ZIP):
                raise
        else:
            return
    with untouched(folder / "packed.pt", _archive(data)) as path:
        read_state(path)


def _archive(pickled: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        # A date of its own would make every archive another one.
        archive.writestr(zipfile.ZipInfo("a/data.pkl"), pickled)
        archive.writestr(zipfile.ZipInfo("a/data/0"), struct.pack("<6f", *range(6)))
        archive.writestr(zipfile.ZipInfo("a/byteorder"), b"little")
    return stream.getvalue()


def _text(value: bytes) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value


def _dictionary() -> bytes:
    storage = b"(" + _text(b"storage") + b"ctorch\nFloatStorage\n" + _text(b"0") + _text(b"cpu")
    storage += b"K\x06tQ"
    tensor = (
        b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\x00K\x02K\x03\x86K\x03K\x01\x86"
    )
    tensor += b"\x89ccollections\nOrderedDict\n)RtR"
    return b"\x80\x02}q\x00(" + _text(b"w") + tensor + _text(b"v") + tensor + b"u."


def _pickle_long(value: int) -> bytes:
    raw = value.to_bytes(value.bit_length() // 8 + 1, "little")
    return b"\x80\x02\x8a" + bytes([len(raw)]) + raw + b"."


def seeds() -> dict[str, bytes]:
    """Write one dictionary by itself, in an archive, and in the older format."""
    machine = b"\x80\x02}" + _text(b"little_endian") + b"\x88s."
    parts = [_pickle_long(_MAGIC), _pickle_long(1001), machine, _dictionary()]
    parts += [b"\x80\x02](" + _text(b"0") + b"e.", struct.pack("<q6f", 6, *range(6))]
    return {
        "state.pkl": _dictionary(),
        "state.zip": _archive(_dictionary()),
        "legacy.pt": b"".join(parts),
    }

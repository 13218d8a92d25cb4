"""Weights as dlib writes them: tensors of the sizes that are asked for, or what is wrong."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from promise import untouched

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike",)
LONGEST = 1 << 12

#: How many numbers the tensors have that are looked for, one after another.
_SIZES = (6, 4, 1, 12)


def use(data: bytes, folder: Path) -> None:
    """Look for tensors as a converter does; then let a converter look for its own."""
    from lookalike.errors import WeightsUnreadable
    from lookalike.models.convert import dlib_mmod, dlib_resnet
    from lookalike.models.convert.dlib_stream import DlibStream

    with untouched(folder / "weights.dat", data) as path:
        for build, part in ((dlib_resnet.build, "resnet"), (dlib_mmod.build, "mmod")):
            try:
                build({part: path})
            except WeightsUnreadable:
                continue
    stream = DlibStream(data)
    for size in _SIZES:
        assert stream.tensor(size).size == size


def _integer(value: int) -> bytes:
    raw = abs(value).to_bytes(8, "little").rstrip(b"\0") or b"\0"
    return bytes([len(raw) | (0x80 if value < 0 else 0)]) + raw


def _tensor(*shape: int) -> bytes:
    size = 1
    for side in shape:
        size *= side
    head = b"".join(map(_integer, (2, *shape)))
    return head + struct.pack(f"<{size}f", *range(size))


def seeds() -> dict[str, bytes]:
    """Write tensors, with the names of layers between them as dlib does."""
    rows = [b"\x01\x05con_4", _tensor(1, 1, 2, 3), b"\x01\x07affine_", _tensor(4, 1, 1, 1)]
    rows += [_tensor(1, 1, 1, 1), b"\x01\x04fc_2", _tensor(3, 4, 1, 1), bytes(64)]
    return {"layers.dat": b"".join(rows), "empty-layer.dat": _tensor(0, 1, 1, 1) + b"".join(rows)}

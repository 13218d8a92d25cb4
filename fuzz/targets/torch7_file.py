"""Weights as Torch7 wrote them: plain values, or what is wrong with the file."""

from __future__ import annotations

import contextlib
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike",)
LONGEST = 1 << 12


def use(data: bytes, folder: Path) -> None:
    """Read a value, and let the converter look for its network."""
    from promise import untouched

    from lookalike.errors import WeightsUnreadable
    from lookalike.models.convert import openface
    from lookalike.models.convert.torch7 import read_torch7

    with untouched(folder / "weights.t7", data) as path, contextlib.suppress(WeightsUnreadable):
        openface.build({"network": path})
    read_torch7(data)


def _integer(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}i", *values)


def _long(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}q", *values)


def _string(text: bytes) -> bytes:
    return _integer(len(text)) + text


def _object(number: int, kind: bytes) -> bytes:
    return _integer(4, number) + _string(b"V 1") + _string(kind)


def _storage(number: int, count: int) -> bytes:
    head = _object(number, b"torch.FloatStorage")
    return head + _long(count) + struct.pack(f"<{count}f", *range(count))


def _tensor(number: int, rows: int, columns: int, storage: bytes) -> bytes:
    head = _object(number, b"torch.FloatTensor") + _integer(2)
    return head + _long(rows, columns, columns, 1, 1) + storage


def seeds() -> dict[str, bytes]:
    """Write a layer with its weights, and one value of each kind."""
    layer = _object(1, b"nn.Linear") + _integer(3, 2, 2)
    layer += _integer(2) + _string(b"weight") + _tensor(3, 2, 3, _storage(4, 6))
    layer += _integer(2) + _string(b"bias") + _tensor(5, 1, 3, _integer(4, 4))
    values = [_integer(1) + struct.pack("<d", 2.5), _integer(0), _integer(5, 1), _integer(3, 1)]
    pairs = b"".join(
        _integer(2) + _string(b"abcd"[at : at + 1]) + one for at, one in enumerate(values)
    )
    return {"layer.t7": layer, "kinds.t7": _integer(3, 1, len(values)) + pairs}

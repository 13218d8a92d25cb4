"""Reading Torch7's serialization format (``.t7``), as plain values.

Notes
-----
Every value begins with its kind, an int32: 0 nil, 1 number (float64), 2 string (int32 length and
bytes), 3 table, 4 object of a class, 5 boolean (int32). Tables and objects have a number, by
which they can be referred to again. An object has a version string (``V 1``), the name of its
class, and then: a tensor its number of axes, lengths, strides, offset from 1 and storage; a
storage its length and numbers; any other object the table of its fields. All little-endian, as
64-bit machines write it. Functions, which would hold program code, are refused.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from lookalike.errors import WeightsUnreadable

_NIL, _NUMBER, _STRING, _TABLE, _OBJECT, _BOOLEAN = range(6)
_DTYPES: Final = {
    "Double": "<f8",
    "Float": "<f4",
    "Cuda": "<f4",
    "Long": "<i8",
    "CudaLong": "<i8",
    "Int": "<i4",
    "Short": "<i2",
    "Char": "<i1",
    "Byte": "<u1",
}
_MOST_AXES: Final = 8
#: Networks are trees; one that is deeper is damaged, or wants to exhaust the reader.
_DEEPEST: Final = 100
#: Tensors may share their numbers, and each becomes an array of its own: all of them together may
#: take so many times the file.
_MOST_SHARED: Final = 4


@dataclass(slots=True)
class TorchObject:
    """An object of a class that is neither a tensor nor a storage.

    Parameters
    ----------
    kind : str
        The name of its class, for example ``"nn.Linear"``.
    fields : dict
        Its fields by name.
    """

    kind: str
    fields: dict[Any, Any] = field(default_factory=dict)


def read_torch7(data: bytes) -> Any:
    """Read the value that a file holds.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    object
        None, float, str, bool, dict, ndarray or `TorchObject`, and these within each other.

    Raises
    ------
    WeightsUnreadable
        If the file is damaged, or holds program code.
    """
    try:
        return _Reader(data).value()
    except (struct.error, LookupError, TypeError, ValueError) as error:
        raise WeightsUnreadable(
            f"the Torch7 file is damaged: {error}", "fetch the file again"
        ) from error


class _Reader:
    """A position in the file, and what has been read so far, by number."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._depth = 0
        self._seen: dict[int, Any] = {}
        self._bytes_left = _MOST_SHARED * len(data)

    def value(self) -> Any:
        kind = self._number("i")
        if kind == _NIL:
            return None
        if kind == _NUMBER:
            return self._number("d")
        if kind == _STRING:
            return self._string()
        if kind == _BOOLEAN:
            return self._number("i") == 1
        if kind not in (_TABLE, _OBJECT):
            raise WeightsUnreadable(
                f"the Torch7 file holds a value of kind {kind}",
                "functions are program code, and are never read",
            )
        index = self._number("i")
        if index not in self._seen:
            self._depth += 1
            if self._depth > _DEEPEST:
                raise ValueError("values lie too deep within each other")
            self._read(index, is_table=kind == _TABLE)
            self._depth -= 1
        return self._seen[index]

    def _read(self, index: int, *, is_table: bool) -> None:
        if is_table:
            # Known before its contents are: a table may refer to itself.
            self._fill(self._seen.setdefault(index, {}))
            return
        version = self._string()
        name = self._string() if version.startswith("V ") else version
        if name.startswith("torch.") and name.endswith("Tensor"):
            self._seen[index] = self._tensor(name[len("torch.") : -len("Tensor")])
        elif name.startswith("torch.") and name.endswith("Storage"):
            self._seen[index] = self._storage(name[len("torch.") : -len("Storage")])
        else:
            made = self._seen[index] = TorchObject(name)
            fields = self.value()
            made.fields.update(fields if isinstance(fields, dict) else {})

    def _fill(self, table: dict[Any, Any]) -> None:
        for _ in range(self._number("i")):
            key = self.value()
            table[key] = self.value()

    def _tensor(self, name: str) -> np.ndarray[Any, Any]:
        axes = self._number("i")
        if not 0 <= axes <= _MOST_AXES:
            raise ValueError(f"a tensor of {axes} axes")
        lengths = [self._number("q") for _ in range(axes)]
        strides = [self._number("q") for _ in range(axes)]
        offset = self._number("q") - 1
        storage = self.value()
        if storage is None or axes == 0:
            return np.empty(0, _DTYPES[name])
        if not isinstance(storage, np.ndarray) or storage.ndim != 1:
            raise ValueError("a tensor's storage is something else")
        pairs = list(zip(lengths, strides, strict=True))
        last = offset + sum((length - 1) * stride for length, stride in pairs)
        forward = min(offset, *strides) >= 0 and min(lengths) >= 1
        if not forward or max(last + 1, math.prod(lengths)) > len(storage):
            raise ValueError(f"a tensor of shape {lengths} leaves its storage")
        self._bytes_left -= math.prod(lengths) * storage.itemsize
        if self._bytes_left < 0:
            raise ValueError("its tensors are many times as large as the file")
        steps = [stride * storage.itemsize if length > 1 else 0 for length, stride in pairs]
        return np.lib.stride_tricks.as_strided(storage[offset:], lengths, steps).copy()

    def _storage(self, name: str) -> np.ndarray[Any, Any]:
        dtype = np.dtype(_DTYPES[name])
        raw = self._take(self._number("q") * dtype.itemsize)
        return np.frombuffer(raw, dtype)

    def _string(self) -> str:
        return self._take(self._number("i")).decode("latin-1")

    def _number(self, code: str) -> Any:
        (number,) = struct.unpack("<" + code, self._take(struct.calcsize("<" + code)))
        return number

    def _take(self, length: int) -> bytes:
        if not 0 <= length <= len(self._data) - self._at:
            raise ValueError(f"the file ends before its {length} bytes at {self._at:,}")
        self._at += length
        return self._data[self._at - length : self._at]

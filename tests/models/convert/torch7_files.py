"""Writing Torch7's serialization format, after its description."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

NAMES = {"float32": "Float", "float64": "Double", "int64": "Long", "uint8": "Byte"}


@dataclass
class Thing:
    """An object of a class, with its fields."""

    kind: str
    fields: dict


@dataclass
class LongStorage:
    """What Torch7 keeps shapes in."""

    numbers: tuple


class Writer:
    """Writes values; what it meets again it refers to."""

    def __init__(self):
        self.numbers = {}
        self.kept = []

    def write(self, value) -> bytes:
        if value is None:
            return integer(0)
        if isinstance(value, bool):
            return integer(5) + integer(int(value))
        if isinstance(value, int | float):
            return integer(1) + struct.pack("<d", value)
        if isinstance(value, str):
            return integer(2) + string(value)
        return self.numbered(value)

    def numbered(self, value) -> bytes:
        kind = integer(3 if isinstance(value, dict | list) else 4)
        if id(value) in self.numbers:
            return kind + integer(self.numbers[id(value)])
        number = self.numbers[id(value)] = len(self.numbers) + 1
        self.kept.append(value)
        return kind + integer(number) + self.body(value)

    def body(self, value) -> bytes:
        if isinstance(value, list):
            return self.table({at + 1: item for at, item in enumerate(value)})
        if isinstance(value, dict):
            return self.table(value)
        if isinstance(value, Thing):
            # The fields are a table of their own.
            return named(value.kind) + self.write(value.fields)
        if isinstance(value, LongStorage):
            return named("torch.LongStorage") + storage(np.array(value.numbers, np.int64))
        return self.tensor(value)

    def table(self, items) -> bytes:
        written = b"".join(self.write(key) + self.write(item) for key, item in items.items())
        return integer(len(items)) + written

    def tensor(self, array) -> bytes:
        name = NAMES[array.dtype.name]
        strides = [stride // array.itemsize for stride in array.strides]
        shape = struct.pack(f"<{2 * array.ndim}q", *array.shape, *strides)
        head = named(f"torch.{name}Tensor") + integer(array.ndim) + shape + struct.pack("<q", 1)
        number = len(self.numbers) + 1
        self.numbers[object()] = number
        flat = np.ascontiguousarray(array).ravel()
        return head + integer(4) + integer(number) + named(f"torch.{name}Storage") + storage(flat)


def integer(number: int) -> bytes:
    return struct.pack("<i", number)


def string(text: str) -> bytes:
    return integer(len(text)) + text.encode("latin-1")


def named(kind: str) -> bytes:
    return string("V 1") + string(kind)


def storage(numbers: np.ndarray) -> bytes:
    return struct.pack("<q", len(numbers)) + numbers.tobytes()


def dumps(value) -> bytes:
    return Writer().write(value)

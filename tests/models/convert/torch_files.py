"""Writing files as torch.save does, opcode by opcode, without torch."""

from __future__ import annotations

import pickle
import struct
import zipfile

import numpy as np

STORAGES = {
    "<f4": "FloatStorage",
    "<f8": "DoubleStorage",
    "<f2": "HalfStorage",
    "<i8": "LongStorage",
}


def text(value: str) -> bytes:
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def a_tuple(*items: bytes) -> bytes:
    return b"(" + b"".join(items) + b"t"


def a_global(module: str, name: str) -> bytes:
    return b"c" + f"{module}\n{name}\n".encode()


EMPTY = a_global("collections", "OrderedDict") + b")R"


def reference(array: np.ndarray, key: str, *, legacy: bool) -> bytes:
    kind = a_global("torch", STORAGES[array.dtype.newbyteorder("<").str])
    items = [text("storage"), kind, text(key), text("cpu"), number(array.size)]
    return a_tuple(*items, *([b"N"] if legacy else [])) + b"Q"


def tensor(
    array: np.ndarray,
    key: str,
    *,
    legacy: bool = False,
    offset: int = 0,
    shape: tuple[int, ...] | None = None,
    strides: tuple[int, ...] | None = None,
) -> bytes:
    shape = array.shape if shape is None else shape
    strides = tuple(s // array.itemsize for s in array.strides) if strides is None else strides
    arguments = a_tuple(
        reference(array, key, legacy=legacy),
        number(offset),
        a_tuple(*map(number, shape)),
        a_tuple(*map(number, strides)),
        b"\x89",
        EMPTY,
    )
    return a_global("torch._utils", "_rebuild_tensor_v2") + arguments + b"R"


def dictionary(entries: dict[str, bytes]) -> bytes:
    """A state dictionary with its version numbers, as modules give it."""
    items = b"".join(text(name) + made for name, made in entries.items())
    state = b"}" + text("_metadata") + EMPTY + b"s"
    return b"\x80\x02" + EMPTY + b"(" + items + b"u" + state + b"b."


def state(arrays: dict[str, np.ndarray], *, legacy: bool = False) -> bytes:
    return dictionary(
        {name: tensor(a, str(at), legacy=legacy) for at, (name, a) in enumerate(arrays.items())}
    )


def write_zip(path, description: bytes, storages: dict[str, bytes], **extra: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net/data.pkl", description)
        for name, content in {"byteorder": b"little", "version": b"3\n", **extra}.items():
            archive.writestr(f"net/{name}", content)
        for key, raw in storages.items():
            archive.writestr(f"net/data/{key}", raw)


def write_legacy(path, description: bytes, storages: dict[str, bytes], sizes: list[int]) -> None:
    machine = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"int": 4}}
    head = b"".join(pickle.dumps(part, 2) for part in (0x1950A86A20F9469CFC6C, 1001, machine))
    body = b"".join(
        struct.pack("<q", size) + raw for size, raw in zip(sizes, storages.values(), strict=True)
    )
    path.write_bytes(head + description + pickle.dumps(list(storages), 2) + body)


def save(path, arrays: dict[str, np.ndarray], *, legacy: bool = False) -> None:
    """Write a state dictionary in one of torch's two formats."""
    storages = {str(at): a.tobytes() for at, a in enumerate(arrays.values())}
    description = state(arrays, legacy=legacy)
    if legacy:
        write_legacy(path, description, storages, [a.size for a in arrays.values()])
    else:
        write_zip(path, description, storages)

"""Reading a state dictionary that torch saved, without torch and without running its pickle.

Notes
-----
Since torch 1.6 a file is a zip archive: ``NAME/data.pkl`` describes the dictionary, and the
numbers of each storage lie uncompressed in ``NAME/data/KEY``. Before, a file was a row of
pickles: a magic number, a version, facts about the machine, the dictionary, the keys of the
storages; then the storages in that order, each as its length (int64) and its numbers. In both
the dictionary refers to storages, and a tensor is a view of a storage: offset, shape, strides.
"""

from __future__ import annotations

import math
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.plain_pickle import PlainPickle

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_MAGIC: Final = 0x1950A86A20F9469CFC6C
_LEGACY_VERSION: Final = 1001
#: A description of a network is a few hundred kilobytes.
_LONGEST_PICKLE: Final = 1 << 24
_LITTLE: Final = b"little"
#: Arrays may share their numbers, as tied layers do, and each becomes one of its own: all of them
#: together may take so many times what is stored.
_MOST_SHARED: Final = 4

#: What comes of reading a damaged file.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    LookupError,
    TypeError,
    ValueError,
)

_DTYPES: Final = {
    "torch.DoubleStorage": "<f8",
    "torch.FloatStorage": "<f4",
    "torch.HalfStorage": "<f2",
    "torch.LongStorage": "<i8",
    "torch.IntStorage": "<i4",
    "torch.ShortStorage": "<i2",
    "torch.CharStorage": "<i1",
    "torch.ByteStorage": "<u1",
    "torch.BoolStorage": "?",
}


@dataclass(frozen=True, slots=True)
class _Storage:
    """A run of numbers somewhere in the file."""

    dtype: np.dtype[Any]
    key: str
    size: int

    @property
    def bytes(self) -> int:
        return self.size * self.dtype.itemsize


@dataclass(frozen=True, slots=True)
class _View:
    """A tensor: how it looks at its storage."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def over(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """Return the tensor as an array of its own."""
        pairs = list(zip(self.shape, self.strides, strict=True))
        last = self.offset + sum((length - 1) * stride for length, stride in pairs)
        forward = min((self.offset, *self.strides)) >= 0 and min((1, *self.shape)) == 1
        if not forward or max(last + 1, math.prod(self.shape)) > len(numbers):
            raise WeightsUnreadable(
                f"a tensor of shape {self.shape} leaves its storage of {len(numbers)} numbers",
                "the file is damaged",
            )
        steps = [stride * numbers.itemsize if length > 1 else 0 for length, stride in pairs]
        beginning = numbers[self.offset :]
        return np.lib.stride_tricks.as_strided(beginning, self.shape, steps).copy()


def read_state(path: Path) -> dict[str, NDArray[Any]]:
    """Read the arrays of a state dictionary.

    Parameters
    ----------
    path : Path
        A file that ``torch.save`` wrote, in either of its formats.

    Returns
    -------
    dict of str to ndarray
        By their names in the network.

    Raises
    ------
    WeightsUnreadable
        If the file is damaged, or holds anything but a dictionary of arrays.
    """
    with path.open("rb") as stream:
        try:
            if zipfile.is_zipfile(stream):
                return _arrays(*_read_zip(stream))
            stream.seek(0)
            return _arrays(*_read_legacy(stream, path.stat().st_size))
        except _DAMAGE as error:
            raise WeightsUnreadable(
                f"{path.name} is damaged: {error}", "fetch the file again"
            ) from error


def _arrays(described: Any, storages: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Turn the views of a dictionary into arrays."""
    if not isinstance(described, dict) or not described:
        raise WeightsUnreadable("the file does not hold a state dictionary")
    arrays = {}
    left = _MOST_SHARED * sum(numbers.nbytes for numbers in storages.values())
    for name, view in described.items():
        if not isinstance(name, str) or not isinstance(view, _View):
            raise WeightsUnreadable(
                f"the file holds more than arrays: {name!r}",
                "save network.state_dict(), and nothing beside it",
            )
        numbers = storages[view.storage.key]
        left -= math.prod(view.shape) * numbers.itemsize
        if left < 0:
            raise WeightsUnreadable("the arrays are many times as large as the file")
        arrays[name] = view.over(numbers)
    return arrays


class _Description:
    """Reads a dictionary's pickle and remembers the storages it speaks of."""

    def __init__(self) -> None:
        self.storages: dict[str, _Storage] = {}
        names: dict[str, Any] = {name: np.dtype(kind) for name, kind in _DTYPES.items()}
        names["collections.OrderedDict"] = self._dictionary
        names["torch._utils._rebuild_tensor_v2"] = self._tensor
        names["torch._utils._rebuild_parameter"] = lambda view, *_: view
        self.reader = PlainPickle(names, self._storage)

    def _dictionary(self) -> dict[str, Any]:
        # Not ``dict`` itself: the program may make an empty one, and not copy others.
        return {}

    def _storage(self, reference: tuple[Any, ...]) -> _Storage:
        kind, dtype, key, _, size, *view = reference
        plain = kind == "storage" and isinstance(key, str) and isinstance(size, int) and size >= 0
        if not plain or not isinstance(dtype, np.dtype) or view not in ([], [None]):
            raise ValueError("a storage is described wrongly")
        return self.storages.setdefault(key, _Storage(dtype, key, size))

    def _tensor(self, storage: Any, offset: int, shape: tuple[int, ...], *rest: Any) -> _View:
        strides = rest[0]
        numbers = (offset, *shape, *strides)
        if not isinstance(storage, _Storage) or not all(isinstance(n, int) for n in numbers):
            raise ValueError("a tensor is described wrongly")
        return _View(storage, offset, tuple(shape), tuple(strides))


def _read_zip(stream: IO[bytes]) -> tuple[Any, dict[str, NDArray[Any]]]:
    with zipfile.ZipFile(stream) as archive:
        pickles = [name for name in archive.namelist() if name.endswith("data.pkl")]
        if len(pickles) != 1 or not _is_small(archive.getinfo(pickles[0]), _LONGEST_PICKLE):
            raise WeightsUnreadable("the archive does not hold a state dictionary")
        folder = pickles[0].removesuffix("data.pkl")
        order = f"{folder}byteorder"
        if order in archive.namelist() and not (
            _is_small(archive.getinfo(order), len(_LITTLE)) and archive.read(order) == _LITTLE
        ):
            raise WeightsUnreadable("the numbers in the archive are big-endian")
        description = _Description()
        with archive.open(pickles[0]) as pickled:
            described = description.reader.read(pickled)
        storages = {}
        for key, storage in description.storages.items():
            entry = archive.getinfo(f"{folder}data/{key}")
            # Stored as it is, as torch does: a small archive cannot unfold into a huge one.
            if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != storage.bytes:
                raise WeightsUnreadable(f"the storage {key} is damaged")
            storages[key] = np.frombuffer(archive.read(entry), storage.dtype)
    return described, storages


def _is_small(entry: zipfile.ZipInfo, most: int) -> bool:
    """Say whether an entry is packed as archives are, and how much it unfolds into."""
    known = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return known and entry.file_size <= most


def _read_legacy(stream: IO[bytes], length: int) -> tuple[Any, dict[str, NDArray[Any]]]:
    description = _Description()
    read = description.reader.read
    if read(stream) != _MAGIC or read(stream) != _LEGACY_VERSION:
        raise WeightsUnreadable("the file is not one that torch.save wrote")
    machine = read(stream)
    if not isinstance(machine, dict) or machine.get("little_endian") is not True:
        raise WeightsUnreadable("the numbers in the file are big-endian")
    described = read(stream)
    storages = {}
    keys = read(stream)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise ValueError("the keys of the storages are no texts")
    for key in keys:
        storage = description.storages[key]
        size = int.from_bytes(stream.read(8), "little")
        if size != storage.size or storage.bytes > length - stream.tell():
            raise WeightsUnreadable(f"the storage {key} is damaged, or the file was cut")
        storages[key] = np.frombuffer(stream.read(storage.bytes), storage.dtype)
    return described, storages

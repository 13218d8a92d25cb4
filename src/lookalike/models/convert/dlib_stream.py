"""Reading dlib's serialization format.

Notes
-----
An integer is a control byte (bit 7: sign, low four bits: number of bytes) followed by its bytes,
little-endian. A tensor is the integer 2 (a version), four integers (samples, channels, rows,
columns) and raw little-endian float32. This reader looks for tensors and steps over everything
that stands between them, because a network's layers always come in the order input to output
and are told apart by the shapes of their tensors.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import WeightsUnreadable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGN: Final = 0x80
_LENGTH: Final = 0x0F
_TENSOR_VERSION: Final = 2
#: The integer 2 in one to eight bytes. Found at the speed of the library, since a file of gigabytes
#: may hold no tensor at all; one may begin within what looks like another, so nothing is consumed.
_VERSIONS: Final = re.compile(
    b"(?=%b)"
    % b"|".join(bytes([length, _TENSOR_VERSION, *bytes(length - 1)]) for length in range(1, 9))
)


class DlibStream:
    """A position in a file that dlib wrote.

    Parameters
    ----------
    data : bytes
        The whole file.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def _integer(self, at: int) -> tuple[int, int] | None:
        """Return the integer at a position and where it ends, or None if none stands there."""
        if at >= len(self._data):
            return None
        control = self._data[at]
        length = control & _LENGTH
        if not 1 <= length <= 8 or control & 0x70:
            return None
        value = int.from_bytes(self._data[at + 1 : at + 1 + length], "little")
        return (-value if control & _SIGN else value), at + 1 + length

    def _header(self, at: int) -> tuple[tuple[int, ...], int] | None:
        """Return the shape of the tensor that begins here and where its numbers begin."""
        numbers = []
        for _ in range(5):
            read = self._integer(at)
            if read is None:
                return None
            value, at = read
            numbers.append(value)
        version, *shape = numbers
        if version != _TENSOR_VERSION or min(shape) < 0:
            return None
        return tuple(shape), at

    def tensor(self, size: int) -> NDArray[np.float32]:
        """Step forward to the next tensor of that many numbers and read it.

        Parameters
        ----------
        size : int
            How many numbers the tensor must have.

        Returns
        -------
        ndarray of shape (samples, channels, rows, columns), float32
            A copy.

        Raises
        ------
        WeightsUnreadable
            If no such tensor follows.
        """
        for found in _VERSIONS.finditer(self._data, self._at, max(0, len(self._data) - 4 * size)):
            header = self._header(found.start())
            if header is None:
                continue
            shape, begin = header
            if math.prod(shape) != size or begin + 4 * size > len(self._data):
                continue
            self._at = begin + 4 * size
            numbers = np.frombuffer(self._data, "<f4", size, begin)
            return numbers.reshape(shape).astype(np.float32)
        raise WeightsUnreadable(
            f"no tensor of {size} numbers after byte {self._at:,}",
            "the file is damaged, or holds another network",
        )

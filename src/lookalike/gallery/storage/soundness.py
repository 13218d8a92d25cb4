"""What rows of a gallery must hold: SQLite keeps any value in any column, and files are damaged."""

from __future__ import annotations

import math
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

#: No photo has so many pixels on a side.
_FARTHEST_PX: Final = 1e9


def rising(found: Iterable[Any]) -> Iterator[Any]:
    """Go through rows that come by their numbers; in circles of pages some come again, without end.

    Parameters
    ----------
    found : iterable of Row
        Each with its ``number``.

    Yields
    ------
    Row
        The same ones.

    Raises
    ------
    ValueError
        If a number is no greater than the one before it.
    """
    last = -math.inf
    for row in found:
        if row.number <= last:
            raise ValueError("a face comes twice")
        last = row.number
        yield row


def require_kinds(rows: Sequence[Any], kinds: tuple[type, ...]) -> None:
    """Raise unless columns hold what they should.

    Parameters
    ----------
    rows : sequence of Row
        All of them.
    kinds : tuple of type
        One for each of the first columns.

    Raises
    ------
    TypeError
        If some value is of another kind.
    """
    for at, kind in enumerate(kinds):
        if not set(map(type, map(itemgetter(at), rows))) <= {kind}:
            raise TypeError(f"a column holds another kind than {kind.__name__}")


def box_of(numbers: list[float]) -> NDArray[np.float32]:
    """Read a box.

    Parameters
    ----------
    numbers : list of float
        Left, top, right and bottom.

    Returns
    -------
    ndarray of shape (4,), float32
        The same.

    Raises
    ------
    ValueError
        If it lies where no photo has pixels.
    """
    written = np.array(numbers, np.float64)
    if not (np.abs(written) < _FARTHEST_PX).all():
        raise ValueError("a face lies nowhere")
    return written.astype(np.float32)


def points_of(written: bytes) -> NDArray[np.float32]:
    """Read five landmarks.

    Parameters
    ----------
    written : bytes
        Ten little-endian float32.

    Returns
    -------
    ndarray of shape (5, 2), float32
        A copy.
    """
    return np.frombuffer(written, "<f4").reshape(5, 2).astype(np.float32)

"""What an index is asked for with, and which of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np

from lookalike.errors import ArrayError, OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["auto", "exact", "hnsw", "ivf"]
Bits = Literal[4, 8, 32]


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """Which index to search with.

    Parameters
    ----------
    kind : {"auto", "exact", "hnsw", "ivf"}
        How rows are found; "auto" goes by their number, see `choose`.
    bits : {4, 8, 32}, optional
        Of each number that is looked at to find candidates; their distances are always taken
        from the rows themselves. Default is what the kind is best with.
    threads : int, optional
        Of one search; default 1, and all cores for large batches.
    """

    kind: Kind = "auto"
    bits: Bits | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        """Check the choices."""
        if self.kind not in get_args(Kind):
            choices = ", ".join(get_args(Kind))
            raise OptionError(f"there is no index named {self.kind!r}", f"known: {choices}")
        if self.bits is not None and self.bits not in get_args(Bits):
            raise OptionError(f"an index has 4, 8 or 32 bits, not {self.bits}", "try 8")
        if self.threads is not None and self.threads < 1:
            raise OptionError(f"threads must be at least 1, got {self.threads}")


#: Rows to choose from: a mask, or their numbers.
Filter: TypeAlias = "NDArray[np.bool_] | NDArray[np.int64]"


def checked_filter(rows: Filter | None, n: int) -> Filter | None:
    """Check which rows may be found.

    Parameters
    ----------
    rows : ndarray of shape (n,), bool, or ndarray of shape (r,), int64, or None
        A mask, or numbers of rows, or no filter.
    n : int
        How many rows there are.

    Returns
    -------
    ndarray of shape (n,), bool, or ndarray of shape (r,), int64, or None
        The mask, or each number once, ascending.

    Raises
    ------
    ArrayError
        If it is no filter of n rows.
    """
    if rows is None:
        return None
    array: NDArray[Any] = np.asarray(rows)
    if array.dtype == np.bool_:
        if array.shape != (n,):
            raise ArrayError(f"a mask of rows must have the shape ({n},), got {array.shape}")
        return array
    if array.size == 0:
        return np.empty(0, np.int64)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        raise ArrayError(
            f"rows must be a mask or a list of row numbers, got {array.shape} {array.dtype}"
        )
    if (array[1:] <= array[:-1]).any():
        array = np.unique(array)
    if array[0] < 0 or array[-1] >= n:
        raise ArrayError(f"rows must be from 0 to {n - 1}, got {array[0]} to {array[-1]}")
    return array.astype(np.int64, copy=False)


def checked_queries(queries: NDArray[np.float32], d: int) -> NDArray[np.float32]:
    """Check what is asked for.

    Parameters
    ----------
    queries : ndarray of shape (m, d), float
        Raw rows.
    d : int
        The length that they must have.

    Returns
    -------
    ndarray of shape (m, d), float32
        The same numbers.

    Raises
    ------
    ArrayError
        If the shape is another one, or something is not finite.
    """
    checked = np.asarray(queries, np.float32)
    if checked.ndim != 2 or checked.shape[1] != d:
        raise ArrayError(f"queries must be (m, {d}) float32, got {checked.shape}")
    require_finite("queries", checked)
    return checked


def require_finite(name: str, array: NDArray[np.float32]) -> None:
    """Raise if something has no distance to anything.

    Parameters
    ----------
    name : str
        How the error calls the array.
    array : ndarray of shape (n, d), float32
        The array to look at.

    Raises
    ------
    ArrayError
        With the number of the first row that is not finite.
    """
    # A sum of squares is not finite if a number is not, nor if it is too large to be squared.
    with np.errstate(over="ignore", invalid="ignore"):
        squares = np.einsum("nd,nd->n", array, array)
    if not np.isfinite(squares).all():
        row = int(np.flatnonzero(~np.isfinite(squares))[0])
        raise ArrayError(f"{name} must be finite and below 1e18, and row {row} is not")

"""How the nouns check their arrays: one place, one wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.errors import ArrayError

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray


def check_array(
    name: str, array: NDArray[Any], shape: tuple[int | str, ...], dtype: DTypeLike
) -> None:
    """Raise unless `array` has this shape and dtype.

    Parameters
    ----------
    name : str
        How the error calls the array, for example ``"Faces.boxes"``.
    array : ndarray
        The array to look at.
    shape : tuple of int or str
        A number is a fixed length; a letter is any length.
    dtype : dtype-like
        The exact dtype.

    Raises
    ------
    ArrayError
        With the expected and the actual shape and dtype.
    """
    if not isinstance(array, np.ndarray):
        raise ArrayError(f"{name} must be an ndarray, got {type(array).__name__}")
    fits = array.ndim == len(shape) and all(
        isinstance(want, str) or want == have for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype != np.dtype(dtype):
        wanted = "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
        raise ArrayError(
            f"{name} must be {wanted} {np.dtype(dtype)}, got {array.shape} {array.dtype}"
        )


def check_same_length(owner: str, **arrays: Any) -> None:
    """Raise unless all columns of a noun have the same number of rows.

    Parameters
    ----------
    owner : str
        The noun's name.
    **arrays : sized
        The columns.

    Raises
    ------
    ArrayError
        With the length of each column.
    """
    lengths = {name: len(column) for name, column in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise ArrayError(f"the columns of {owner} must have the same length, got {lengths}")

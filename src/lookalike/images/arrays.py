"""From an array somebody else made to RGB pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.errors import ArrayError
from lookalike.images.pixels import from_16_bit, gray_to_rgb, rgb_pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHAPES = "(H, W), (H, W, 1), (H, W, 3) or (H, W, 4)"
# Resizing in floating point oversteps the range by a hair.
_SLACK = 1e-3


def array_pixels(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Convert an array to RGB, with transparent parts over white.

    Parameters
    ----------
    array : ndarray of shape (H, W), (H, W, 1), (H, W, 3) or (H, W, 4)
        Gray, RGB or RGBA: uint8 from 0 to 255, uint16 from 0 to 65535, bool, or floating point
        from 0 to 1.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        RGB, C-contiguous. An array that is so already is not copied.

    Raises
    ------
    ArrayError
        If the shape, the dtype or the range is another one.

    Examples
    --------
    >>> array_pixels(np.ones((2, 2), bool))[0, 0].tolist()
    [255, 255, 255]
    """
    _check_shape(array)
    values = _eight_bit(array)
    match values.shape:
        case (_, _):
            return gray_to_rgb(values)
        case (_, _, 1):
            return gray_to_rgb(values[..., 0])
        case (_, _, 3):
            return np.ascontiguousarray(values)
    from PIL.Image import fromarray

    return rgb_pixels(fromarray(np.ascontiguousarray(values)))


def _check_shape(array: NDArray[Any]) -> None:
    match array.shape:
        case (_, _) | (_, _, 1 | 3 | 4) if array.size:
            return
        case (1 | 3 | 4, _, _):
            hint = "the channels come last: use array.transpose(1, 2, 0)"
        case (_, _, _, _):
            hint = "this looks like a batch: pass its pictures one by one"
        case _:
            hint = "pass one picture"
    raise ArrayError(f"a picture must have shape {_SHAPES}, got {array.shape}", hint)


def _eight_bit(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype == np.uint16:
        return from_16_bit(array)
    if np.issubdtype(array.dtype, np.floating):
        low, high = float(array.min()), float(array.max())
        # Written so that NaN fails too.
        if not (low >= -_SLACK and high <= 1 + _SLACK):
            raise ArrayError(
                f"a floating-point picture must lie in 0 to 1, got {low:.6g} to {high:.6g}",
                "divide by 255, or convert with array.astype(numpy.uint8)",
            )
        return np.clip(np.rint(array * 255.0), 0, 255).astype(np.uint8)
    raise ArrayError(
        f"a picture must be uint8, uint16, bool or floating point, got {array.dtype}",
        "convert with array.astype(numpy.uint8) if the values lie in 0 to 255",
    )

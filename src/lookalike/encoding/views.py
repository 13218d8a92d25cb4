"""Several views of one face, for one steadier vector.

The first view is the crop as it is and the second its mirror image. More views come in such
pairs, too: the crop a little turned, resized and shifted, as if the landmarks had been found a
little elsewhere, and its mirror image. The crops are cut already, so what moves in from outside
is the mirror image of what stands at the edge.

The movements are always the same: the points of a Halton sequence, which fill the space of turn,
size and shift evenly however many are taken.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.alignment.warp import MIRROR, warp
from lookalike.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: 1 is the crop as it is, 2 adds its mirror image, more add moved crops.
MOST_VIEWS: Final = 32

#: How far the movements go, either way: landmarks of the same face differ by about as much.
_TURN_DEGREES: Final = 4.0
_RESIZE: Final = 0.04
_SHIFT: Final = 0.025


def views_of(pixels: NDArray[np.uint8], views: int) -> NDArray[np.uint8]:
    """Return the views of each crop.

    Parameters
    ----------
    pixels : ndarray of shape (n, S, S, 3), uint8
        Crops.
    views : int
        1: as is; 2: and mirrored; up to 32: and moved a little.

    Returns
    -------
    ndarray of shape (views * n, S, S, 3), uint8
        All crops as they are, then all mirrored, then all moved in one way, and so on.

    Raises
    ------
    OptionError
        If `views` is out of range.
    """
    check_views(views)
    if views == 1:
        return pixels
    made = [pixels, pixels[:, :, ::-1]]
    for number in range((views - 1) // 2):
        moved = _moved(pixels, number)
        made += [moved, moved[:, :, ::-1]]
    return np.concatenate(made[:views])


def check_views(views: int) -> None:
    """Raise unless there can be so many views.

    Parameters
    ----------
    views : int
        How many.

    Raises
    ------
    OptionError
        If `views` is out of range.
    """
    if not 1 <= views <= MOST_VIEWS:
        raise OptionError(f"views must be between 1 and {MOST_VIEWS}, got {views}")


def _moved(pixels: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Return the crops after a movement."""
    side = pixels.shape[1]
    matrix = _movement(number, side)
    result = np.empty_like(pixels)
    for crop, moved in zip(pixels, result, strict=True):
        moved[:] = warp(crop, matrix, side, MIRROR)
    return result


@cache
def _movement(number: int, side: int) -> NDArray[np.float32]:
    """Return the map of a movement about the middle of a crop, shape (2, 3)."""
    turn, size, right, down = (2 * _halton(number + 1, base) - 1 for base in (2, 3, 5, 7))
    angle = math.radians(turn * _TURN_DEGREES)
    scale = 1 + size * _RESIZE
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    middle = (side - 1) / 2
    x = middle + right * _SHIFT * side - (cosine - sine) * middle
    y = middle + down * _SHIFT * side - (sine + cosine) * middle
    return np.array([[cosine, -sine, x], [sine, cosine, y]], np.float32)


def _halton(number: int, base: int) -> float:
    """Return a number of the Halton sequence: its digits mirrored at the decimal point."""
    value, place = 0.0, 1.0 / base
    while number:
        number, digit = divmod(number, base)
        value += digit * place
        place /= base
    return value

"""A picture at many sizes on one canvas, laid out as dlib does it.

The network was trained on such canvases, and what stands next to a small level is part of what
it sees there: with dlib's own layout it gives dlib's own numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Each level is this much smaller than the one before.
_RATE: Final = 5 / 6

#: Empty pixels between two levels, and around all of them.
_BETWEEN_PX: Final = 10
_AROUND_PX: Final = 11

_LEAST_ROWS: Final = 5

#: How far dlib takes a point of the picture to move from one level to the next, in pixels.
_DRIFT_PX: Final = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Where each level stands on the canvas.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the canvas.
    corners : ndarray of shape (m, 2), int64
        ``x y`` of the top left pixel of each level.
    sizes : ndarray of shape (m, 2), int64
        Width and height of each level; the first is the picture's.
    """

    shape: tuple[int, int]
    corners: NDArray[np.int64]
    sizes: NDArray[np.int64]

    def draw(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """Draw the canvas.

        Parameters
        ----------
        picture : ndarray of shape (channels, H, W), float32
            The finest level.

        Returns
        -------
        ndarray of shape (channels, rows, columns), float32
            All levels, and zeros between them.
        """
        canvas = np.zeros((len(picture), *self.shape), np.float32)
        level = picture
        for (x, y), (width, height) in zip(self.corners, self.sizes, strict=True):
            level = _shrunk(_shrunk(level, 1, int(height)), 2, int(width))
            canvas[:, y : y + height, x : x + width] = level
        return canvas

    def boxes(self, places: NDArray[np.int64], side_px: int) -> NDArray[np.float32]:
        """Turn windows on the canvas into boxes in the picture.

        Parameters
        ----------
        places : ndarray of shape (n, 2), int64
            ``x y`` of the pixels in the middle of the windows.
        side_px : int
            Side of a window.

        Returns
        -------
        ndarray of shape (n, 4), float32
            ``x1 y1 x2 y2`` in pixels of the picture. A window belongs to the level nearest to
            its middle.
        """
        inside = np.clip(places[:, None], self.corners, self.corners + self.sizes - 1)
        level = ((places[:, None] - inside) ** 2).sum(axis=2).argmin(axis=1)
        middle = places - self.corners[level]
        # Up one level, a place p becomes p / rate + drift, which leaves one point where it is.
        still = _DRIFT_PX / (1 / _RATE - 1)
        half = (side_px - 1) / 2
        edges = np.concatenate([middle - half, middle + half], axis=1) + still
        boxes = edges / _RATE ** level[:, None] - still
        boxes[:, 2:] += 1  # dlib's far edges are the last pixels inside
        return np.asarray(boxes, np.float32)


def _shrunk(planes: NDArray[np.float32], axis: int, size: int) -> NDArray[np.float32]:
    """Interpolate along an axis as dlib does: the ends stay the ends, nothing is averaged.

    OpenCV has no such thing: what comes nearest rounds places to 1/32 of a pixel.
    """
    last = planes.shape[axis] - 1
    if last + 1 == size:
        return planes
    places = np.arange(size, dtype=np.float32) * np.float32(last / max(size - 1, 1))
    before = np.minimum(places.astype(np.int64), last)
    parts = places - before.astype(np.float32)
    result: NDArray[np.float32] = planes.take(before, axis)
    change = planes.take(np.minimum(before + 1, last), axis)
    change -= result
    change *= parts if axis == planes.ndim - 1 else parts[:, None]
    result += change
    return result


@lru_cache(maxsize=64)
def tiles(width: int, height: int) -> Tiles:
    """Lay out the levels of a picture.

    Parameters
    ----------
    width, height : int
        Size of the picture in pixels.

    Returns
    -------
    Tiles
        The first levels one below the other; then, from the bottom up and along the right edge,
        those that fit beside them. Levels for which there is no room are left out, as are those
        of a few pixels.
    """
    sizes = _sizes(width, height)
    count = _in_first_column(sizes)
    corners = []
    y = _AROUND_PX
    for _, rows in sizes[:count]:
        corners.append((_AROUND_PX, y))
        y += rows + _BETWEEN_PX
    bottom = y - _BETWEEN_PX
    y = bottom
    for columns, rows in sizes[count:]:
        if y - rows < _AROUND_PX + height:
            break
        corners.append((_AROUND_PX + width - columns, y - rows))
        y -= rows + _BETWEEN_PX
    shape = (bottom + _AROUND_PX, width + 2 * _AROUND_PX)
    return Tiles(shape, np.array(corners), np.array(sizes[: len(corners)]))


def _sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Return width and height of all levels."""
    sizes = [(width, height)]
    while True:
        width, height = int(_RATE * width), int(_RATE * height)
        if width == 0 or height < _LEAST_ROWS:
            return sizes
        sizes.append((width, height))


def _in_first_column(sizes: list[tuple[int, int]]) -> int:
    """Return how many levels stand below each other, before the next fits beside them."""
    width, height = sizes[0]
    total = sum(rows + _BETWEEN_PX for _, rows in sizes) - 2 * _BETWEEN_PX
    used = above = 0
    for count, (columns, rows) in enumerate(sizes):
        fits = columns <= width - above - _BETWEEN_PX
        if fits and 2 * (used - height) >= total - height:
            return count
        used += rows + _BETWEEN_PX
        above = columns
    return len(sizes)

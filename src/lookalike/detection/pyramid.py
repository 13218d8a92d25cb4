"""A picture at many sizes at once: one canvas to scan, and patches cut at the right size.

A network that knows faces of one size finds faces of every size if it is shown the picture at
every size. All levels are packed on one canvas, and its parts that hold a level are scanned: the
coarse levels whole, the fine ones strip by strip.
Every level stands in a gray frame half a window wide: a face may leave the picture by half, and
a face that fills the picture is seen whole on the coarse levels, where the frame is wide beside
the picture. On the fine levels, which cost the time, it is next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Side of the window that the scanning network looks at, and the step between windows.
WINDOW_PX: Final = 12
STEP_PX: Final = 2

#: Width of the frame around each level, in pixels of the level.
FRAME_PX: Final = WINDOW_PX // 2

#: A part that is scanned in one run has about this many pixels: what the network makes of them in
#: between, 64 bytes for each, then stays in the cache of a core.
_PART_PX: Final = 24_000

_GRAY: Final = 128


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where each level of a pyramid stands on the canvas.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the canvas.
    origins : ndarray of shape (m, 2), int64
        ``x y`` of the top left corner of the picture at each level, inside its frame; even
        numbers, so that windows fall on the grid.
    sizes : ndarray of shape (m, 2), int64
        Width and height of the picture at each level; even numbers.
    levels : ndarray of shape (rows, columns), int64
        For each window of the scanning network, the level that it lies in entirely, or -1.
    parts : tuple of (slice, slice)
        Rectangles of ``levels``, each inside one level, which cover every level once.
    """

    shape: tuple[int, int]
    origins: NDArray[np.int64]
    sizes: NDArray[np.int64]
    levels: NDArray[np.int64]
    parts: tuple[tuple[slice, slice], ...]


@lru_cache(maxsize=64)
def layout(width: int, height: int, factor: float) -> Layout:
    """Pack all levels of a pyramid on shelves, the tallest first.

    Parameters
    ----------
    width, height : int
        Size of the picture at the finest level in pixels.
    factor : float
        Each level is this much smaller than the one before, between 0 and 1.

    Returns
    -------
    Layout
        With levels down to the coarsest on which one window covers the whole picture; at least
        one level, however small the picture.
    """
    pictures: list[tuple[int, int]] = []
    scale = 1.0
    while not pictures or max(width, height) * scale >= WINDOW_PX * factor:
        pictures.append((_even(width * scale), _even(height * scale)))
        scale *= factor
    framed = [(w + 2 * FRAME_PX, h + 2 * FRAME_PX) for w, h in pictures]
    corners, (rows, columns) = _shelve(framed)

    levels = np.full(((rows - WINDOW_PX) // STEP_PX + 1, (columns - WINDOW_PX) // STEP_PX + 1), -1)
    parts: list[tuple[slice, slice]] = []
    for number, ((x, y), (w, h)) in enumerate(zip(corners, framed, strict=True)):
        last_x, last_y = x + w - WINDOW_PX, y + h - WINDOW_PX
        i = range(y // STEP_PX, last_y // STEP_PX + 1)
        j = slice(x // STEP_PX, last_x // STEP_PX + 1)
        levels[i.start : i.stop, j] = number
        at_once = -(-len(i) // -(-w * h // _PART_PX))
        parts += [(slice(top, min(top + at_once, i.stop)), j) for top in i[::at_once]]
    sizes = np.array(pictures)
    return Layout((rows, columns), np.array(corners) + FRAME_PX, sizes, levels, tuple(parts))


def _shelve(sizes: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Put boxes on shelves as wide as the widest; return their corners and the space they take."""
    columns = max(w for w, _ in sizes)
    shelves: list[list[int]] = []  # top, height, columns used
    corners = []
    for w, h in sizes:
        shelf = next((s for s in shelves if s[2] + w <= columns and h <= s[1]), None)
        if shelf is None:
            top = shelves[-1][0] + shelves[-1][1] if shelves else 0
            shelf = [top, h, 0]
            shelves.append(shelf)
        corners.append((shelf[2], shelf[0]))
        shelf[2] += w
    return corners, (shelves[-1][0] + shelves[-1][1], columns)


def _even(number: float) -> int:
    return max(2 * round(number / 2), 2)


class Pyramid:
    """A picture and its halvings, to be scanned and cut.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        The picture.
    """

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self.halvings: list[NDArray[np.uint8]] = [pixels]
        while min(self.halvings[-1].shape[:2]) >= 2 * WINDOW_PX:
            height, width = self.halvings[-1].shape[:2]
            half = cv2.resize(
                self.halvings[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA
            )
            self.halvings.append(np.asarray(half, np.uint8))
        self.size = np.array([pixels.shape[1], pixels.shape[0]])

    def scan(self, finest: float, factor: float) -> tuple[NDArray[np.uint8], Layout]:
        """Draw the canvas with all levels.

        Parameters
        ----------
        finest : float
            Scale of the finest level.
        factor : float
            Each level is this much smaller than the one before.

        Returns
        -------
        canvas : ndarray of shape (rows, columns, 3), uint8
            All levels, gray between them.
        layout : Layout
            Where they are.
        """
        width, height = (_even(side * finest) for side in self.size)
        plan = layout(width, height, factor)
        canvas = np.full((*plan.shape, 3), _GRAY, np.uint8)
        for (x, y), (w, h) in zip(plan.origins, plan.sizes, strict=True):
            canvas[y : y + h, x : x + w] = self._resized(int(w), int(h))
        return canvas, plan

    def _resized(self, width: int, height: int) -> NDArray[np.uint8]:
        """Bring the picture to a size, from the smallest halving that is large enough."""
        enough = [p for p in self.halvings if p.shape[1] >= width and p.shape[0] >= height]
        source = enough[-1] if enough else self.halvings[0]
        way = cv2.INTER_AREA if enough else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(source, (width, height), interpolation=way), np.uint8)

    def patches(self, boxes: NDArray[np.float32], size_px: int) -> NDArray[np.uint8]:
        """Cut out boxes and bring them all to one size.

        Parameters
        ----------
        boxes : ndarray of shape (n, 4), float32
            ``x1 y1 x2 y2`` in pixels of the picture; may leave it.
        size_px : int
            Side of a patch.

        Returns
        -------
        ndarray of shape (n, size_px, size_px, 3), uint8
            Each sampled from the halving that is nearest in size, so that none is cut coarser
            than it need be; gray outside the picture.
        """
        result = np.empty((len(boxes), size_px, size_px, 3), np.uint8)
        if len(boxes) == 0:
            return result
        steps = (boxes[:, 2:] - boxes[:, :2]) / size_px
        choice = np.clip(np.floor(np.log2(np.maximum(steps.max(axis=1), 1))), 0, None)
        choice = np.minimum(choice, len(self.halvings) - 1).astype(np.int64)
        ticks = np.arange(size_px, dtype=np.float32) + np.float32(0.5)
        xs = boxes[:, :1] + steps[:, :1] * ticks
        ys = boxes[:, 1:2] + steps[:, 1:] * ticks
        # np.unique would import numpy's masked arrays, which takes as long as finding faces.
        for level in np.flatnonzero(np.bincount(choice)):
            rows = np.flatnonzero(choice == level)
            source = self.halvings[level]
            ratio = np.float32(source.shape[1] / self.halvings[0].shape[1])
            ratio_y = np.float32(source.shape[0] / self.halvings[0].shape[0])
            shape = (len(rows), size_px, size_px)
            map_x = np.broadcast_to((xs[rows] * ratio - 0.5)[:, None, :], shape)
            map_y = np.broadcast_to((ys[rows] * ratio_y - 0.5)[:, :, None], shape)
            cut = cv2.remap(
                source,
                map_x.reshape(len(rows), -1),
                map_y.reshape(len(rows), -1),
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=(_GRAY, _GRAY, _GRAY),
            )
            result[rows] = cut.reshape(*shape, 3)
        return result

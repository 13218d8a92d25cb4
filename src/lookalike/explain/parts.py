"""The parts of a face as masks: polygons around the five points that every template has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.alignment import template

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    Polygon: TypeAlias = tuple[tuple[float, float], ...]

#: Where the five points of a face lie, in distances of the eyes from the place between them: the
#: shape that dlib's and ArcFace's templates share to within a few hundredths.
FACE: Final = ((-0.5, 0.0), (0.5, 0.0), (0.0, 0.6), (-0.44, 1.1), (0.44, 1.1))

#: One half of each part, in the same unit; the other half mirrors it.
_HALVES: Final[dict[str, Polygon]] = {
    "forehead": ((0.0, -0.95), (0.8, -0.95), (0.95, -0.55), (0.0, -0.55)),
    "brows": ((0.0, -0.55), (0.95, -0.55), (0.95, -0.22), (0.0, -0.22)),
    "eyes": ((0.14, -0.22), (0.92, -0.22), (0.92, 0.24), (0.2, 0.24)),
    "nose": ((0.0, -0.22), (0.14, -0.22), (0.2, 0.24), (0.38, 0.62), (0.32, 0.8), (0.0, 0.8)),
    "cheeks": ((0.24, 0.26), (0.98, 0.26), (1.0, 0.84), (0.34, 0.84), (0.4, 0.62)),
    "mouth": ((0.0, 0.84), (0.62, 0.84), (0.62, 1.36), (0.0, 1.36)),
    "jaw": (
        (0.62, 0.86), (1.0, 0.86), (0.9, 1.3), (0.5, 1.75), (0.0, 1.75), (0.0, 1.36), (0.62, 1.36),
    ),
}  # fmt: skip

#: The names of the parts, from top to bottom.
PARTS: Final = tuple(_HALVES)

#: How soft the rim of a mask is, and how much finer than a pixel polygons are drawn.
_SOFT: Final = 1 / 60
_FINER: Final = 4


@cache
def part_masks(name: str) -> NDArray[np.float32]:
    """Return where the parts lie in the crops of a template.

    Parameters
    ----------
    name : str
        The template.

    Returns
    -------
    ndarray of shape (7, S, S), float32
        0 to 1, soft at the rims, in the order of `PARTS`. Not to be written to.

    Raises
    ------
    UnknownName
        If there is no template of that name.

    Notes
    -----
    The template itself says where a face of mean shape falls, so that polygons fit every template,
    upright ones, too; there, a face that leans is not followed.
    """
    wanted = template(name)
    matrix = wanted.fit(np.array([FACE], np.float32))[0]
    halves = [np.array(half) for half in _HALVES.values()]
    both = [(half, half * np.array([-1.0, 1.0])) for half in halves]
    placed = [[side @ matrix[:, :2].T + matrix[:, 2] for side in sides] for sides in both]
    return _frozen(np.stack([_filled(polygons, wanted.size_px) for polygons in placed]))


@cache
def cell_masks(size_px: int, cells: int) -> NDArray[np.float32]:
    """Return the cells of a grid over a crop.

    Parameters
    ----------
    size_px : int
        Side of the crop.
    cells : int
        How many cells a side has.

    Returns
    -------
    ndarray of shape (cells * cells, S, S), float32
        0 to 1, row by row, soft at the rims; together they cover the crop. Not to be written to.
    """
    edges = np.round(np.linspace(0, size_px, cells + 1)).astype(int)
    masks = np.zeros((cells * cells, size_px, size_px), np.float32)
    for number, mask in enumerate(masks):
        row, column = divmod(number, cells)
        mask[edges[row] : edges[row + 1], edges[column] : edges[column + 1]] = 1
    return _frozen(np.stack([softened(mask) for mask in masks]))


def softened(mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a mask with a soft rim: a hard one would draw an edge that no face has.

    Parameters
    ----------
    mask : ndarray of shape (S, S), float32
        0 to 1.

    Returns
    -------
    ndarray of shape (S, S), float32
        0 to 1, of about the same area.
    """
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(mask, len(mask) * _SOFT), np.float32)


def _filled(polygons: Sequence[NDArray[np.floating]], size_px: int) -> NDArray[np.float32]:
    from PIL import Image, ImageDraw

    side = size_px * _FINER
    canvas = Image.new("L", (side, side))
    for polygon in polygons:
        # The middle of the first pixel is at 0.
        points = ((polygon + 0.5) * _FINER - 0.5).tolist()
        ImageDraw.Draw(canvas).polygon([tuple(point) for point in points], fill=255)
    fine = np.asarray(canvas, np.float32) / 255
    return softened(fine.reshape(size_px, _FINER, size_px, _FINER).mean(axis=(1, 3)))


def _frozen(masks: NDArray[np.float32]) -> NDArray[np.float32]:
    masks.flags.writeable = False
    return masks

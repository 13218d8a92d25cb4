"""Small pictures with transparency, to be laid over the frames of a video: names and corners."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.figures.canvas import CAPITALS, DPI, Box, Canvas, Pen
from lookalike.figures.typeface import Typeface, clean
from lookalike.figures.wrapping import Room, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How many points a pixel is, so that a size in pixels is that size on the frame.
_POINT: Final = 72.0 / DPI
#: The plate around a line of text of size 1.
_PAD, _HIGH, _ROUND = 0.62, 1.85, 0.42


def nameplate(
    text: str, size_px: float, most_px: float, colors: tuple[str, str, str], opacity: float = 0.82
) -> NDArray[np.uint8]:
    """Draw a name on a plate.

    Parameters
    ----------
    text : str
        The name.
    size_px : float
        The size of the font.
    most_px : float
        The width that it may take; longer names are cut short.
    colors : tuple of str
        Of the plate, the letters, and the bar at its left, ``#rrggbb``.
    opacity : float, default 0.82
        Of the plate, 0 to 1.

    Returns
    -------
    ndarray of shape (h, w, 4), uint8
        RGBA, not premultiplied; height and width are even.
    """
    typeface = Typeface("DejaVu Sans")
    points = size_px * _POINT

    def bold(part: str, size: float) -> float:
        return typeface.width(part, size, bold=True)

    pad, high = _PAD * points, _HIGH * points
    room = Room(max(most_px * _POINT - 3 * pad, points), 1, (points,))
    line = next(iter(fit(clean(text), room, bold).lines), "")
    width = bold(line, points) + 3 * pad
    canvas = _sheet(width, high, typeface)
    plate, ink, bar = colors
    ground = Box(0, 0, width, high, _ROUND * points)
    canvas.box(ground, plate, name="plate")
    # The bar is as round as the plate where it meets its edge.
    canvas.box(Box(0, 0, pad * 0.55, high, 0), bar, within=ground)
    canvas.write(
        line, (pad * 1.65, (high + points * CAPITALS) / 2), Pen(points, ink, bold=True), name="name"
    )
    picture = _rendered(canvas)
    solid = _rgb(plate)
    # Letters and bar stay opaque, only what is as dark as the plate lets the frame through.
    near = np.abs(picture[..., :3].astype(int) - solid).max(axis=2) < 8
    alpha = picture[..., 3] * np.where(near, opacity, 1.0)
    picture[..., 3] = np.rint(alpha).astype(np.uint8)
    return picture


def corners(leg_px: int, width_px: float, color: str, shade: str) -> NDArray[np.uint8]:
    """Draw the top left corner of a frame around a face.

    Parameters
    ----------
    leg_px : int
        How far each of its legs reaches.
    width_px : float
        How thick it is.
    color, shade : str
        Of the line, and of the thin rim that makes it stand out, ``#rrggbb``.

    Returns
    -------
    ndarray of shape (leg_px, leg_px, 4), uint8
        RGBA; the other corners are its mirror images.
    """
    # Distances from a quarter of a circle with two straight legs, at the middle of each pixel.
    rim, radius = max(width_px * 0.35, 0.8), leg_px * 0.55
    x, y = np.meshgrid(np.arange(leg_px) + 0.5, np.arange(leg_px) + 0.5)
    middle = rim + width_px / 2
    arc = np.abs(np.hypot(x - middle - radius, y - middle - radius) - radius)
    bend = (x < middle + radius) & (y < middle + radius)
    upper = np.where(x >= middle + radius, np.abs(y - middle), np.inf)
    left = np.where(y >= middle + radius, np.abs(x - middle), np.inf)
    away = np.where(bend, arc, np.minimum(upper, left))
    # The ends are round, too.
    end = leg_px - middle
    for a, b in ((x, y), (y, x)):
        away = np.where(a > end, np.hypot(a - end, b - middle), away)
    line = np.clip(width_px / 2 - away + 0.5, 0, 1)
    whole = np.clip(width_px / 2 + rim - away + 0.5, 0, 1) * 0.55
    alpha = line + (1 - line) * whole
    share = np.divide(line, alpha, out=np.zeros_like(line), where=alpha > 0)[..., None]
    picture = np.empty((leg_px, leg_px, 4), np.uint8)
    picture[..., :3] = np.rint(share * _rgb(color) + (1 - share) * _rgb(shade))
    picture[..., 3] = np.rint(255 * alpha)
    return picture


def _sheet(width: float, height: float, typeface: Typeface) -> Canvas:
    """Open a sheet of a whole and even number of pixels."""
    even = [2 * math.ceil(side / _POINT / 2) * _POINT for side in (width, height)]
    return Canvas(even[0], even[1], "none", typeface)


def _rendered(canvas: Canvas) -> NDArray[np.uint8]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    agg: Any = FigureCanvasAgg(canvas.figure)
    agg.draw()
    return np.array(agg.buffer_rgba(), np.uint8)


def _rgb(color: str) -> NDArray[np.int64]:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])

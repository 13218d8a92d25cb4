"""A sheet to draw on: points, origin top left, y down; later things lie above earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from numpy.typing import NDArray

    from lookalike.figures.typeface import Typeface

_POINTS_PER_INCH = 72.0
# Two pixels a point, as screens of high resolution have.
DPI = 144.0
# Enough for print at 300 dots an inch; more would only swell PDF and SVG files.
_PIXELS_PER_POINT = 4.0
RIM = 0.8
# Capitals and digits reach this part of a font's size above the base line.
CAPITALS = 0.73
# How long the handles of a Bezier curve are that is a quarter of a circle of radius 1.
_ARC = 0.5523


@dataclass(frozen=True, slots=True)
class Pen:
    """How a text looks.

    Parameters
    ----------
    size : float
        In points.
    color : str
        ``#rrggbb``.
    bold : bool, default False
        Whether to write in bold, where the font has it.
    """

    size: float
    color: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners.

    Parameters
    ----------
    x, y : float
        Its top left.
    width, height : float
        Its size.
    radius : float
        Of the corners.
    """

    x: float
    y: float
    width: float
    height: float
    radius: float


class Canvas:
    """A figure and the means to draw on it without any of matplotlib's defaults.

    Parameters
    ----------
    width, height : float
        The size of the sheet.
    paper : str
        Its color.
    typeface : Typeface
        What to write with.
    """

    def __init__(self, width: float, height: float, paper: str, typeface: Typeface) -> None:
        from matplotlib.figure import Figure

        inches = width / _POINTS_PER_INCH, height / _POINTS_PER_INCH
        self.figure = Figure(figsize=inches, dpi=DPI)
        # A user's matplotlibrc may ask for a layout engine, which would move everything.
        self.figure.set_layout_engine("none")
        self.figure.set_facecolor(paper)
        self.typeface = typeface
        self._axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_axis_off()
        self._axes.set(xlim=(0.0, width), ylim=(height, 0.0), autoscale_on=False)
        self._layers = 0

    def _add(self, artist: Artist, name: str) -> None:
        # Matplotlib would draw all images first, then all patches, then all text.
        self._layers += 1
        artist.set_zorder(self._layers)
        artist.set_gid(name or None)
        self._axes.add_artist(artist)

    def box(
        self,
        box: Box,
        fill: str | None,
        edge: str | None = None,
        name: str = "",
        within: Box | None = None,
    ) -> None:
        """Draw a rectangle with round corners; a disc if the corners are round enough.

        Parameters
        ----------
        box : Box
            Where.
        fill, edge : str or None
            Colors; None leaves it out.
        name : str, default ""
            The artist's gid, and its id in SVG.
        within : Box, optional
            What lies outside of it is cut off.
        """
        shape = _rounded(box, fill, edge)
        self._add(shape, name)
        if within is not None:
            shape.set_clip_path(outline(within), self._axes.transData)

    def picture(self, pixels: NDArray[np.uint8], box: Box, edge: str, name: str = "") -> None:
        """Draw a picture into a rectangle with round corners.

        Parameters
        ----------
        pixels : ndarray of shape (h, w, 3), uint8
            RGB; of a picture of another shape than the box, the middle is shown.
        box : Box
            Where.
        edge : str
            The color of the thin rim.
        name : str, default ""
            The artist's gid, and its id in SVG.
        """
        from matplotlib.image import AxesImage

        extent = box.x, box.x + box.width, box.y + box.height, box.y
        image = AxesImage(
            self._axes, extent=extent, interpolation="bicubic", resample=True, origin="upper"
        )
        shown = _middle(pixels, box.width / box.height)
        image.set_data(_reduced(shown, box.width * _PIXELS_PER_POINT))
        self._add(image, name)
        rim = _rounded(box, None, edge)
        self._add(rim, "")
        image.set_clip_path(rim)

    def write(
        self,
        text: str,
        at: tuple[float, float],
        pen: Pen,
        align: Literal["left", "center", "right"] = "left",
        name: str = "",
    ) -> None:
        """Write one line of text.

        Parameters
        ----------
        text : str
            What to write, letter by letter: a dollar sign is a dollar sign.
        at : tuple of float
            ``x y`` on the base line.
        pen : Pen
            How.
        align : {"left", "center", "right"}, default "left"
            Which end of the text is at `x`.
        name : str, default ""
            The artist's gid, and its id in SVG.
        """
        from matplotlib.text import Text

        legible = self.typeface.legible(text)
        font = self.typeface.font(legible, pen.size, bold=pen.bold)
        artist = Text(*at, legible, color=pen.color, fontproperties=font)
        artist.set(ha=align, va="baseline", parse_math=False, usetex=False, antialiased=True)
        self._add(artist, name)


def _rounded(box: Box, fill: str | None, edge: str | None) -> PathPatch:
    from matplotlib.patches import PathPatch

    return PathPatch(
        outline(box),
        facecolor=fill or "none",
        edgecolor=edge or "none",
        linewidth=RIM if edge else 0.0,
        linestyle="-",
        antialiased=True,
    )


def outline(box: Box) -> Path:
    """Return the way around a box, with corners that are arcs of circles.

    Parameters
    ----------
    box : Box
        Where.

    Returns
    -------
    matplotlib.path.Path
        Closed.
    """
    from matplotlib.path import Path

    # Each corner: how far its ends and its two handles lie from the corner of the rectangle.
    radius = min(box.radius, box.width / 2, box.height / 2)
    ends, handles = radius, radius * (1 - _ARC)
    points: list[tuple[float, float]] = []
    corners = ((0, 0, 0, 1), (1, 0, -1, 0), (1, 1, 0, -1), (0, 1, 1, 0))
    for right, low, along_x, along_y in corners:
        x, y = box.x + right * box.width, box.y + low * box.height
        # One leg of the corner runs against the way we come from, the other one ahead.
        ahead_x, ahead_y = along_y, -along_x
        points += [
            (x + along_x * ends, y + along_y * ends),
            (x + along_x * handles, y + along_y * handles),
            (x + ahead_x * handles, y + ahead_y * handles),
            (x + ahead_x * ends, y + ahead_y * ends),
        ]
    codes = [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4] * 4
    codes[0] = Path.MOVETO
    return Path([*points, points[0]], [*codes, Path.CLOSEPOLY])


def _middle(pixels: NDArray[np.uint8], aspect: float) -> NDArray[np.uint8]:
    """Return the largest part around the middle that is so many times as wide as high."""
    height, width = pixels.shape[:2]
    wide, high = min(width, round(height * aspect)), min(height, round(width / aspect))
    wide, high = max(wide, 1), max(high, 1)
    top, left = (height - high) // 2, (width - wide) // 2
    return pixels[top : top + high, left : left + wide]


def _reduced(pixels: NDArray[np.uint8], most: float) -> NDArray[np.uint8]:
    """Return the picture at a whole fraction of its size, averaged, if it is far too large."""
    step = int(pixels.shape[1] // most)
    if step < 2:
        return pixels
    high, wide = (side // step for side in pixels.shape[:2])
    blocks = pixels[: high * step, : wide * step].reshape(high, step, wide, step, 3)
    mean: NDArray[np.float32] = blocks.mean(axis=(1, 3), dtype=np.float32)
    return np.rint(mean).astype(np.uint8)

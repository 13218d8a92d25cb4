"""A sheet for charts and maps: dots, lines, areas, and words that run uphill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lookalike.figures.canvas import Box, Canvas, Pen, outline

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.path import Path
    from numpy.typing import NDArray

    from lookalike.figures.dots import Look
    from lookalike.figures.lines import Stroke


class MarkCanvas(Canvas):
    """A canvas that draws marks: many dots at once, lines, areas and slanting words."""

    def dots(
        self,
        places: NDArray[np.floating],
        diameters: Sequence[float],
        look: Look,
        rim: str,
        name: str = "",
    ) -> None:
        """Draw dots that look alike.

        Parameters
        ----------
        places : ndarray of shape (n, 2), float
            Their middles.
        diameters : sequence of float
            How large they are.
        look : Look
            What they look like.
        rim : str
            The color of the thin line around each, which keeps those that touch apart.
        name : str, default ""
            The artist's gid, and its id in SVG.
        """
        from matplotlib.collections import PathCollection
        from matplotlib.transforms import IdentityTransform

        artist = PathCollection(
            [_marker(look.shape)],
            sizes=[diameter**2 for diameter in diameters],
            offsets=places,
            offset_transform=self._axes.transData,
            facecolors=look.color,
            edgecolors=rim,
            linewidths=0.5,
        )
        # Their size is in points whatever the scale of the sheet.
        artist.set_transform(IdentityTransform())
        self._add(artist, name)

    def line(
        self,
        points: NDArray[np.floating],
        stroke: Stroke,
        name: str = "",
        within: Box | None = None,
    ) -> None:
        """Draw a line from point to point.

        Parameters
        ----------
        points : ndarray of shape (n, 2), float
            ``x y``.
        stroke : Stroke
            What it looks like.
        name : str, default ""
            The artist's gid, and its id in SVG.
        within : Box, optional
            What lies outside of it is cut off.
        """
        from matplotlib.lines import Line2D

        artist = Line2D(points[:, 0], points[:, 1], color=stroke.color, linewidth=stroke.width)
        artist.set(antialiased=True, marker="None", solid_joinstyle="round", dash_capstyle="butt")
        artist.set_linestyle((0, stroke.dash) if stroke.dash else "-")
        self._add(artist, name)
        if within is not None:
            artist.set_clip_path(outline(within), self._axes.transData)

    def area(
        self,
        points: NDArray[np.floating],
        fill: str,
        opacity: float = 1.0,
        name: str = "",
        within: Box | None = None,
    ) -> None:
        """Fill the area that a line goes around.

        Parameters
        ----------
        points : ndarray of shape (n, 2), float
            ``x y`` of its corners.
        fill : str
            Its color.
        opacity : float, default 1.0
            0 lets everything below shine through.
        name : str, default ""
            The artist's gid, and its id in SVG.
        within : Box, optional
            What lies outside of it is cut off.
        """
        from matplotlib.patches import Polygon

        artist = Polygon(points, closed=True, facecolor=fill, edgecolor="none", alpha=opacity)
        artist.set_linewidth(0.0)
        self._add(artist, name)
        if within is not None:
            artist.set_clip_path(outline(within), self._axes.transData)

    def write_turned(
        self,
        text: str,
        at: tuple[float, float],
        pen: Pen,
        degrees: float,
        align: Literal["left", "center", "right"] = "center",
        name: str = "",
    ) -> None:
        """Write one line of text that runs uphill.

        Parameters
        ----------
        text : str
            What to write.
        at : tuple of float
            ``x y`` on the base line.
        pen : Pen
            How.
        degrees : float
            How steeply; 90 runs from bottom to top.
        align : {"left", "center", "right"}, default "center"
            Which end of the text is at `at`.
        name : str, default ""
            The artist's gid, and its id in SVG.
        """
        from matplotlib.text import Text

        legible = self.typeface.legible(text)
        font = self.typeface.font(legible, pen.size, bold=pen.bold)
        artist = Text(*at, legible, color=pen.color, fontproperties=font, rotation=degrees)
        artist.set(ha=align, va="baseline", rotation_mode="anchor", parse_math=False)
        artist.set(usetex=False, antialiased=True)
        self._add(artist, name)


def _marker(shape: str) -> Path:
    from matplotlib.markers import MarkerStyle

    marker = MarkerStyle(shape)
    return marker.get_path().transformed(marker.get_transform())

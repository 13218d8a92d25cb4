"""A map of known people: portraits where there are some, else dots; names where they fit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.figures.canvas import CAPITALS, Box, Pen
from lookalike.figures.dots import Look
from lookalike.figures.legend import Legend, draw_legend
from lookalike.figures.marks import MarkCanvas
from lookalike.figures.poster import Poster
from lookalike.figures.room import Room, by_importance, spread_out
from lookalike.figures.typeface import clean
from lookalike.figures.wrapping import Room as Line
from lookalike.figures.wrapping import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.figures.poster import Wording

#: How wide the map is, by how many points are on it.
_WIDTHS = ((12, 760.0), (60, 920.0), (300, 1120.0), (1200, 1400.0))
_WIDEST = 1700.0
_ASPECTS = 0.52, 0.72
_PAD = 30.0
_RADIUS = 26.0
_LEGEND = 30.0
_NAMES = (8.0, 7.5, 7.0)
_LONGEST_NAME = 120.0
_MOST_TRIED = 4000

#: How large portraits are, by how many there are, and the part of the map that they and the two
#: lines of a name below each of them may cover.
_SIDES = ((12, 92.0), (40, 76.0), (150, 60.0), (400, 48.0), (1200, 38.0))
_SMALLEST = 32.0
_AMONG_DOTS = 0.65
_COVERED = 0.62
_BESIDE, _BELOW = 13.0, 28.0
_DOTS = 3.2, 11.0
_DOTTED = 0.045


@dataclass(frozen=True, slots=True, eq=False)
class Marker:
    """A point of a map.

    Parameters
    ----------
    name : str
        What to call it; empty for nothing.
    x, y : float
        Where, -1 to 1; y grows upward.
    weight : float, default 1.0
        Who counts more gets a larger dot, and is named first.
    kind : int, default -1
        A position in the legend; -1 for none of it.
    portrait : ndarray of shape (h, w, 3), uint8, optional
        RGB; without one there is a dot.
    """

    name: str
    x: float
    y: float
    weight: float = 1.0
    kind: int = -1
    portrait: NDArray[np.uint8] | None = None


_NO_LEGEND: Final = Legend()


def gallery_map(markers: Sequence[Marker], wording: Wording, legend: Legend = _NO_LEGEND) -> Figure:
    """Draw a map of known people.

    Parameters
    ----------
    markers : sequence of Marker
        Who is on it. Portraits are moved a little, so that none covers another.
    wording : Wording
        What stands around it.
    legend : Legend, optional
        What the colors mean.

    Returns
    -------
    matplotlib.figure.Figure
        The larger, the more is on it. It belongs to no window; `save` writes it to a file.

    Raises
    ------
    OptionError
        If there is no such theme or the typeface is not installed.

    Examples
    --------
    >>> from lookalike.figures.gallery_map import Marker, gallery_map
    >>> from lookalike.figures.poster import Wording
    >>> markers = [Marker("Ada Lovelace", -1, 0), Marker("Alan Turing", 1, 0.2)]
    >>> gallery_map(markers, Wording("My gallery")).get_size_inches().round(1).tolist()
    [11.7, 7.6]
    """
    width, height = _size(markers)
    above = _LEGEND if legend.kinds else 0.0
    poster = Poster(wording, width, height + above)
    canvas = MarkCanvas(*poster.size, poster.colors.paper, poster.typeface)
    poster.write_on(canvas)
    left, top = poster.origin
    if legend.kinds:
        draw_legend(canvas, legend, (left, top), [one.kind for one in markers], poster.colors)
    card = Box(left, top + above, width, height, _RADIUS)
    canvas.box(card, poster.colors.panel, poster.colors.hairline, "map")
    frame = Box(left + _PAD, card.y + _PAD, width - 2 * _PAD, height - 2 * _PAD, 0.0)
    _Drawing(canvas, poster, legend, card, frame).draw(markers)
    return canvas.figure


def _size(markers: Sequence[Marker]) -> tuple[float, float]:
    """Return how large the map is: at least what its points need, and its portraits."""
    width = next((width for most, width in _WIDTHS if len(markers) <= most), _WIDEST)
    reach = max((abs(marker.y) for marker in markers), default=0.0)
    aspect = min(max(reach, _ASPECTS[0]), _ASPECTS[1])
    portraits = sum(marker.portrait is not None for marker in markers)
    side = _side(portraits, len(markers) - portraits)
    needed = portraits * (side + _BESIDE) * (side + _BELOW) / _COVERED
    width = max(width, math.ceil(math.sqrt(needed / aspect)) + 2 * _PAD)
    return width, width * aspect


def _side(portraits: int, dots: int) -> float:
    side = next((side for most, side in _SIDES if portraits <= most), _SMALLEST)
    # Among many dots, portraits shall not hide whom they stand for.
    return side if dots <= portraits else max(side * _AMONG_DOTS, _SMALLEST)


class _Drawing:
    """A map while it is drawn: portraits make way for each other, names go where there is room."""

    def __init__(
        self, canvas: MarkCanvas, poster: Poster, legend: Legend, card: Box, frame: Box
    ) -> None:
        self._canvas, self._colors, self._frame = canvas, poster.colors, frame
        self._looks = legend.looks
        self._room = Room(Box(card.x + 8, card.y + 8, card.width - 16, card.height - 16, 0.0))

    def draw(self, markers: Sequence[Marker]) -> None:
        """Draw everything that is inside the card."""
        if not markers:
            return
        shown = np.array([marker.portrait is not None for marker in markers])
        places, sizes = self._placed(markers), self._diameters(markers)
        if shown.any():
            side = sizes[shown] = _side(int(shown.sum()), int((~shown).sum()))
            cell = side + _BESIDE, side + _BELOW
            # The name belongs to the cell, so the portrait is not in the middle of it.
            lower = np.array([0.0, (_BELOW - _BESIDE) / 2])
            places[shown] = spread_out(places[shown] + lower, cell, self._frame) - lower
        for (x, y), size in zip(places, sizes, strict=True):
            self._room.take(x - size / 2, y - size / 2, size, size)
        named = self._write_names(markers, places, sizes)
        self._draw_dots(markers, places, sizes, named)
        for number, marker in enumerate(markers):
            self._draw_portrait(marker, places[number], sizes[number], number)

    def _placed(self, markers: Sequence[Marker]) -> NDArray[np.float64]:
        """Return the places of all markers on the sheet, at one scale for both directions."""
        at = np.array([[marker.x, -marker.y] for marker in markers], np.float64)
        reach = np.maximum(np.abs(at).max(axis=0), 1e-6)
        scale = min(self._frame.width / 2 / reach[0], self._frame.height / 2 / reach[1])
        middle = np.array([self._frame.width, self._frame.height]) / 2
        return np.asarray(at * scale + middle + [self._frame.x, self._frame.y], np.float64)

    def _diameters(self, markers: Sequence[Marker]) -> NDArray[np.float64]:
        """Return how large the dots are: by area, as the eye compares them."""
        weights = np.array([max(marker.weight, 0.0) for marker in markers])
        # The more there are, the smaller: else they would cover the sheet.
        area = self._frame.width * self._frame.height * _DOTTED / len(markers)
        least = _DOTS[0]
        most = min(_DOTS[1], max(1.5 * least, math.sqrt(area)))
        share = weights / max(weights.max(), 1e-9)
        return np.asarray(least + (most - least) * np.sqrt(share), np.float64)

    def _draw_dots(
        self,
        markers: Sequence[Marker],
        places: NDArray[np.float64],
        sizes: NDArray[np.float64],
        named: NDArray[np.bool_],
    ) -> None:
        """Draw the dots kind by kind; without kinds, those with a name stand out."""
        dotted = np.array([marker.portrait is None for marker in markers])
        kinds = np.array([marker.kind for marker in markers])
        groups = [("dots", Look(self._colors.bar), kinds < 0)]
        if not self._looks:
            groups = [("dots", Look(self._colors.bar), ~named)]
            groups.append(("dots-named", Look(self._colors.accent), named))
        groups += [(f"dots-{at}", look, kinds == at) for at, look in enumerate(self._looks)]
        for name, look, of in groups:
            chosen = np.flatnonzero(dotted & of)
            # Small ones last, so that none is buried.
            chosen = chosen[np.argsort(-sizes[chosen], kind="stable")]
            if len(chosen):
                rim = self._colors.panel
                self._canvas.dots(places[chosen], sizes[chosen].tolist(), look, rim, name)

    def _draw_portrait(
        self, marker: Marker, place: NDArray[np.float64], side: float, number: int
    ) -> None:
        if marker.portrait is None:
            return
        x, y = (place - side / 2).tolist()
        rim = self._colors.hairline
        if self._looks:
            rim = self._looks[marker.kind].color if marker.kind >= 0 else self._colors.bar
            ring = max(1.4, side * 0.035)
            self._canvas.box(Box(x - ring, y - ring, side + 2 * ring, side + 2 * ring, side), rim)
        frame = Box(x, y, side, side, side / 2)
        self._canvas.picture(marker.portrait, frame, rim, f"portrait-{number}")

    def _write_names(
        self,
        markers: Sequence[Marker],
        places: NDArray[np.float64],
        sizes: NDArray[np.float64],
    ) -> NDArray[np.bool_]:
        """Write the names that there is room for, and return whose they are."""
        named = np.zeros(len(markers), bool)
        order = by_importance(places, np.array([marker.weight for marker in markers]))
        # A sheet has room for hundreds of names; nobody waits for thousands to be tried.
        order = order[:_MOST_TRIED]
        # Under a portrait is the best place; what is left is given out when all had their turn.
        for below in (True, False):
            for number in order[~named[order]].tolist():
                if below and markers[number].portrait is None:
                    continue
                named[number] = self._write_name(
                    markers[number], places[number], sizes[number], number, below=below
                )
        return named

    def _write_name(
        self,
        marker: Marker,
        place: NDArray[np.float64],
        side: float,
        number: int,
        *,
        below: bool,
    ) -> bool:
        """Write a name if there is room for it."""
        measure = self._canvas.typeface.width
        line = Line(_LONGEST_NAME, 1, _NAMES[:1])
        if marker.portrait is not None:
            line = Line(side + _BESIDE - 4, 2, _NAMES)
        name = fit(clean(marker.name), line, measure)
        if not name.lines:
            return False
        width = max(measure(part, name.size) for part in name.lines) + 3
        step = name.size * 1.2
        size = width, step * len(name.lines) + 1
        spot = self._room.place(tuple(place.tolist()), side / 2 + 2, size, below_only=below)
        if spot is None:
            return False
        for at, part in enumerate(name.lines):
            base = spot[0] + width / 2, spot[1] + step * at + name.size * (CAPITALS + 0.2)
            pen = Pen(name.size, self._colors.ink)
            self._canvas.write(part, base, pen, "center", f"name-{number}-{at}")
        return True

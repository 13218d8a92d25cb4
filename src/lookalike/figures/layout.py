"""Where everything of a results grid goes, in points with the origin at the top left."""

from __future__ import annotations

import math
from dataclasses import dataclass

MARGIN = 40.0
PAD = 24.0
PANEL_GAP = 18.0
TILE_GAP = 20.0
LINE_GAP = 24.0
SPLIT = 52.0
VISITOR = 176.0

NAME_STEP = 15.5
CREDIT_STEP = 8.5
TO_NAME = 20.0
TO_LABEL = 20.0
REASON = 156.0
_TO_DISTANCE = 17.0
_TO_CREDIT = 13.0
_BELOW = 2.0

_MOST_COLUMNS = 6
_MOST_PANEL_COLUMNS = 12
# With few people there is room to show them larger.
_SIDES = {1: 148.0, 2: 140.0, 3: 128.0}
_SIDE = 116.0

# A little wider than high is what screens and chats show best.
_BEST_ASPECT = 1.15


def tile_columns(tiles: int) -> int:
    """Return how many people stand side by side.

    Parameters
    ----------
    tiles : int
        How many people there are for one face.

    Returns
    -------
    int
        All of them up to six; more are spread evenly over several lines.
    """
    lines = max(math.ceil(tiles / _MOST_COLUMNS), 1)
    return max(math.ceil(tiles / lines), 1)


def tile_side(columns: int) -> float:
    """Return how large a portrait is.

    Parameters
    ----------
    columns : int
        How many people stand side by side.

    Returns
    -------
    float
        The side of the square in points.
    """
    return _SIDES.get(columns, _SIDE)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is to show for one face.

    Parameters
    ----------
    tiles : int
        How many people.
    name_lines, credit_lines : int
        The most lines that any of their names or credits takes.
    labeled : bool
        Whether there is a label under the face.
    reasoned : bool, default False
        Whether it is said below why the best match looks alike.
    """

    tiles: int
    name_lines: int
    credit_lines: int
    labeled: bool
    reasoned: bool = False

    @property
    def distance_drop(self) -> float:
        """From the bottom of a portrait to the base line of the distance."""
        return TO_NAME + (max(self.name_lines, 1) - 1) * NAME_STEP + _TO_DISTANCE

    @property
    def credit_drop(self) -> float:
        """From the bottom of a portrait to the first base line of the credit."""
        return self.distance_drop + _TO_CREDIT

    @property
    def drop(self) -> float:
        """From the bottom of a portrait to the bottom of the tile."""
        if not self.credit_lines:
            return self.distance_drop + _BELOW
        return self.credit_drop + (self.credit_lines - 1) * CREDIT_STEP + _BELOW

    @property
    def visitor(self) -> float:
        """The height of the visitor's face with its label."""
        return VISITOR + (TO_LABEL if self.labeled else 0.0)

    @property
    def reason(self) -> float:
        """The height of what is said below."""
        return REASON if self.reasoned else 0.0


@dataclass(frozen=True, slots=True)
class Layout:
    """The grid: panels (one for each face) side by side, and tiles inside a panel.

    Parameters
    ----------
    extents : tuple of Extent
        What is laid out, at least one.
    columns : int
        People side by side.
    panel_columns : int
        Faces side by side.
    """

    extents: tuple[Extent, ...]
    columns: int
    panel_columns: int

    @property
    def side(self) -> float:
        """The side of a portrait."""
        return tile_side(self.columns)

    @property
    def panel_width(self) -> float:
        """The width of the panel of one face."""
        tiles = self.columns * self.side + (self.columns - 1) * TILE_GAP
        return 2 * PAD + VISITOR + SPLIT + tiles

    @property
    def width(self) -> float:
        """The width of all panels together."""
        gaps = (self.panel_columns - 1) * PANEL_GAP
        return self.panel_columns * self.panel_width + gaps

    @property
    def height(self) -> float:
        """The height of all panels together."""
        lines = range(math.ceil(len(self.extents) / self.panel_columns))
        return sum(self._line_height(line) for line in lines) + (len(lines) - 1) * PANEL_GAP

    def _line_height(self, line: int) -> float:
        """Return the height of the panels that stand side by side."""
        first = line * self.panel_columns
        return 2 * PAD + max(
            max(extent.visitor, self._tiles_height(extent)) + extent.reason
            for extent in self.extents[first : first + self.panel_columns]
        )

    def _tiles_height(self, extent: Extent) -> float:
        lines = math.ceil(extent.tiles / self.columns)
        return lines * (self.side + extent.drop) + max(lines - 1, 0) * LINE_GAP

    def panel(self, row: int) -> tuple[float, float, float]:
        """Return where the panel of a face begins and how high it is.

        Parameters
        ----------
        row : int
            From 0.

        Returns
        -------
        tuple of float
            ``x y height``, from the top left of the first panel.
        """
        line, column = divmod(row, self.panel_columns)
        above = sum(self._line_height(before) + PANEL_GAP for before in range(line))
        return column * (self.panel_width + PANEL_GAP), above, self._line_height(line)

    def tile(self, row: int, number: int) -> tuple[float, float]:
        """Return where a tile begins.

        Parameters
        ----------
        row, number : int
            The face and the person, from 0.

        Returns
        -------
        tuple of float
            ``x y`` from the top left of the panel.
        """
        line, column = divmod(number, self.columns)
        extent = self.extents[row]
        spare = self.panel(row)[2] - extent.reason - 2 * PAD - self._tiles_height(extent)
        return (
            PAD + VISITOR + SPLIT + column * (self.side + TILE_GAP),
            PAD + spare / 2 + line * (self.side + self.extents[row].drop + LINE_GAP),
        )


def arrange(extents: tuple[Extent, ...], columns: int) -> Layout:
    """Choose how many panels stand side by side.

    Parameters
    ----------
    extents : tuple of Extent
        What is laid out, at least one.
    columns : int
        People side by side.

    Returns
    -------
    Layout
        The one whose shape is nearest to what a screen shows well.
    """
    most = min(len(extents), _MOST_PANEL_COLUMNS)
    return min((Layout(extents, columns, count + 1) for count in range(most)), key=_awkwardness)


def _awkwardness(layout: Layout) -> float:
    """Return how far a layout is from the best shape; gaps and extra columns count a little."""
    rows = len(layout.extents)
    slots = math.ceil(rows / layout.panel_columns) * layout.panel_columns
    shape = abs(math.log(layout.width / layout.height / _BEST_ASPECT))
    return shape + 0.1 * (layout.panel_columns - 1) + (slots - rows) / slots

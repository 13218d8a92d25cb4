"""Room on a map: cells that make way for each other, and words that find a free place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.figures.canvas import Box

#: How often they make way. Then they may still touch: where there is no room, there is none.
_ROUNDS: Final = 300

#: Where a text may stand: the part of its width and height that it is moved by, and the side of
#: its anchor that it is on. Nearest to the eye first.
_SPOTS: Final = (
    (0.0, -0.5, 1, 0),
    (-1.0, -0.5, -1, 0),
    (-0.5, 0.0, 0, 1),
    (-0.5, -1.0, 0, -1),
    (0.0, 0.0, 0.7, 0.7),
    (0.0, -1.0, 0.7, -0.7),
    (-1.0, 0.0, -0.7, 0.7),
    (-1.0, -1.0, -0.7, -0.7),
)
_BELOW: Final = _SPOTS[2:3]


def spread_out(
    places: NDArray[np.float64], cell: tuple[float, float], frame: Box
) -> NDArray[np.float64]:
    """Move cells as little as it takes for them not to lie upon each other.

    Parameters
    ----------
    places : ndarray of shape (n, 2), float64
        Their middles.
    cell : tuple of float
        The width and the height of all of them.
    frame : Box
        What they must not leave.

    Returns
    -------
    ndarray of shape (n, 2), float64
        New middles.
    """
    from scipy.spatial import cKDTree

    # In the unit of their size, all cells are squares with sides of 1.
    size = np.array(cell)
    low = np.array([frame.x, frame.y]) / size + 0.5
    high = np.array([frame.x + frame.width, frame.y + frame.height]) / size - 0.5
    # Those at one place have no direction to go; a hair's breadth gives them one.
    moved = places / size + np.random.default_rng(0).normal(0, 1e-4, places.shape)
    for _ in range(_ROUNDS):
        moved = np.clip(moved, low, np.maximum(low, high))
        pairs = cKDTree(moved).query_pairs(1.0 - 1e-3, p=np.inf, output_type="ndarray")
        if not len(pairs):
            break
        apart = moved[pairs[:, 0]] - moved[pairs[:, 1]]
        overlap = 1.0 - np.abs(apart)
        # The shorter way out for the most part; a little of the longer one resolves jams.
        share = 1.0 - overlap / overlap.sum(axis=1, keepdims=True)
        push = np.where(apart < 0, -1.0, 1.0) * overlap * share * 0.45
        np.add.at(moved, pairs[:, 0], push)
        np.add.at(moved, pairs[:, 1], -push)
    return np.asarray(np.clip(moved, low, np.maximum(low, high)) * size, np.float64)


def by_importance(places: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return in which order things get a name.

    Parameters
    ----------
    places : ndarray of shape (n, 2), float64
        Where they are.
    weights : ndarray of shape (n,), float64
        How much they count.

    Returns
    -------
    ndarray of shape (n,), int64
        Who counts most comes first; among equals, who stands most alone.
    """
    from scipy.spatial import cKDTree

    if len(places) < 2:
        return np.arange(len(places))
    alone = cKDTree(places).query(places, k=2)[0][:, 1]
    return np.asarray(np.lexsort((-alone, -weights)), np.int64)


class Room:
    """What is still free of a frame, point by point.

    Parameters
    ----------
    frame : Box
        The whole.
    """

    def __init__(self, frame: Box) -> None:
        self._frame = frame
        self._taken = np.zeros((int(frame.height) + 1, int(frame.width) + 1), bool)

    def take(self, x: float, y: float, width: float, height: float) -> None:
        """Say that something is there.

        Parameters
        ----------
        x, y : float
            Its top left.
        width, height : float
            Its size.
        """
        rows, columns = self._cells(x, y, width, height)
        self._taken[max(rows.start, 0) : rows.stop, max(columns.start, 0) : columns.stop] = True

    def _cells(self, x: float, y: float, width: float, height: float) -> tuple[slice, slice]:
        left, top = x - self._frame.x, y - self._frame.y
        return (
            slice(int(np.floor(top)), int(np.ceil(top + height))),
            slice(int(np.floor(left)), int(np.ceil(left + width))),
        )

    def place(
        self,
        anchor: tuple[float, float],
        away: float,
        size: tuple[float, float],
        *,
        below_only: bool = False,
    ) -> tuple[float, float] | None:
        """Find a free place for a text beside its anchor, and take it.

        Parameters
        ----------
        anchor : tuple of float
            ``x y`` of the middle of what the text belongs to.
        away : float
            How far from it the text stands.
        size : tuple of float
            Width and height of the text.
        below_only : bool, default False
            Whether to look nowhere but right below it.

        Returns
        -------
        tuple of float, or None
            ``x y`` of the text's top left; None if there is no room.
        """
        width, height = size
        for along, down, right, low in _BELOW if below_only else _SPOTS:
            x = anchor[0] + right * away + along * width
            y = anchor[1] + low * away + down * height
            rows, columns = self._cells(x, y, width, height)
            inside = rows.start >= 0 and columns.start >= 0
            inside &= rows.stop <= self._taken.shape[0] and columns.stop <= self._taken.shape[1]
            if inside and not self._taken[rows, columns].any():
                self._taken[rows, columns] = True
                return x, y
        return None

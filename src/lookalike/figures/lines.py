"""How lines look, and staircases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.figures.dots import Look

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How the lines of one figure differ beside their color: solid, then ever shorter dashes.
DASHES: Final[tuple[tuple[float, ...], ...]] = (
    (),
    (6.0, 2.2),
    (1.2, 1.6),
    (6.0, 2.0, 1.2, 2.0),
    (3.0, 1.6),
    (9.0, 2.0, 3.0, 2.0),
)

#: For lines and dots without an order, on light and on dark ground: Paul Tol's "high contrast" and
#: "muted" schemes, and his "light" one (personal.sron.nl/~pault).
_COLORS: Final = {
    "light": ("#004488", "#bb5566", "#b8860b", "#44aa99", "#882255", "#5a8fb0"),
    "dark": ("#77aadd", "#ee8866", "#eedd88", "#44bb99", "#ffaabb", "#99ddff"),
}
_SHAPES: Final = ("o", "^", "s", "D", "P", "v")


def looks(theme: str) -> tuple[Look, ...]:
    """Return how up to six kinds look on the ground of a theme.

    Parameters
    ----------
    theme : {"light", "dark"}
        Its name.

    Returns
    -------
    tuple of Look
        Each differs in color and in shape.
    """
    return tuple(Look(*pair) for pair in zip(_COLORS[theme], _SHAPES, strict=True))


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line looks.

    Parameters
    ----------
    color : str
        ``#rrggbb``.
    width : float, default 1.6
        In points.
    dash : tuple of float, default ()
        Lengths of dashes and gaps in widths of the line; none for a solid line.
    """

    color: str
    width: float = 1.6
    dash: tuple[float, ...] = ()


def steps(edges: NDArray[np.floating], heights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the corners of a staircase, from the ground up and down to it.

    Parameters
    ----------
    edges : ndarray of shape (n + 1,), float
        Where the steps begin and end.
    heights : ndarray of shape (n,), float
        How high they are.

    Returns
    -------
    ndarray of shape (2 * n + 2, 2), float64
        ``x y``.
    """
    x = np.repeat(np.asarray(edges, np.float64), 2)
    y = np.concatenate([[0.0], np.repeat(np.asarray(heights, np.float64), 2), [0.0]])
    return np.column_stack([x, y])

"""Dots of several colors, which differ in shape as well: nothing rests on telling hues apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lookalike.figures.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.path import Path
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Look:
    """How the dots of one kind look.

    Parameters
    ----------
    color : str
        ``#rrggbb``.
    shape : str
        Matplotlib's letter for a marker.
    """

    color: str
    shape: str = "o"


#: For kinds without an order: Paul Tol's "high contrast" scheme, which survives in gray, and
#: three more of his "muted" one (personal.sron.nl/~pault).
KINDS: Final = (
    Look("#004488", "o"),
    Look("#ddaa33", "s"),
    Look("#bb5566", "^"),
    Look("#44aa99", "D"),
    Look("#88ccee", "v"),
    Look("#882255", "P"),
)

#: For kinds in order, from dark to light: viridis, which is even for every kind of sight.
STEPS: Final = (
    Look("#440154", "o"),
    Look("#3b528b", "o"),
    Look("#21918c", "o"),
    Look("#5ec962", "o"),
    Look("#d8c81b", "o"),
)


class DotCanvas(Canvas):
    """A canvas that draws many dots at once."""

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
            [_outline(look.shape)],
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


def _outline(shape: str) -> Path:
    from matplotlib.markers import MarkerStyle

    marker = MarkerStyle(shape)
    return marker.get_path().transformed(marker.get_transform())

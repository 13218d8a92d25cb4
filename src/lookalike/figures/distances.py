"""Distances as numbers and as bars."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A distance that is not a number is shown as none.
_NONE = "—"


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale for a whole figure, so that bars of different faces can be compared.

    It starts at zero: a bar twice as long is a distance twice as large.

    Parameters
    ----------
    top : float
        The largest distance of the figure; 0 if there is none.
    comparable : bool
        Whether there are two distances at least. A single bar would always be full.
    """

    top: float
    comparable: bool

    @classmethod
    def of(cls, distances: Iterable[float]) -> Scale:
        """Make the scale of these distances.

        Parameters
        ----------
        distances : iterable of float
            All that the figure shows; infinite ones and NaN are left out.

        Returns
        -------
        Scale
            From zero to the largest of them.
        """
        known = [distance for distance in distances if math.isfinite(distance)]
        top = max(known, default=0.0)
        return cls(max(top, 0.0), len(known) > 1 and top > 0)

    def share(self, distance: float) -> float:
        """Return how long the bar of a distance is.

        Parameters
        ----------
        distance : float
            One of the figure's.

        Returns
        -------
        float
            0 to 1; 0 for a distance that is no number.
        """
        if not math.isfinite(distance) or self.top <= 0:
            return 0.0
        return min(max(distance / self.top, 0.0), 1.0)

    def text(self, distance: float) -> str:
        """Return a distance as people read it.

        Parameters
        ----------
        distance : float
            One of the figure's.

        Returns
        -------
        str
            With as many decimals as the largest distance of the figure needs for three or four
            digits that count.
        """
        if not math.isfinite(distance):
            return _NONE
        if 0 < self.top < 0.01:
            return f"{distance:.2e}"
        decimals = 3 if self.top < 10 else 2 if self.top < 100 else 1 if self.top < 1000 else 0
        # Adding zero turns a rounded -0.0 into 0.0.
        return f"{round(distance, decimals) + 0.0:.{decimals}f}"

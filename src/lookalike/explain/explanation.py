"""What makes two faces alike, as it was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.errors import ArrayError
from lookalike.types._check import check_array

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PartWeight:
    """How much one part counts.

    Parameters
    ----------
    name : str
        For example ``"eyes"``.
    change : float
        How much farther apart the faces are when it is hidden in one of them, in the metric; below
        zero if they are nearer then.
    weight : float
        Its share of all that makes the faces alike, 0 to 1; 0 for what sets them apart.
    one, other : float
        The change when it is hidden in the one face, and in the other.
    area : float
        How much of the crop it takes, 0 to 1.
    """

    name: str
    change: float
    weight: float
    one: float
    other: float
    area: float


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Which parts make two faces alike.

    Parameters
    ----------
    metric : str
        What the distances are.
    distance : float
        Between the two faces as they are.
    parts : tuple of PartWeight
        What counts most comes first.
    grid : ndarray of shape (2, g, g), float32
        The change of the distance when a cell is hidden in the one face, and in the other. Above
        zero, the cell makes them alike.
    stability : float
        How well several ways of hiding, each in both faces, agree on the order of the parts: 1
        wholly, 0 not at all.
    faces_agree : float
        How well the two faces agree on the parts, -1 to 1.
    maps_agree : float
        How well the parts agree with the grid, -1 to 1.
    sentence : str
        All of that in words.
    """

    metric: str
    distance: float
    parts: tuple[PartWeight, ...]
    grid: NDArray[np.float32]
    stability: float
    faces_agree: float
    maps_agree: float
    sentence: str

    def __post_init__(self) -> None:
        """Check the grid."""
        check_array("Explanation.grid", self.grid, (2, "g", "g"), np.float32)
        if self.grid.shape[1] != self.grid.shape[2]:
            raise ArrayError(f"Explanation.grid must be square, got {self.grid.shape}")

    def fields(self) -> dict[str, Any]:
        """Return everything as JSON values.

        Returns
        -------
        dict of str to JSON value
            Numbers are rounded to six digits.
        """
        return {
            "sentence": self.sentence,
            "metric": self.metric,
            "distance": round(self.distance, 6),
            "parts": [
                {
                    "name": part.name,
                    "change": round(part.change, 6),
                    "weight": round(part.weight, 4),
                    "one": round(part.one, 6),
                    "other": round(part.other, 6),
                    "area": round(part.area, 4),
                }
                for part in self.parts
            ],
            "stability": round(self.stability, 3),
            "faces_agree": round(self.faces_agree, 3),
            "maps_agree": round(self.maps_agree, 3),
            "grid": [[[round(float(v), 6) for v in row] for row in face] for face in self.grid],
        }

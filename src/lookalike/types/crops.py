"""Faces cut out and set upright, ready for an encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ArrayError
from lookalike.types._check import check_array, check_same_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Crops:
    """Aligned square crops of faces.

    Parameters
    ----------
    pixels : ndarray of shape (n, S, S, 3), uint8
        RGB, 0 to 255.
    transforms : ndarray of shape (n, 2, 3), float32
        The affine map from picture pixels to crop pixels, one for each crop.
    template : str
        The name of the landmark template that the crops follow.
    """

    pixels: NDArray[np.uint8]
    transforms: NDArray[np.float32]
    template: str

    def __post_init__(self) -> None:
        """Check shapes, dtypes and lengths."""
        check_array("Crops.pixels", self.pixels, ("n", "S", "S", 3), np.uint8)
        check_array("Crops.transforms", self.transforms, ("n", 2, 3), np.float32)
        check_same_length("Crops", pixels=self.pixels, transforms=self.transforms)
        if self.pixels.shape[1] != self.pixels.shape[2]:
            raise ArrayError(f"Crops.pixels must be square, got {self.pixels.shape}")

    def __len__(self) -> int:
        """Return the number of crops."""
        return len(self.pixels)

    def rows(self, start: int, stop: int) -> Crops:
        """Return some of the crops.

        Parameters
        ----------
        start, stop : int
            The first row, and the one after the last.

        Returns
        -------
        Crops
            Of the same template.
        """
        return Crops(self.pixels[start:stop], self.transforms[start:stop], self.template)

    @classmethod
    def concatenate(cls, parts: Sequence[Crops]) -> Crops:
        """Put the crops of several pictures into one batch.

        Parameters
        ----------
        parts : sequence of Crops
            At least one, all of the same template and size.

        Returns
        -------
        Crops
            All rows in order.

        Raises
        ------
        ArrayError
            If `parts` is empty or mixes templates.
        """
        if len({(part.template, part.pixels.shape[1]) for part in parts}) != 1:
            raise ArrayError("only crops of one template can be joined, and at least one is needed")
        return cls(
            np.concatenate([part.pixels for part in parts]),
            np.concatenate([part.transforms for part in parts]),
            parts[0].template,
        )

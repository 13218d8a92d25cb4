"""A picture in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ArrayError
from lookalike.types._check import check_array

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """An upright RGB picture.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        RGB, 0 to 255, upright (EXIF orientation applied), C-contiguous.
    reduction : int, default 1
        How many pixels of the file stand behind one pixel here, along each axis. A large JPEG
        decoded at half its size has 2.
    """

    pixels: NDArray[np.uint8]
    reduction: int = 1

    def __post_init__(self) -> None:
        """Check the shape, the dtype and the layout."""
        check_array("Image.pixels", self.pixels, ("H", "W", 3), np.uint8)
        if not self.pixels.flags.c_contiguous or 0 in self.pixels.shape:
            raise ArrayError("Image.pixels must be C-contiguous and hold at least one pixel")
        if self.reduction < 1:
            raise ArrayError(f"Image.reduction must be at least 1, got {self.reduction}")

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

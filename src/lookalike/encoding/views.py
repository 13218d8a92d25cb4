"""Several views of one face, for one steadier vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: 1 is the crop as it is, 2 adds its mirror image.
MOST_VIEWS = 2


def views_of(pixels: NDArray[np.uint8], views: int) -> NDArray[np.uint8]:
    """Return the views of each crop.

    Parameters
    ----------
    pixels : ndarray of shape (n, S, S, 3), uint8
        Crops.
    views : int
        1: as is; 2: and mirrored.

    Returns
    -------
    ndarray of shape (views * n, S, S, 3), uint8
        All crops as they are, then all mirrored.

    Raises
    ------
    OptionError
        If `views` is out of range.
    """
    if not 1 <= views <= MOST_VIEWS:
        raise OptionError(f"views must be between 1 and {MOST_VIEWS}, got {views}")
    if views == 1:
        return pixels
    return np.concatenate([pixels, pixels[:, :, ::-1]])

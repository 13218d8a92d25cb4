"""A map of what makes two faces alike, laid over both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.explain import Explanation

#: What makes alike, and what sets apart: orange and purple, which every kind of sight tells apart
#: (the ends of ColorBrewer's "PuOr").
ALIKE: Final = "#e66101"
APART: Final = "#5e3c99"

_STRONGEST: Final = 0.72
_GRAY: Final = np.array([0.299, 0.587, 0.114])


def heat_faces(
    explanation: Explanation, faces: NDArray[np.uint8], size_px: int = 480
) -> NDArray[np.uint8]:
    """Lay the map of an explanation over the two faces.

    Parameters
    ----------
    explanation : Explanation
        Of these faces.
    faces : ndarray of shape (2, S, S, 3), uint8
        The two crops that were explained, RGB.
    size_px : int, default 480
        Side of the pictures that are returned.

    Returns
    -------
    ndarray of shape (2, size_px, size_px, 3), uint8
        The faces in gray; orange lies where they are alike, purple where they differ, the
        stronger, the more. Both have one scale.
    """
    from PIL import Image
    from scipy.ndimage import zoom

    cells = explanation.grid.shape[1]
    top = max(float(np.abs(explanation.grid).max()), 1e-9)
    colors = {sign: _rgb(color) for sign, color in ((1, ALIKE), (-1, APART))}
    made = np.empty((2, size_px, size_px, 3), np.uint8)
    for grid, face, out in zip(explanation.grid, faces, made, strict=True):
        large = Image.fromarray(face).resize((size_px, size_px), Image.Resampling.LANCZOS)
        gray = (np.asarray(large) @ _GRAY)[..., None]
        fine = zoom(grid, size_px / cells, order=3, mode="nearest", grid_mode=True)
        strength = np.clip(fine / top, -1, 1)[..., None]
        color = np.where(strength > 0, colors[1], colors[-1])
        # A root would drown the face in color where little is to be seen.
        share = np.abs(strength) * _STRONGEST
        out[:] = np.rint(np.clip(gray * (1 - share) + color * share, 0, 255))
    return made


def _rgb(color: str) -> NDArray[np.float64]:
    return np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], np.float64)

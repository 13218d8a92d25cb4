"""Making a face unrecognizable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What is left of a face: the means of so many squares across it.
_CELLS: Final = 5


def hide(plane: NDArray[np.uint8], box: tuple[float, float, float, float]) -> None:
    """Replace what is in an ellipse by a few soft spots of its mean colors, in place.

    Parameters
    ----------
    plane : ndarray of shape (h, w), uint8
        One channel of a picture.
    box : tuple of float
        ``x1 y1 x2 y2`` around the ellipse, in pixels of `plane`; may leave it.

    Notes
    -----
    The means of 25 squares are kept, far fewer numbers than tell people apart, so that nothing of
    the face can be brought back.
    """
    height, width = plane.shape
    x1, y1 = max(int(box[0]), 0), max(int(box[1]), 0)
    x2, y2 = min(int(np.ceil(box[2])), width), min(int(np.ceil(box[3])), height)
    if x2 <= x1 or y2 <= y1:
        return
    part = plane[y1:y2, x1:x2]
    few = cv2.resize(np.ascontiguousarray(part), (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    soft = cv2.resize(few, (x2 - x1, y2 - y1), interpolation=cv2.INTER_LINEAR)
    x = (np.arange(x1, x2) + 0.5 - (box[0] + box[2]) / 2) / max((box[2] - box[0]) / 2, 1)
    y = (np.arange(y1, y2) + 0.5 - (box[1] + box[3]) / 2) / max((box[3] - box[1]) / 2, 1)
    inside = x[None] ** 2 + y[:, None] ** 2 <= 1
    np.copyto(part, np.asarray(soft, np.uint8), where=inside)

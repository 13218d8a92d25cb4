"""What detectors that see the whole picture at once have in common.

Such a network has a grid of anchors for each of a few strides, and each anchor votes for a face.
It knows faces between about a dozen and a few hundred pixels: a large picture is brought down to
a size at which the work is bounded, and is looked at a second time very small, so that a face
that fills it is seen as well.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.detection.looks import Look, distinct
from lookalike.types import Faces

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

STRIDES: Final = (8, 16, 32)

#: Longer side of the second look in pixels.
_COARSE_PX: Final = 192

#: A picture scanned at no more than this needs no second look: a face that fills it is found.
_SEEN_WHOLE_PX: Final = 320


@lru_cache(maxsize=256)
def anchors(rows: int, columns: int, stride: int, each: int = 1) -> NDArray[np.float32]:
    """Return where the anchors of one stride stand.

    Parameters
    ----------
    rows, columns : int
        Size of the canvas in pixels.
    stride : int
        Pixels between two anchors.
    each : int, default 1
        Anchors at one place.

    Returns
    -------
    ndarray of shape (n, 2), float32
        ``x y`` in pixels of the canvas, row by row. Read-only, because it is shared.
    """
    y, x = np.mgrid[0:rows:stride, 0:columns:stride]
    places = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    result: NDArray[np.float32] = places.repeat(each, axis=0)
    result.flags.writeable = False
    return result


def scan(
    pixels: NDArray[np.uint8],
    look: Callable[[NDArray[np.uint8]], Faces],
    longest_px: int,
    overlap: float,
) -> Faces:
    """Look at a picture at one size, and at a second, small one if the first is large.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        The picture.
    look : callable
        Takes the pixels of a canvas and returns its candidates in pixels of the canvas.
    longest_px : int
        Longer side of the first look; a smaller picture is not enlarged.
    overlap : float
        A candidate goes if it overlaps a better one by more than this part of both, 0 to 1.

    Returns
    -------
    Faces
        In pixels of the picture, best first.
    """
    sizes = [longest_px]
    if min(longest_px, max(pixels.shape[:2])) > _SEEN_WHOLE_PX:
        sizes.append(_COARSE_PX)
    boxes, landmarks, scores = [], [], []
    for size in sizes:
        canvas = Look(size, step_px=STRIDES[-1]).show(pixels)
        seen = look(canvas.pixels)
        boxes.append(canvas.to_picture(seen.boxes.reshape(-1, 2, 2)).reshape(-1, 4))
        landmarks.append(canvas.to_picture(seen.landmarks))
        scores.append(seen.scores)
    found = Faces(np.concatenate(boxes), np.concatenate(landmarks), np.concatenate(scores))
    return found.take(distinct(found.boxes, found.scores, overlap))

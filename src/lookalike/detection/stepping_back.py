"""Looking a second time, from farther away, where no face was found.

Detectors have learned faces with something around them. One that fills its picture, as selfies and
cropped portraits have it, is missed, and found as soon as the picture has a margin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.types import Faces, Image

if TYPE_CHECKING:
    from lookalike.protocols import Detector

#: The margin, as a part of the picture's longer side.
_MARGIN: Final = 0.25


def faces_of(detector: Detector, image: Image) -> Faces:
    """Find the faces of a picture, also one that fills it.

    Parameters
    ----------
    detector : Detector
        What finds faces.
    image : Image
        The picture. One without a face is looked at twice.

    Returns
    -------
    Faces
        Best first; boxes and landmarks in pixels of the picture.
    """
    (faces,) = detector.detect([image])
    if len(faces):
        return faces
    margin_px = round(_MARGIN * max(image.height, image.width))
    inside = slice(margin_px, margin_px + image.height), slice(margin_px, margin_px + image.width)
    # In the picture's mean color, its edge is least of an outline.
    pixels = np.empty((image.height + 2 * margin_px, image.width + 2 * margin_px, 3), np.uint8)
    pixels[:] = image.pixels.mean(axis=(0, 1)).round()
    pixels[inside] = image.pixels
    (faces,) = detector.detect([Image(pixels)])
    return faces.moved(-margin_px, -margin_px)

"""The way back: pixels to bytes of a JPEG file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def encode_jpeg(pixels: NDArray[np.uint8], quality: int = 88) -> bytes:
    """Write a picture as a JPEG file in memory.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        RGB.
    quality : int, default 88
        1 to 100.

    Returns
    -------
    bytes
        The same bytes for the same pixels.
    """
    import PIL.Image

    stream = io.BytesIO()
    PIL.Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return stream.getvalue()

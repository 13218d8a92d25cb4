"""From a decoded picture of any mode to RGB pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Picture

_STRIP_ROWS = 64
_ONE_GO_PIXELS = 1_000_000


def rgb_pixels(picture: Picture) -> NDArray[np.uint8]:
    """Convert a decoded picture to RGB, with transparent parts over white.

    Parameters
    ----------
    picture : PIL.Image.Image
        Any mode.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        RGB, 0 to 255, C-contiguous. Color profiles are not applied.
    """
    if picture.mode.startswith("I") or picture.mode == "F":
        return gray_to_rgb(_deep_gray(np.asarray(picture)))
    if picture.has_transparency_data:
        picture = _over_white(picture)
    elif picture.mode != "RGB":
        picture = picture.convert("RGB")
    return _array(picture)


def gray_to_rgb(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Repeat a gray plane three times.

    Parameters
    ----------
    gray : ndarray of shape (H, W), uint8
        0 to 255.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        RGB, C-contiguous.
    """
    rgb: NDArray[np.uint8] = np.repeat(gray[..., np.newaxis], 3, axis=2)
    return rgb


def from_16_bit(values: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Scale 0 to 65535 down to 0 to 255, rounded to nearest.

    Parameters
    ----------
    values : ndarray of any shape, uint16
        0 to 65535.

    Returns
    -------
    ndarray of the same shape, uint8
        0 to 255.
    """
    scaled: NDArray[np.uint32] = (values.astype(np.uint32) + 128) // 257
    return scaled.astype(np.uint8)


def _deep_gray(values: NDArray[np.integer | np.floating]) -> NDArray[np.uint8]:
    if np.issubdtype(values.dtype, np.integer):
        # Every writer of integers deeper than 8 bits that holds photos means 16.
        return from_16_bit(np.clip(values, 0, 65535).astype(np.uint16))
    finite = np.nan_to_num(values, nan=0.0, posinf=255.0, neginf=0.0)
    scale = 255.0 if finite.max(initial=0.0) <= 1.0 else 1.0
    scaled: NDArray[np.floating] = np.clip(np.rint(finite * scale), 0.0, 255.0)
    return scaled.astype(np.uint8)


def _over_white(picture: Picture) -> Picture:
    from PIL import Image

    layer = picture if picture.mode == "RGBA" else picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _array(picture: Picture) -> NDArray[np.uint8]:
    width, height = picture.size
    if width * height <= _ONE_GO_PIXELS:
        # A copy, because Pillow's own buffer is read-only.
        return np.array(picture)
    # Pillow joins its buffer twice on the way to NumPy. Strips that stay in the processor's cache
    # halve the time for a large photo, and its memory.
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, height)
        pixels[top:bottom] = np.asarray(picture.crop((0, top, width, bottom)))
    return pixels

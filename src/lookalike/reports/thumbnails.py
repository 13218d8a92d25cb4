"""Thumbnails inside the page."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import ImageError
from lookalike.images import KEPT, encode_jpeg, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

#: The side of a small thumbnail: twice what is shown, for screens of high resolution.
_SMALL_PX: Final = 144


class Thumbnails:
    """Thumbnails as addresses that hold their own data, each made once.

    Parameters
    ----------
    thumbnail : callable
        Returns the JPEG of a face by its number, or nothing.
    """

    def __init__(self, thumbnail: Callable[[int], bytes]) -> None:
        self._thumbnail = thumbnail
        self._small: dict[int, str] = {}

    def large(self, number: int) -> str:
        """Return a thumbnail as it is stored.

        Parameters
        ----------
        number : int
            The face's number.

        Returns
        -------
        str
            A ``data:`` address, empty if there is none.
        """
        return _address(self._thumbnail(number))

    def small(self, number: int) -> str:
        """Return a thumbnail made smaller: a page has many of them.

        Parameters
        ----------
        number : int
            The face's number.

        Returns
        -------
        str
            A ``data:`` address, empty if there is none.
        """
        if number not in self._small:
            self._small[number] = _address(_smaller(self._thumbnail(number)))
        return self._small[number]


def _address(data: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}" if data else ""


def _smaller(data: bytes) -> bytes:
    try:
        pixels = read(data, limits=KEPT).pixels if data else None
    except ImageError:
        # Whatever it is, it is no picture that anybody could look at.
        return b""
    if pixels is None or min(pixels.shape[:2]) <= _SMALL_PX:
        return data
    small = encode_jpeg(_reduced(pixels), quality=80)
    return min(small, data, key=len)


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import PIL.Image

    picture = PIL.Image.fromarray(pixels)
    scale = _SMALL_PX / min(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return np.asarray(picture.resize(size, PIL.Image.Resampling.LANCZOS), np.uint8)

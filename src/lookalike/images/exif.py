"""Which way up a photo is.

Cameras store pixels as the sensor saw them and note in EXIF how they were held. The one number
that matters is read here by hand: it is the same for every format, and general EXIF parsers warn
or fail over makers' notes that nobody needs.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_ORIENTATION = 0x0112
_UPRIGHT = 1
_BYTE_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
# TIFF type number -> how the value lies in the four bytes of its entry.
_INTEGERS = {1: "B", 3: "H", 4: "I"}
_ENTRY_BYTES = 12

# Orientation -> the name of the Pillow transposition that undoes it.
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


def orientation(exif: bytes) -> int:
    r"""Read the orientation out of an EXIF block.

    Parameters
    ----------
    exif : bytes
        The block, with or without its ``Exif`` prefix.

    Returns
    -------
    int
        1 to 8 as EXIF numbers them; 1, which is upright, if the block is damaged or silent.

    Examples
    --------
    >>> orientation(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0")
    6
    """
    exif = exif.removeprefix(b"Exif\x00\x00")
    order = _BYTE_ORDERS.get(exif[:4])
    if order is None:
        return _UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for at in range(start + 2, start + 2 + count * _ENTRY_BYTES, _ENTRY_BYTES):
            tag, kind = struct.unpack_from(f"{order}HH", exif, at)
            if tag == _ORIENTATION and kind in _INTEGERS:
                (value,) = struct.unpack_from(f"{order}{_INTEGERS[kind]}", exif, at + 8)
                return int(value) if value in _TURNS else _UPRIGHT
    except struct.error:
        return _UPRIGHT
    return _UPRIGHT


def upright(picture: Picture, exif: bytes | None = None) -> Picture:
    """Turn a decoded picture the right way up.

    Parameters
    ----------
    picture : PIL.Image.Image
        A loaded picture; some formats keep their EXIF behind the pixels.
    exif : bytes, optional
        The EXIF block, if it is not the one that the picture carries.

    Returns
    -------
    PIL.Image.Image
        The same picture if it is upright already, else a turned copy.
    """
    carried = picture.info.get("exif") if exif is None else exif
    turn = _TURNS.get(orientation(carried)) if isinstance(carried, bytes) else None
    if turn is None:
        return picture
    from PIL.Image import Transpose

    return picture.transpose(Transpose[turn])

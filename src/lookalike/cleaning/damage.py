"""Damage that decoders pass over in silence.

A decoder that meets wrong codes in the middle of a photo paints something and goes on. Only those
that say so are asked here; whether a photo can be opened at all is decided elsewhere.
"""

from __future__ import annotations

import io
import re
from typing import Final

from lookalike.errors import ImageError
from lookalike.images.faults import decoding
from lookalike.images.formats import Format
from lookalike.images.segments import strip_metadata

# libjpeg's own words. It has more, about headers, that are a matter of taste.
_COMPLAINTS: Final = ("Corrupt JPEG data", "Premature end")
# From the colors of a file to the cheapest that it can be decoded to.
_CHEAPEST: Final = {"YCbCr": "GRAY", "Gray": "GRAY", "CMYK": "CMYK", "YCCK": "CMYK"}
# Some cameras pad the last scan.
_PADDING: Final = re.compile(r"Corrupt JPEG data: [12] extraneous bytes before marker 0xd9")


def damage(data: bytes, kind: Format) -> str:
    """Say whether a photo that can be opened is damaged inside.

    Parameters
    ----------
    data : bytes
        The file.
    kind : Format
        What it is.

    Returns
    -------
    str
        What is wrong; empty if nothing is known to be. JPEG and PNG are looked into.
    """
    if kind is Format.JPEG:
        return _jpeg_damage(data)
    if kind is Format.PNG:
        return _png_damage(data)
    return ""


def _jpeg_damage(data: bytes) -> str:
    import simplejpeg

    bare = strip_metadata(data).data
    try:
        space = simplejpeg.decode_jpeg_header(bare)[2]
        # At an eighth of the size, every code is read all the same.
        simplejpeg.decode_jpeg(
            bare,
            _CHEAPEST.get(space, "RGB"),
            min_factor=8,
            min_height=1,
            min_width=1,
        )
    except ValueError as fault:
        words = str(fault)
        if words.startswith(_COMPLAINTS) and not _PADDING.match(words):
            return words.removeprefix("Corrupt JPEG data: ")
    return ""


def _png_damage(data: bytes) -> str:
    from PIL.PngImagePlugin import PngImageFile

    try:
        with decoding("the picture"):
            PngImageFile(io.BytesIO(data)).verify()
    except ImageError:
        return "a checksum is wrong"
    return ""

"""How many pictures a file holds, and the first of them as a file of its own."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Final

from lookalike.errors import ImageError
from lookalike.images.faults import decoding
from lookalike.images.formats import Format

if TYPE_CHECKING:
    from lookalike.types import Image

#: The formats that may move, or have several pages. A JPEG may carry others behind its end, too:
#: phones put previews and videos there, which nobody takes for the photo.
_SEVERAL: Final = {
    Format.GIF: ("PIL.GifImagePlugin", "GifImageFile"),
    Format.PNG: ("PIL.PngImagePlugin", "PngImageFile"),
    Format.WEBP: ("PIL.WebPImagePlugin", "WebPImageFile"),
    Format.AVIF: ("PIL.AvifImagePlugin", "AvifImageFile"),
    Format.TIFF: ("PIL.TiffImagePlugin", "TiffImageFile"),
}


def frames(data: bytes, kind: Format) -> int:
    """Count the pictures of a file.

    Parameters
    ----------
    data : bytes
        The file, whose first picture can be read.
    kind : Format
        What it is.

    Returns
    -------
    int
        At least 1; what lies behind damage is not counted.
    """
    if kind not in _SEVERAL:
        return 1
    module, name = _SEVERAL[kind]
    try:
        with decoding("the picture"):
            opened = getattr(importlib.import_module(module), name)(io.BytesIO(data))
            return int(getattr(opened, "n_frames", 1))
    except ImageError:
        return 1


def encode_png(image: Image) -> bytes:
    """Write a picture as a PNG file in memory.

    Parameters
    ----------
    image : Image
        The picture.

    Returns
    -------
    bytes
        The same bytes for the same pixels. Nothing of the picture is lost, so it looks to the
        next run exactly as it did to this one.
    """
    from PIL.Image import fromarray

    stream = io.BytesIO()
    fromarray(image.pixels).save(stream, "PNG")
    return stream.getvalue()

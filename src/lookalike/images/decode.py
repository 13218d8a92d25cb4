"""From the bytes of a file to pixels."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any

from lookalike.errors import MissingExtra
from lookalike.images.exif import upright
from lookalike.images.faults import decoding
from lookalike.images.formats import Format, sniff
from lookalike.images.jpeg import decode_jpeg
from lookalike.images.pixels import rgb_pixels
from lookalike.types import Image

if TYPE_CHECKING:
    from lookalike.images.limits import Limits

# The classes instead of PIL.Image.open: its size limit is a global one and warns, it imports all
# of its formats, and it would try them by turns on a file that lies about itself.
_PLUGINS = {
    Format.PNG: ("PIL.PngImagePlugin", "PngImageFile"),
    Format.GIF: ("PIL.GifImagePlugin", "GifImageFile"),
    Format.WEBP: ("PIL.WebPImagePlugin", "WebPImageFile"),
    Format.AVIF: ("PIL.AvifImagePlugin", "AvifImageFile"),
    Format.BMP: ("PIL.BmpImagePlugin", "BmpImageFile"),
    Format.TIFF: ("PIL.TiffImagePlugin", "TiffImageFile"),
}


def decode(data: bytes, name: str, limits: Limits, longest_px: int | None = None) -> Image:
    """Decode the bytes of a file, whatever its format.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        How errors call the file.
    limits : Limits
        Checked before decoding.
    longest_px : int or None
        See `read`; JPEG only.

    Returns
    -------
    Image
        Upright; the first frame of an animation.

    Raises
    ------
    ImageUnreadable
        If the file is empty, damaged, cut off, too small or no picture.
    ImageTooLarge
        If it is over the limits.
    MissingExtra
        If it is HEIC and its decoder is not installed.
    """
    limits.check_bytes(len(data), name)
    kind = sniff(data, name)
    if kind is Format.JPEG:
        return decode_jpeg(data, name, limits, longest_px)
    if kind is Format.HEIC:
        return _decode_heic(data, name, limits)
    with decoding(name):
        picture = _plugin(kind)(io.BytesIO(data))
    limits.check_size(picture.size, name)
    with decoding(name):
        picture.load()
        pixels = rgb_pixels(upright(picture))
    return Image(pixels)


def _plugin(kind: Format) -> Any:
    module, attribute = _PLUGINS[kind]
    return getattr(importlib.import_module(module), attribute)


def _decode_heic(data: bytes, name: str, limits: Limits) -> Image:
    try:
        import pillow_heif
    except ImportError as fault:
        raise MissingExtra(
            f"{name} is HEIC, and pillow-heif is not installed", "pip install pillow-heif"
        ) from fault
    with decoding(name):
        opened = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        size = opened.size
    limits.check_size(size, name)
    with decoding(name):
        # Turned already: HEIC keeps the orientation in the container, and its EXIF must be ignored.
        pixels = rgb_pixels(opened.to_pillow())
    return Image(pixels)

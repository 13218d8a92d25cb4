"""JPEG: the hot path of every gallery.

Pillow decodes it, not OpenCV. Both use libjpeg-turbo and give the same pixels, but OpenCV lets the
library print to the terminal over every slightly odd phone photo, and that cannot be turned off.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from lookalike.errors import ImageUnreadable
from lookalike.images.exif import upright
from lookalike.images.faults import decoding
from lookalike.images.pixels import rgb_pixels
from lookalike.images.segments import strip_metadata
from lookalike.types import Image

if TYPE_CHECKING:
    from PIL.JpegImagePlugin import JpegImageFile

    from lookalike.images.limits import Limits
    from lookalike.images.segments import Bare

_REDUCTIONS = (8, 4, 2)
# Within a scan, FF is followed by 00 or by a restart marker; anything else ends the scan.
_SCAN_END = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_END_OF_IMAGE = b"\xff\xd9"
_FILLER = b"\x5a\xa5\x3c\xc3" * 16
# What is painted where the data ran out: all coefficients zero. 127 is the same in inverted CMYK.
_UNPAINTED = frozenset({127, 128})


def decode_jpeg(data: bytes, name: str, limits: Limits, longest_px: int | None) -> Image:
    """Decode a JPEG, at a reduced scale if that is enough.

    Parameters
    ----------
    data : bytes
        The file. Whatever follows its end marker is ignored: phones append videos there.
    name : str
        How the error calls the file.
    limits : Limits
        Checked against the header, before decoding.
    longest_px : int or None
        The long side that the result must keep, in pixels; None for full scale.

    Returns
    -------
    Image
        Upright, with the `reduction` that was used.

    Raises
    ------
    ImageUnreadable
        If the file is damaged or cut off.
    ImageTooLarge
        If it is over the limits.
    """
    bare = strip_metadata(data)
    with decoding(name):
        picture = _open(bare.data)
    limits.check_size(picture.size, name)
    # An interrupted download may leave zeros in place of the rest. They are valid codes, so
    # decoders draw them, and some do not miss the end marker then.
    if bare.data.find(_END_OF_IMAGE, bare.scan) < 0:
        raise _cut_off(name)
    reduction = _reduction(max(picture.size), longest_px)
    with decoding(name):
        _load(picture, reduction)
        starved = _is_starved(picture, reduction, bare)
    if starved:
        raise _cut_off(name)
    with decoding(name):
        pixels = rgb_pixels(upright(picture, bare.exif))
    return Image(pixels, reduction)


def _cut_off(name: str) -> ImageUnreadable:
    return ImageUnreadable(f"{name} is cut off", "copy or download the photo again")


def _open(data: bytes) -> JpegImageFile:
    from PIL.JpegImagePlugin import JpegImageFile

    # The class instead of PIL.Image.open, whose own size limit is a global one and warns.
    return JpegImageFile(io.BytesIO(data))


def _reduction(long_side: int, longest_px: int | None) -> int:
    if longest_px is None:
        return 1
    return next((by for by in _REDUCTIONS if -(-long_side // by) >= longest_px), 1)


def _load(picture: JpegImageFile, reduction: int) -> None:
    if reduction > 1:
        width, height = picture.size
        picture.draft(None, (max(1, width // reduction), max(1, height // reduction)))
    picture.load()


def _is_starved(picture: JpegImageFile, reduction: int, bare: Bare) -> bool:
    """Tell whether the data ran out before the picture was complete.

    A cut file whose end marker was put back passes every decoder: the rest is painted gray in
    silence. So if the last pixel has that very gray, the picture is decoded again with more data
    put in at the end of the scan. A complete scan ignores it; a starved one draws it.
    """
    last = picture.getpixel((picture.width - 1, picture.height - 1))
    values = last if isinstance(last, tuple) else (last,)
    if not _UNPAINTED.issuperset(values):
        return False
    # Two bytes on, past the marker that starts the scan.
    end = _SCAN_END.search(bare.data, bare.scan + 2)
    at = end.start() if end else len(bare.data)
    again = _open(bare.data[:at] + _FILLER + bare.data[at:] + _END_OF_IMAGE)
    _load(again, reduction)
    return again.tobytes() != picture.tobytes()

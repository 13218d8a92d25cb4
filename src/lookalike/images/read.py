"""The front door: any kind of source becomes an `Image`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np

from lookalike.errors import ImageError, ImageMissing, ImageUnreadable, OptionError
from lookalike.images.arrays import array_pixels
from lookalike.images.decode import decode
from lookalike.images.exif import upright
from lookalike.images.faults import decoding
from lookalike.images.limits import Limits
from lookalike.images.pixels import rgb_pixels
from lookalike.printable import printable
from lookalike.types import Image

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray
    from PIL.Image import Image as Picture

    from lookalike.protocols import Readable

_NAMELESS = "the picture"
_CHUNK_BYTES = 1 << 20
_DEFAULT_LIMITS = Limits()


def read(
    source: Readable, *, limits: Limits = _DEFAULT_LIMITS, longest_px: int | None = None
) -> Image:
    """Read a photo, upright and in RGB.

    Parameters
    ----------
    source : path, bytes, binary file, PIL image, ndarray or Image
        A path or the bytes of a JPEG, PNG, GIF, WebP, AVIF, HEIC, BMP or TIFF file; an open
        binary file; a PIL image; an ndarray as `lookalike.images.arrays.array_pixels` takes it,
        in RGB order (an array from ``cv2.imread`` is BGR: pass ``array[..., ::-1]``); or an
        `Image`, which is returned as it is. Of an animation the first frame is read, and
        transparent parts are laid over white.
    limits : Limits, default Limits()
        The sizes to refuse.
    longest_px : int, optional
        If a smaller picture will do, the long side that it must have at least, in pixels. A JPEG
        is then decoded at 1/2, 1/4 or 1/8 of its size, which is several times faster, as long as
        its long side does not fall below. Other sources ignore it.

    Returns
    -------
    Image
        RGB, uint8; `Image.reduction` is 2, 4 or 8 if the photo was decoded at a reduced scale.

    Raises
    ------
    ImageMissing
        If there is no such file, or it may not be read.
    ImageUnreadable
        If the source is empty, damaged, cut off, too small, or no picture at all.
    ImageTooLarge
        If it is over the limits.
    ArrayError
        If an array has the wrong shape, dtype or range.
    OptionError
        If `longest_px` is below 1.
    MissingExtra
        If the photo is HEIC and its decoder is not installed.

    Examples
    --------
    >>> read(np.zeros((40, 30), np.uint8)).pixels.shape
    (40, 30, 3)
    """
    if longest_px is not None and longest_px < 1:
        raise OptionError(f"longest_px must be at least 1, got {longest_px}")
    if isinstance(source, Image):
        return source
    if isinstance(source, np.ndarray):
        return _from_array(source, limits)
    if isinstance(source, str | os.PathLike):
        path = os.fsdecode(source)
        name = printable(path) or "."
        return decode(read_bytes(path, limits), name, limits, longest_px)
    if isinstance(source, bytes | bytearray | memoryview):
        size = source.nbytes if isinstance(source, memoryview) else len(source)
        limits.check_bytes(size, _NAMELESS)
        return decode(bytes(source), _NAMELESS, limits, longest_px)
    if _is_picture(source):
        return _from_picture(cast("Picture", source), limits)
    if hasattr(source, "read"):
        title = getattr(source, "name", None)
        name = printable(title) if isinstance(title, str) else _NAMELESS
        return decode(
            _stream_bytes(cast("BinaryIO", source), name, limits), name, limits, longest_px
        )
    raise ImageUnreadable(
        f"cannot read a picture from {type(source).__name__}",
        "pass a path, bytes, an open binary file, a PIL image or an ndarray",
    )


def _is_picture(source: object) -> bool:
    # Whoever holds a PIL image has imported PIL; so nobody else pays for it here. Another thread
    # may be about to import it.
    kind = getattr(sys.modules.get("PIL.Image"), "Image", None)
    return kind is not None and isinstance(source, kind)


def _from_array(array: NDArray[Any], limits: Limits) -> Image:
    pixels = array_pixels(array)
    limits.check_size((pixels.shape[1], pixels.shape[0]), _NAMELESS)
    return Image(pixels)


def _from_picture(picture: Picture, limits: Limits) -> Image:
    title = getattr(picture, "filename", "")
    name = printable(title) if isinstance(title, str) and title else _NAMELESS
    limits.check_size(picture.size, name)
    with decoding(name):
        picture.load()
        pixels = rgb_pixels(upright(picture))
    return Image(pixels)


def buffered(source: Readable, limits: Limits = _DEFAULT_LIMITS) -> Readable | ImageError:
    """Make a source that can be read twice, later, and by any thread.

    Parameters
    ----------
    source : path, bytes, binary file, PIL image, ndarray or Image
        As `read` takes it.
    limits : Limits, default Limits()
        The sizes to refuse.

    Returns
    -------
    path, bytes, ndarray, Image or ImageError
        The bytes of an open file and the pixels of a PIL image, or why they cannot be had;
        everything else as it is.
    """
    try:
        if _is_picture(source):
            # It decodes itself when it is first used, which two threads must not do at a time.
            return _from_picture(cast("Picture", source), limits)
        if not hasattr(source, "read") or isinstance(source, str | os.PathLike):
            return source
        title = getattr(source, "name", None)
        name = printable(title) if isinstance(title, str) else _NAMELESS
        return _stream_bytes(cast("BinaryIO", source), name, limits)
    except ImageError as error:
        return error


def read_bytes(source: str | os.PathLike[str], limits: Limits = _DEFAULT_LIMITS) -> bytes:
    """Read a photo's file without decoding it.

    Parameters
    ----------
    source : path
        The file.
    limits : Limits, default Limits()
        The sizes to refuse.

    Returns
    -------
    bytes
        All of it.

    Raises
    ------
    ImageMissing
        If there is no such file, or it may not be read.
    ImageUnreadable
        If it is empty.
    ImageTooLarge
        If it is over the limit on bytes; then nothing has been read.
    """
    spelled = os.fsdecode(source)
    path, name = Path(spelled), printable(spelled) or "."
    try:
        if path.is_dir():
            raise ImageMissing(f"{name} is a folder, not a photo", "name one file in it")
        size = path.stat().st_size
        # A pipe says 0; only reading tells.
        if size or path.is_file():
            limits.check_bytes(size, name)
        with path.open("rb") as file:
            return _stream_bytes(file, name, limits)
    except FileNotFoundError as fault:
        hint = "check the spelling of the path"
        if name.startswith(("http://", "https://")):
            hint = "download the photo first: this is an address, not a file"
        raise ImageMissing(f"there is no file {name}", hint) from fault
    except PermissionError as fault:
        raise ImageMissing(f"{name} may not be read", "check the file's permissions") from fault
    except (OSError, ValueError) as fault:
        raise ImageMissing(f"{name} cannot be opened", "check the path and the disk") from fault


def _stream_bytes(file: BinaryIO, name: str, limits: Limits) -> bytes:
    """Read to the end, or to the first byte over the limit, since a stream may be endless."""
    data = bytearray()
    try:
        while len(data) <= limits.max_bytes:
            chunk = file.read(min(_CHUNK_BYTES, limits.max_bytes + 1 - len(data)))
            if not chunk:
                break
            data += chunk
    except TypeError as fault:
        raise ImageUnreadable(
            f"{name} is not open as a binary file", 'open it with mode "rb"'
        ) from fault
    except (OSError, ValueError) as fault:
        raise ImageUnreadable(f"{name} cannot be read to its end", "open the file again") from fault
    limits.check_bytes(len(data), name)
    return bytes(data)

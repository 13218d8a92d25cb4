"""Photos: whatever the bytes, `read` gives pixels or says what is wrong."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INSTRUMENTED = ("lookalike", "PIL")
LONGEST = 1 << 15

#: So that a header alone cannot slow the search down; the limit itself is what is being tried.
MOST_PIXELS = 1 << 20

_KINDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("plain.jpg", "JPEG", "RGB", {}),
    ("progressive.jpg", "JPEG", "RGB", {"progressive": True}),
    ("gray.jpg", "JPEG", "L", {}),
    ("cmyk.jpg", "JPEG", "CMYK", {}),
    ("plain.png", "PNG", "RGB", {}),
    ("palette.png", "PNG", "P", {"transparency": 3}),
    ("bits.png", "PNG", "1", {}),
    ("deep.png", "PNG", "I;16", {}),
    ("clear.png", "PNG", "LA", {}),
    ("plain.gif", "GIF", "P", {"transparency": 0}),
    ("lossy.webp", "WEBP", "RGB", {}),
    ("clear.webp", "WEBP", "RGBA", {"lossless": True}),
    ("plain.avif", "AVIF", "RGB", {}),
    ("plain.heic", "HEIF", "RGB", {}),
    ("plain.bmp", "BMP", "RGB", {}),
    ("palette.bmp", "BMP", "P", {}),
    ("plain.tif", "TIFF", "RGB", {}),
    ("lzw.tif", "TIFF", "RGB", {"compression": "tiff_lzw"}),
    ("jpeg.tif", "TIFF", "RGB", {"compression": "jpeg"}),
    ("float.tif", "TIFF", "F", {}),
)
_PNG = b"\x89PNG\r\n\x1a\n"
_WITH_EXIF = frozenset({"JPEG", "PNG", "WEBP", "AVIF", "HEIF"})


def use(data: bytes, folder: Path) -> None:
    """Read a photo, whole and small."""
    from lookalike.images import Limits, read

    limits = Limits(max_pixels=MOST_PIXELS)
    for longest_px in (None, 16):
        image = read(data, limits=limits, longest_px=longest_px)
        height, width, channels = image.pixels.shape
        assert channels == 3
        assert 0 < height * width <= MOST_PIXELS


def mutate(data: bytes, longest: int, seed: int, plainly: Callable[[bytes, int], bytes]) -> bytes:
    """Change bytes; mostly, let the checksums of a PNG be right again, or nobody reads on."""
    changed = plainly(data, longest)
    if seed % 4 and changed.startswith(_PNG):
        return _with_checksums(changed)
    return changed


def _with_checksums(data: bytes) -> bytes:
    fixed, at = bytearray(data), len(_PNG)
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        if end + 4 > len(data):
            break
        fixed[end : end + 4] = zlib.crc32(data[at + 4 : end]).to_bytes(4, "big")
        at = end + 4
    return bytes(fixed)


def seeds() -> dict[str, bytes]:
    """Draw the same pattern in every format."""
    import numpy as np
    import pillow_heif
    from PIL import Image

    y, x = np.mgrid[:24, :20]
    pattern = np.stack([x * 12, y * 10, (x + y) * 5], axis=2).astype(np.uint8)
    drawn = Image.fromarray(pattern)
    exif = Image.Exif()
    exif[0x0112] = 6
    made = {}
    for name, kind, mode, options in _KINDS:
        gray = drawn.convert("L")
        deep = mode in ("I;16", "F")
        picture = Image.fromarray(np.asarray(gray).astype("<u2")) if mode == "I;16" else drawn
        picture = gray.convert("F") if mode == "F" else picture if deep else drawn.convert(mode)
        stream = io.BytesIO()
        facts = {"exif": exif.tobytes()} if kind in _WITH_EXIF else {}
        if kind == "HEIF":
            pillow_heif.from_pillow(picture).save(stream, **facts)
        else:
            picture.save(stream, kind, **facts, **options)
        made[name] = stream.getvalue()
    return made

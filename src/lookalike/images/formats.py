"""What the bytes are, told from the bytes themselves.

File names lie: photos from chats and from the web often carry the wrong ending.
"""

from __future__ import annotations

from enum import Enum

from lookalike.errors import ImageUnreadable

_KNOWN = "use a JPEG, PNG, GIF, WebP, AVIF, HEIC, BMP or TIFF file"


class Format(Enum):
    """A format that `read` understands."""

    JPEG = "JPEG"
    PNG = "PNG"
    GIF = "GIF"
    WEBP = "WebP"
    AVIF = "AVIF"
    HEIC = "HEIC"
    BMP = "BMP"
    TIFF = "TIFF"


_SIGNATURES = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"BM", Format.BMP),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
    (b"II+\x00", Format.TIFF),
    (b"MM\x00+", Format.TIFF),
)
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)

# What people hand over by mistake, in their words; in lower case, as it is compared.
_STRANGERS = (
    (b"%pdf", "a PDF document"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML document"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjxl ", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjp  ", "a JPEG 2000 picture"),
    (b"8bps", "a Photoshop document"),
    (b"pk\x03\x04", "a ZIP archive"),
    (b"version https://git-lfs", "a Git LFS pointer"),
)


def sniff(data: bytes, name: str) -> Format:
    """Tell the format of a file from its first bytes.

    Parameters
    ----------
    data : bytes
        The file, or at least its first 64 bytes.
    name : str
        How the error calls the file.

    Returns
    -------
    Format
        The format, which says nothing yet about whether the rest is sound.

    Raises
    ------
    ImageUnreadable
        If it is no format that `read` understands.

    Examples
    --------
    >>> sniff(b"GIF89a", "smile.jpg")
    <Format.GIF: 'GIF'>
    """
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[4:8] == b"ftyp":
        brands = _brands(data)
        if brands & _AVIF_BRANDS:
            return Format.AVIF
        if brands & _HEIC_BRANDS:
            return Format.HEIC
        raise ImageUnreadable(f"{name} is a video, not a photo", "save one frame of it as a JPEG")
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for signature, words in _STRANGERS:
        if start.startswith(signature):
            raise ImageUnreadable(f"{name} is {words}, not a photo", _KNOWN)
    raise ImageUnreadable(f"{name} is not a photo in a known format", _KNOWN)


def _brands(data: bytes) -> frozenset[bytes]:
    # "mif1" only says that the container holds a still picture; the compatible brands say how it
    # is coded, so all of them count and not just the first.
    end = min(int.from_bytes(data[:4], "big"), 512)
    listed = [data[at : at + 4] for at in range(16, end, 4)]
    return frozenset([data[8:12], *listed])

"""The segments in front of a JPEG's first scan."""

from __future__ import annotations

from typing import NamedTuple

_MARK = 0xFF
_START_OF_SCAN = 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_EXIF_SEGMENT = 0xE1
_COMMENT = 0xFE
# What decoders need of the application segments: JFIF and Adobe, which tell the color space.
_KEPT_APPLICATIONS = frozenset({0xE0, 0xEE})
_APPLICATIONS = range(0xE0, 0xF0)
_EXIF_PREFIX = b"Exif\x00\x00"


class Bare(NamedTuple):
    """A JPEG without its metadata.

    Parameters
    ----------
    data : bytes
        The file with everything that is needed to decode its pixels.
    exif : bytes
        The EXIF block that was taken out, empty if there was none.
    scan : int
        Where the first scan starts in `data`, in bytes.
    """

    data: bytes
    exif: bytes
    scan: int


def strip_metadata(data: bytes) -> Bare:
    """Take the metadata out of a JPEG.

    Decoders parse all of it on opening: that takes time, and they warn or fail over damaged EXIF
    although the pixels are sound.

    Parameters
    ----------
    data : bytes
        A file that starts as a JPEG does.

    Returns
    -------
    Bare
        Where the structure is broken, the rest of the file as it is: the decoder shall judge it.
    """
    kept, exif, at = [data[:2]], b"", 2
    while at + 4 <= len(data) and data[at] == _MARK:
        marker = data[at + 1]
        if marker == _START_OF_SCAN:
            break
        if marker == _MARK:
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _EXIF_SEGMENT and not exif and data.startswith(_EXIF_PREFIX, at + 4):
            exif = data[at + 4 : end]
        if marker in _KEPT_APPLICATIONS or marker not in (*_APPLICATIONS, _COMMENT):
            kept.append(data[at:end])
        at = end
    scan = sum(map(len, kept))
    return Bare(b"".join([*kept, memoryview(data)[at:]]), exif, scan)

"""The bytes decide, not the name."""

from __future__ import annotations

import pytest

from lookalike.errors import ImageUnreadable
from lookalike.images.formats import Format, sniff


def _container(brand: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + brand + bytes(4) + b"".join(compatible)
    return (4 + len(body)).to_bytes(4, "big") + body + b"....meta"


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe0", Format.JPEG),
        (b"\x89PNG\r\n\x1a\n", Format.PNG),
        (b"GIF87a", Format.GIF),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Format.WEBP),
        (b"BM", Format.BMP),
        (b"MM\x00*", Format.TIFF),
        (_container(b"avif", b"mif1"), Format.AVIF),
        (_container(b"mif1", b"heic"), Format.HEIC),
        (_container(b"mif1", b"miaf", b"avif"), Format.AVIF),
        (_container(b"heic"), Format.HEIC),
    ],
)
def test_signature(start: bytes, kind: Format) -> None:
    assert sniff(start, "x") is kind


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"\xef\xbb\xbf\n <!DOCTYPE html><html>", "a web page"),
        (b"%PDF-1.7", "a PDF document"),
        (b"<svg xmlns=", "an SVG drawing"),
        (b"version https://git-lfs.github.com/spec/v1", "a Git LFS pointer"),
        (_container(b"isom", b"mp41"), "a video"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "not a photo in a known format"),
        (b"hello", "not a photo in a known format"),
    ],
)
def test_what_people_hand_over_by_mistake(start: bytes, words: str) -> None:
    with pytest.raises(ImageUnreadable, match=words) as caught:
        sniff(start, "me.jpg")
    assert caught.value.message.startswith("me.jpg ")
    assert caught.value.hint

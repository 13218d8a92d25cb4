"""Orientation, read by hand and compared with Pillow's reading."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from lookalike.images import read
from lookalike.images.exif import orientation

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image as Picture

_LOSSY = {"quality": 95}


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("JPEG", _LOSSY, 3.0),
        ("PNG", {}, 0.0),
        ("WEBP", _LOSSY, 3.0),
        ("AVIF", _LOSSY, 3.0),
        ("HEIF", _LOSSY, 3.0),
        ("TIFF", {}, 0.0),
        ("TIFF", {"compression": "tiff_lzw"}, 0.0),
    ],
)
def test_every_orientation_of_every_format(
    value: int,
    kind: str,
    options: dict[str, Any],
    tolerance: float,
    photo: Picture,
    encode: Callable[..., bytes],
    exif_of: Callable[[int], bytes],
    as_seen: Callable[[int], Any],
) -> None:
    image = read(encode(photo, kind, exif=exif_of(value), **options))
    expected = as_seen(value).astype(int)
    assert image.pixels.shape == expected.shape
    assert np.abs(image.pixels - expected).mean() <= tolerance


@pytest.mark.parametrize("value", [3, 6, 8])
def test_a_lazy_pil_image_is_turned_too(
    value: int,
    photo: Picture,
    encode: Callable[..., bytes],
    exif_of: Callable[[int], bytes],
    as_seen: Callable[[int], Any],
) -> None:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(encode(photo, "PNG", exif=exif_of(value)))) as opened:
        assert np.array_equal(read(opened).pixels, as_seen(value))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("kind", "code"), [(1, "B"), (3, "H"), (4, "I")])
@pytest.mark.parametrize("prefix", [b"", b"Exif\x00\x00"])
def test_byte_orders_and_integer_types(order: str, kind: int, code: str, prefix: bytes) -> None:
    head = b"II*\x00" if order == "<" else b"MM\x00*"
    other = struct.pack(f"{order}HHII", 0x010F, 2, 1, 0)
    entry = struct.pack(f"{order}HHI", 0x0112, kind, 1) + struct.pack(f"{order}{code}", 8)
    block = head + struct.pack(f"{order}IH", 8, 2) + other + entry.ljust(12, b"\x00")
    assert orientation(prefix + block) == 8


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_a_number_that_exif_does_not_know_is_upright(
    value: int, exif_of: Callable[[int], bytes]
) -> None:
    assert orientation(exif_of(value)) == 1


def test_a_damaged_block_is_upright(exif_of: Callable[[int], bytes]) -> None:
    whole = exif_of(6)
    assert orientation(whole) == 6
    assert {orientation(whole[:cut]) for cut in range(len(whole))} <= {1, 6}
    assert orientation(b"Exif\x00\x00II*\x00\xff\xff\xff\xff") == 1
    assert orientation(b"garbage") == 1


def test_damaged_exif_does_not_spoil_a_sound_jpeg(
    photo: Picture, encode: Callable[..., bytes], exif_of: Callable[[int], bytes]
) -> None:
    exif = exif_of(1)
    for broken in (exif[:20], exif[:14] + b"\xff" * 40, b"Exif\x00\x00" + b"\xff" * 3):
        damaged = read(encode(photo, "JPEG", exif=broken))
        assert np.array_equal(damaged.pixels, read(encode(photo, "JPEG")).pixels)

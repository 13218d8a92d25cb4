"""Whatever the bytes, only errors of our own come out."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from lookalike.errors import ImageError
from lookalike.images import read

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 60
_SEEDS: list[tuple[str, str, dict[str, Any]]] = [
    ("JPEG", "RGB", {}),
    ("JPEG", "RGB", {"progressive": True}),
    ("JPEG", "CMYK", {}),
    ("PNG", "RGB", {}),
    ("PNG", "P", {"transparency": 3}),
    ("GIF", "P", {}),
    ("WEBP", "RGB", {}),
    ("WEBP", "RGBA", {"lossless": True}),
    ("AVIF", "RGB", {}),
    ("HEIF", "RGB", {}),
    ("BMP", "RGB", {}),
    ("TIFF", "RGB", {}),
    ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    ("TIFF", "RGB", {"compression": "jpeg"}),
]


def _mutate(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    # Half of the damage falls on the header, where parsers are most fragile.
    at = rng.randrange(len(data) if rng.random() < 0.5 else min(200, len(data)))
    match rng.randrange(5):
        case 0:
            del changed[at:]
        case 1:
            changed[at] = rng.randrange(256)
        case 2:
            del changed[at : at + rng.randrange(1, 40)]
        case 3:
            changed[at:at] = rng.randbytes(rng.randrange(1, 40))
        case _:
            changed[at : at + 4] = rng.choice([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"])
    return bytes(changed)


@pytest.mark.parametrize(("kind", "mode", "options"), _SEEDS)
def test_mutated_files(
    kind: str,
    mode: str,
    options: dict[str, Any],
    photo: Image.Image,
    encode: Callable[..., bytes],
    exif_of: Callable[[int], bytes],
) -> None:
    picture = photo.resize((96, 120)).convert(mode)
    exif = {"exif": exif_of(6)} if kind in {"JPEG", "PNG", "WEBP", "AVIF", "HEIF"} else {}
    data = encode(picture, kind, **options, **exif)
    rng = random.Random(f"{kind} {mode} {options}")
    refused = 0
    for _ in range(_ROUNDS):
        try:
            pixels = read(_mutate(data, rng)).pixels
        except ImageError as fault:
            refused += 1
            assert fault.hint
            assert "\n" not in fault.message
        else:
            assert pixels.dtype == np.uint8
            assert pixels.flags.c_contiguous
    assert refused > 0


@pytest.mark.parametrize(
    "signature",
    [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF....WEBPVP8X", b"BM", b"MM\x00*"],
)
def test_noise_behind_a_signature(signature: bytes) -> None:
    rng = random.Random(5)
    for _ in range(_ROUNDS):
        with pytest.raises(ImageError):
            read(signature + rng.randbytes(rng.randrange(400)))

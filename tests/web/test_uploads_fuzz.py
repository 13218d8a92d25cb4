"""Uploads of every kind that an attacker thinks of: no error of ours, no hang, no growth.

For an hour of it: ``FUZZ_EACH=20000 pytest tests/web/test_uploads_fuzz.py --timeout 0``.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from functools import cache

import numpy as np
import psutil
import pytest
from PIL import Image as PillowImage

from lookalike.web import Settings

KINDS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF", "BMP", "TIFF")
EACH = int(os.environ.get("FUZZ_EACH", "12"))


@pytest.fixture(scope="module")
def originals(hopper_bytes) -> dict[str, bytes]:
    import pillow_heif

    pillow_heif.register_heif_opener()
    made = {}
    for kind in KINDS:
        stream = io.BytesIO()
        face = PillowImage.open(io.BytesIO(hopper_bytes)).crop((150, 80, 380, 350))
        face.resize((64, 76)).save(stream, kind)
        made[kind] = stream.getvalue()
    return made


def damaged(data: bytes, random: np.random.Generator) -> bytes:
    """Damage a file in one of the ways that fuzzers know."""
    bytes_ = bytearray(data)
    for _ in range(random.integers(1, 6)):
        at = int(random.integers(len(bytes_)))
        match random.integers(6):
            case 0:
                bytes_[at] ^= 1 << int(random.integers(8))
            case 1:
                bytes_[at : at + 4] = bytes([int(random.choice([0, 0x7F, 0x80, 0xFF]))] * 4)
            case 2:
                del bytes_[at : at + int(random.integers(1, 50))]
            case 3:
                bytes_[at:at] = random.bytes(int(random.integers(1, 50)))
            case 4:
                bytes_[at:at] = bytes_[at : at + 200]
            case _:
                del bytes_[max(at, 8) :]
        if not bytes_:
            return b"\0"
    return bytes(bytes_)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes, *before: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = b"".join(before) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + body


@cache
def bombs() -> dict[str, bytes]:
    """Return small files that would unpack into gigabytes, or keep a decoder busy."""
    zeros = zlib.compress(b"\0" * 50_000_000, 9)
    flat = io.BytesIO()
    PillowImage.new("1", (30_000, 30_000)).save(flat, "TIFF", compression="group4")
    frames = io.BytesIO()
    still = [PillowImage.new("P", (64, 64), at % 256) for at in range(500)]
    still[0].save(frames, "GIF", save_all=True, append_images=still[1:])
    return {
        "a png of 4 gigapixels": png(65_535, 65_535, zeros),
        "a png that says it is small": png(64, 64, zeros),
        "a png whose profile unpacks": png(
            64, 64, zlib.compress(b"\0" * 64 * 193), chunk(b"iCCP", b"x\0\0" + zeros)
        ),
        "a png whose text unpacks": png(
            64, 64, zlib.compress(b"\0" * 64 * 193), chunk(b"zTXt", b"x\0\0" + zeros)
        ),
        "a tiff of 900 megapixels": flat.getvalue(),
        "a gif of many frames": frames.getvalue(),
        "a gif of 4 gigapixels": b"GIF89a" + b"\xff" * 4 + b"\0\0\0,\0\0\0\0"
        + b"\xff" * 4 + b"\0\2\2L\1\0;",
        "a bmp that lies": b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 2**30, 2**30,
                                               1, 24, 0, 0, 0, 0, 0, 0),
        "a webp that lies": b"RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0/\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        "a page": b"<!doctype html><script>alert(1)</script>",
        "a vector picture": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/>",
        "a script for ghosts": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
        "an archive": b"PK\3\4" + b"\0" * 100,
        "a program": b"\x7fELF" + b"\0" * 100,
        "zeros": b"\0" * 1_000_000,
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_photos(client, originals, kind):
    random = np.random.default_rng(KINDS.index(kind))
    statuses = []
    for _ in range(EACH):
        answer = client.post("/api/v1/detect", files={"photo": damaged(originals[kind], random)})
        statuses.append(answer.status_code)
        assert answer.status_code in (200, 413, 422), answer.text
        if answer.status_code != 200:
            assert answer.json()["error"]["kind"] in ("ImageUnreadable", "ImageTooLarge")
    assert client.post("/api/v1/detect", files={"photo": originals[kind]}).status_code == 200
    assert set(statuses) - {200}, "none of them was damaged enough"


@pytest.mark.parametrize("name", bombs())
def test_bombs(client, name):
    answer = client.post("/api/v1/detect", files={"photo": bombs()[name]})
    assert answer.status_code in ((200,) if "frames" in name else (200, 413, 422)), answer.text
    assert "Traceback" not in answer.text


def test_memory_stays_flat(serving, originals):
    client = serving(max_pixels=Settings().max_pixels)
    random = np.random.default_rng(99)
    photos = [damaged(originals[kind], random) for kind in KINDS for _ in range(3)]
    large = bombs()["a png that says it is small"]
    process = psutil.Process()

    def used() -> int:
        return process.memory_info().rss + sum(
            child.memory_info().rss for child in process.children()
        )

    sizes = []
    for _ in range(4):
        for photo in [*photos, large]:
            client.post("/api/v1/detect", files={"photo": photo})
        sizes.append(used())
    assert sizes[-1] - sizes[0] < 30_000_000

"""Nothing over a limit is ever decoded, or even read."""

from __future__ import annotations

import io
import struct
import time
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from lookalike.errors import ImageTooLarge, ImageUnreadable, OptionError
from lookalike.images import Limits, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL.Image import Image as Picture


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _resized(data: bytes, at: int, code: str, width: int, height: int) -> bytes:
    """Let the header of a small picture promise a huge one."""
    sides = struct.pack(code, width, height)
    return data[:at] + sides + data[at + len(sides) :]


def _bomb(kind: str, photo: Picture, encode: Callable[..., bytes]) -> bytes:
    if kind == "PNG":
        return _png(20_000, 20_000)
    data = encode(photo, kind)
    if kind == "JPEG":
        return _resized(data, data.index(b"\xff\xc0") + 5, ">HH", 20_000, 20_000)
    if kind == "GIF":
        return _resized(data, 6, "<HH", 20_000, 20_000)
    if kind == "WEBP":
        return _resized(data, 26, "<HH", 16_383, 16_383)
    if kind == "BMP":
        return _resized(data, 18, "<ii", 20_000, 20_000)
    if kind == "TIFF":
        return encode(photo, kind, tiffinfo={}).replace(
            struct.pack("<HHII", 256, 4, 1, 240), struct.pack("<HHII", 256, 4, 1, 2_000_000)
        )
    return _resized(data, data.index(b"ispe") + 8, ">II", 20_000, 20_000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIF"])
def test_a_bomb_is_refused_unopened(
    kind: str, photo: Picture, encode: Callable[..., bytes]
) -> None:
    data = _bomb(kind, photo, encode)
    assert len(data) < 400_000
    # AVIF and HEIC state their size twice, and their decoders may find the contradiction first.
    refusals = (ImageTooLarge, ImageUnreadable) if kind in {"AVIF", "HEIF"} else (ImageTooLarge,)
    took_s = []
    for _ in range(3):
        start = time.perf_counter()
        with pytest.raises(refusals) as caught:
            read(data)
        took_s.append(time.perf_counter() - start)
    assert caught.value.hint
    assert min(took_s) < 0.05


def test_a_bomb_takes_no_memory() -> None:
    resource = pytest.importorskip("resource")
    data = _png(20_000, 20_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImageTooLarge, match="20,000 x 20,000"):
        read(data)
    # Kibibytes on Linux; the decoded picture would take 1.2 million of them.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_a_size_that_pillow_only_warns_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    gray = Image.fromarray(np.full((200, 200), 7, np.uint8))
    buffer = io.BytesIO()
    gray.save(buffer, "PNG")
    assert (read(buffer.getvalue()).pixels == 7).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "BMP", "TIFF"])
def test_pixels_and_sides(kind: str, photo: Picture, encode: Callable[..., bytes]) -> None:
    data = encode(photo, kind)
    assert read(data, limits=Limits(max_pixels=240 * 300, min_side_px=240)).width == 240
    with pytest.raises(ImageTooLarge, match="240 x 300 pixels"):
        read(data, limits=Limits(max_pixels=240 * 300 - 1))
    with pytest.raises(ImageUnreadable, match="only 240 x 300 pixels"):
        read(data, limits=Limits(min_side_px=241))


def test_arrays_and_pil_images_obey_too(photo: Picture) -> None:
    for source in (photo, np.asarray(photo)):
        with pytest.raises(ImageTooLarge):
            read(source, limits=Limits(max_pixels=1000))
        with pytest.raises(ImageUnreadable):
            read(source, limits=Limits(min_side_px=250))


def test_a_large_file_is_not_even_opened(
    tmp_path: Path, hopper_bytes: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(hopper_bytes)
    exact = Limits(max_bytes=len(hopper_bytes))
    assert read(path, limits=exact).width == 512
    assert read(hopper_bytes, limits=exact).width == 512

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("opened")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    tight = Limits(max_bytes=len(hopper_bytes) - 1)
    for source in (path, hopper_bytes, bytearray(hopper_bytes), memoryview(hopper_bytes)):
        with pytest.raises(ImageTooLarge, match="MiB"):
            read(source, limits=tight)


def test_an_endless_stream_is_read_to_the_limit_only() -> None:
    class Endless(io.RawIOBase):
        served = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.served += size
            return bytes(size)

    stream = Endless()
    with pytest.raises(ImageTooLarge):
        read(stream, limits=Limits(max_bytes=3_000_000))
    assert stream.served == 3_000_001


@pytest.mark.parametrize("field", ["max_bytes", "max_pixels", "min_side_px"])
def test_a_limit_lets_something_through(field: str) -> None:
    with pytest.raises(OptionError, match=field):
        Limits(**{field: 0})

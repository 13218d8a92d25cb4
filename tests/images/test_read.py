"""The front door: every kind of source, every kind of trouble."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image as PilImage

from lookalike.errors import ImageError, ImageMissing, ImageUnreadable, MissingExtra, OptionError
from lookalike.images import read
from lookalike.types import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PIL.Image import Image as Picture


def test_every_kind_of_source_gives_the_same(hopper_path: Path, hopper_bytes: bytes) -> None:
    expected = read(hopper_path).pixels
    with hopper_path.open("rb") as file, PilImage.open(hopper_path) as picture:
        sources: list[Any] = [
            str(hopper_path),
            os.fspath(hopper_path),
            hopper_bytes,
            bytearray(hopper_bytes),
            memoryview(hopper_bytes),
            io.BytesIO(hopper_bytes),
            file,
            picture,
            np.asarray(picture),
        ]
        for source in sources:
            assert np.array_equal(read(source).pixels, expected)


def test_an_image_is_returned_as_it_is(truth: NDArray[np.uint8]) -> None:
    image = Image(truth, reduction=4)
    assert read(image) is image


@pytest.mark.parametrize(
    ("mode", "tolerance"),
    [("L", 0), ("CMYK", 1), ("YCbCr", 2), ("HSV", 6), ("P", 0), ("I", 0), ("F", 0), ("RGBA", 0)],
)
def test_modes_of_pil(mode: str, tolerance: int, photo: Picture) -> None:
    gray = mode in {"L", "I", "F"}
    base = photo.convert("L") if gray else photo
    if mode == "P":
        base = picture = photo.quantize(50)
    elif mode == "I":
        picture = PilImage.fromarray(np.asarray(base).astype(np.int32) * 257)
    else:
        picture = base.convert(mode)
    assert picture.mode == mode
    expected = np.asarray(base.convert("RGB")).astype(int)
    assert np.abs(read(picture).pixels - expected).mean() <= tolerance


@pytest.mark.parametrize("name", ["Beyoncé.jpg", "名前/写真.webp", "a b%20c#d.png", "😀.gif"])
def test_any_unicode_path(
    name: str, tmp_path: Path, photo: Picture, encode: Callable[..., bytes]
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(encode(photo, "PNG"))
    assert np.array_equal(read(path).pixels, np.asarray(photo))
    assert np.array_equal(read(str(path)).pixels, np.asarray(photo))
    path.write_bytes(b"no photo")
    with pytest.raises(ImageUnreadable) as caught:
        read(path)
    assert name in caught.value.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"just some text, saved under a wrong name", "not a photo in a known format"),
        (b"<!DOCTYPE html><p>404", "a web page"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "damaged or cut off"),
        (b"\x89PNG\r\n\x1a\n", "damaged or cut off"),
        (b"GIF89a", "damaged or cut off"),
        (b"BM", "damaged or cut off"),
        (b"II*\x00", "damaged or cut off"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "damaged or cut off"),
        (b"\x00\x00\x00\x14ftypavif\x00\x00\x00\x00avif", "damaged or cut off"),
        (b"\x00\x00\x00\x14ftypheic\x00\x00\x00\x00heic", "damaged or cut off"),
    ],
)
def test_what_is_no_photo(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "me.jpg"
    path.write_bytes(content)
    for source in (path, content, io.BytesIO(content)):
        with pytest.raises(ImageUnreadable, match=words) as caught:
            read(source)
        assert caught.value.hint
        assert "\n" not in caught.value.message
        assert ("me.jpg" in caught.value.message) == (source is path)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIF", "GIF", "BMP", "TIFF"])
def test_a_cut_file_of_any_format(kind: str, photo: Picture, encode: Callable[..., bytes]) -> None:
    whole = encode(photo, kind)
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(ImageUnreadable):
            read(whole[: int(len(whole) * share)])


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ImageMissing, match=r"no file .*nobody\.jpg"):
        read(tmp_path / "nobody.jpg")
    with pytest.raises(ImageMissing, match="is a folder"):
        read(tmp_path)
    with pytest.raises(ImageMissing):
        read("")
    with pytest.raises(ImageMissing):
        read("a\0b.jpg")
    with pytest.raises(ImageMissing):
        read("x" * 5000)
    with pytest.raises(ImageMissing) as caught:
        read("https://example.org/me.jpg")
    assert "download" in caught.value.hint


def test_no_permission(hopper_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ImageMissing, match="may not be read"):
        read(hopper_path)


def test_the_message_stays_on_one_printable_line(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/line\nbreak\xff.jpg")
    with pytest.raises(ImageMissing) as caught:
        read(path)
    assert "\n" not in caught.value.message
    caught.value.message.encode()


def test_streams_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "text.jpg"
    path.write_text("text")
    with path.open() as file, pytest.raises(ImageUnreadable, match="binary") as caught:
        read(file)
    assert "rb" in caught.value.hint
    with pytest.raises(ImageUnreadable):
        read(io.StringIO("text"))
    closed = io.BytesIO(b"x")
    closed.close()
    with pytest.raises(ImageUnreadable, match="to its end"):
        read(closed)


def test_a_stream_that_serves_crumbs(hopper_bytes: bytes) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 1000))

    assert np.array_equal(read(Slow(hopper_bytes)).pixels, read(hopper_bytes).pixels)


@pytest.mark.parametrize("source", [None, 7, ["a.jpg"], object()])
def test_what_is_no_source(source: Any) -> None:
    with pytest.raises(ImageUnreadable, match=type(source).__name__):
        read(source)


def test_longest_px_is_a_length(hopper_bytes: bytes) -> None:
    with pytest.raises(OptionError, match="longest_px"):
        read(hopper_bytes, longest_px=0)


def test_a_lazy_pil_image_that_is_cut(hopper_bytes: bytes) -> None:
    with PilImage.open(io.BytesIO(hopper_bytes[:20_000])) as picture, pytest.raises(ImageError):
        read(picture)


def test_heic_without_its_decoder(
    photo: Picture, encode: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encode(photo, "HEIF")
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(MissingExtra) as caught:
        read(data)
    assert "pip install" in caught.value.hint


def test_many_threads(photo: Picture, encode: Callable[..., bytes]) -> None:
    files = [
        encode(photo.resize((200 + step, 160)), kind)
        for step, kind in enumerate(["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "TIFF"] * 4)
    ]
    alone = [read(file).pixels for file in files]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(read, files))
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one, other.pixels)


def test_importing_the_room_is_cheap() -> None:
    code = (
        "import sys, lookalike.images\n"
        "print(sorted({'PIL', 'cv2', 'pillow_heif'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_only_heic_bytes_bring_its_decoder(hopper_path: Path) -> None:
    code = (
        "import sys; from lookalike.images import read\n"
        f"read({str(hopper_path)!r})\n"
        "print(sorted({'cv2', 'pillow_heif'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

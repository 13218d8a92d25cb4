"""Every format, against OpenCV, tifffile or the pixels that were stored."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from lookalike.images import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PIL.Image import Image as Picture


def _opencv(data: bytes) -> NDArray[np.uint8]:
    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    return cv2.imdecode(np.frombuffer(data, np.uint8), flags)


def _apart(one: NDArray[Any], other: NDArray[Any]) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize(
    ("kind", "options", "from_opencv", "from_source"),
    [
        ("JPEG", {"quality": 92}, 0.0, 4.0),
        ("JPEG", {"quality": 92, "progressive": True}, 0.0, 4.0),
        ("PNG", {}, 0.0, 0.0),
        ("WEBP", {"quality": 92}, 1.0, 4.0),
        ("WEBP", {"lossless": True}, 0.0, 0.0),
        ("AVIF", {"quality": 92}, 1.0, 4.0),
        ("BMP", {}, 0.0, 0.0),
        ("TIFF", {}, 0.0, 0.0),
        ("TIFF", {"compression": "tiff_adobe_deflate"}, 0.0, 0.0),
    ],
)
def test_against_opencv_and_the_source(
    kind: str,
    options: dict[str, Any],
    from_opencv: float,
    from_source: float,
    photo: Picture,
    truth: NDArray[np.uint8],
    encode: Callable[..., bytes],
) -> None:
    data = encode(photo, kind, **options)
    image = read(data)
    assert image.pixels.dtype == np.uint8
    assert image.pixels.flags.c_contiguous
    assert image.pixels.flags.writeable
    assert image.reduction == 1
    assert _apart(image.pixels, _opencv(data)) <= from_opencv
    assert _apart(image.pixels, truth) <= from_source


def test_the_portrait(hopper_path: Any, hopper_bytes: bytes) -> None:
    assert np.array_equal(read(hopper_path).pixels, _opencv(hopper_bytes))


def test_a_photo_of_more_than_a_megapixel(photo: Picture, encode: Callable[..., bytes]) -> None:
    data = encode(photo.resize((1203, 1001)), "JPEG")
    assert np.array_equal(read(data).pixels, _opencv(data))


@pytest.mark.parametrize("bit_depth", [8, 10])
def test_heic(
    bit_depth: int, photo: Picture, truth: NDArray[np.uint8], encode: Callable[..., bytes]
) -> None:
    if bit_depth == 8:
        data = encode(photo, "HEIF", quality=92)
    else:
        import pillow_heif

        buffer = io.BytesIO()
        deep = (truth.astype(np.uint16) * 257).astype(np.uint16)
        pillow_heif.encode("RGB;16", photo.size, deep.tobytes(), buffer, quality=92)
        data = buffer.getvalue()
    assert _apart(read(data).pixels, truth) <= 4.0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF"])
def test_gray(kind: str, photo: Picture, encode: Callable[..., bytes]) -> None:
    gray = photo.convert("L")
    pixels = read(encode(gray, kind)).pixels
    assert np.ptp(pixels.astype(int), axis=2).max() <= 2
    assert _apart(pixels[..., 0], np.asarray(gray)) <= 4.0


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_palette(kind: str, photo: Picture, encode: Callable[..., bytes]) -> None:
    indexed = photo.quantize(100)
    assert np.array_equal(read(encode(indexed, kind)).pixels, np.asarray(indexed.convert("RGB")))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_one_bit(kind: str, photo: Picture, encode: Callable[..., bytes]) -> None:
    ink = photo.convert("1")
    expected = np.where(np.asarray(ink), 255, 0)
    assert np.array_equal(read(encode(ink, kind)).pixels[..., 1], expected)


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True, "exact": True}), ("TIFF", {})]
)
def test_transparent_parts_lie_on_white(
    kind: str,
    options: dict[str, Any],
    photo: Picture,
    truth: NDArray[np.uint8],
    encode: Callable[..., bytes],
) -> None:
    fade = np.linspace(0, 255, photo.width).round().astype(np.uint8)
    alpha = np.broadcast_to(fade, truth.shape[:2])
    layer = Image.fromarray(np.dstack([truth, alpha]))
    share = alpha[..., None] / 255
    expected = truth * share + 255 * (1 - share)
    pixels = read(encode(layer, kind, **options)).pixels
    assert np.abs(pixels - expected).max() <= 1.0
    assert (pixels[:, 0] == 255).all()


def test_transparent_color_of_a_palette_and_of_gray(
    photo: Picture, encode: Callable[..., bytes]
) -> None:
    indexed = photo.quantize(16)
    for kind in ("PNG", "GIF"):
        pixels = read(encode(indexed, kind, transparency=3)).pixels
        clear = np.asarray(indexed) == 3
        assert clear.any()
        assert (pixels[clear] == 255).all()
        assert np.array_equal(pixels[~clear], np.asarray(indexed.convert("RGB"))[~clear])
    gray = photo.convert("L")
    dark = int(np.asarray(gray).min())
    pixels = read(encode(gray, "PNG", transparency=dark)).pixels
    assert (pixels[np.asarray(gray) == dark] == 255).all()


@pytest.mark.parametrize("ending", [".png", ".tiff"])
def test_sixteen_bits(ending: str, truth: NDArray[np.uint8]) -> None:
    deep = truth.astype(np.uint16) * 257
    color = cv2.imencode(ending, deep[..., ::-1])[1].tobytes()
    assert np.array_equal(read(color).pixels, truth)
    gray = cv2.imencode(ending, deep[..., 1])[1].tobytes()
    assert np.array_equal(read(gray).pixels[..., 2], truth[..., 1])


@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_tiff_of_another_writer(byteorder: Any, truth: NDArray[np.uint8]) -> None:
    for array, tolerance in ((truth, 0), (truth.astype(np.uint16) * 257, 1)):
        buffer = io.BytesIO()
        tifffile.imwrite(buffer, array, photometric="rgb", byteorder=byteorder)
        assert np.abs(read(buffer.getvalue()).pixels.astype(int) - truth).max() <= tolerance


def test_tiff_of_floats(truth: NDArray[np.uint8]) -> None:
    for scale in (1.0, 255.0):
        buffer = io.BytesIO()
        tifffile.imwrite(buffer, (truth[..., 0] / 255.0 * scale).astype(np.float32))
        assert np.array_equal(read(buffer.getvalue()).pixels[..., 0], truth[..., 0])


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_the_first_frame_of_an_animation(
    kind: str, photo: Picture, encode: Callable[..., bytes]
) -> None:
    options = {} if kind in {"GIF", "PNG", "TIFF"} else {"quality": 90}
    first = photo.quantize(64) if kind == "GIF" else photo
    second = Image.new(first.mode, first.size)
    data = encode(first, kind, save_all=True, append_images=[second], **options)
    assert _apart(read(data).pixels, np.asarray(first.convert("RGB"))) <= 4.0


def test_the_name_does_not_decide(
    tmp_path: Any, photo: Picture, encode: Callable[..., bytes]
) -> None:
    indexed = photo.quantize(64)
    path = tmp_path / "smile.jpg"
    path.write_bytes(encode(indexed, "GIF"))
    assert np.array_equal(read(path).pixels, np.asarray(indexed.convert("RGB")))

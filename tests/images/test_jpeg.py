"""JPEG: cut files, reduced scales, inks, and what phones append."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from PIL import Image

from lookalike.errors import ImageUnreadable
from lookalike.images import Limits, read
from lookalike.images.segments import strip_metadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PIL.Image import Image as Picture

_CODINGS: list[dict[str, Any]] = [
    {},
    {"progressive": True},
    {"restart_marker_rows": 2},
    {"subsampling": 0},
]


@pytest.mark.parametrize("options", _CODINGS)
@pytest.mark.parametrize("tail", [b"", bytes(200_000)], ids=["cut", "padded with zeros"])
def test_a_cut_file_is_refused(
    options: dict[str, Any], tail: bytes, photo: Picture, encode: Callable[..., bytes]
) -> None:
    whole = encode(photo, "JPEG", **options)
    cuts = [*np.linspace(2, len(whole) - 3, 25).astype(int), len(whole) - 2, len(whole) - 1]
    for cut in cuts:
        with pytest.raises(ImageUnreadable):
            read(whole[:cut] + tail)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("longest_px", [None, 75])
def test_a_cut_file_with_a_new_end_marker_is_refused(
    mode: str, longest_px: int | None, photo: Picture, encode: Callable[..., bytes]
) -> None:
    whole = encode(photo.convert(mode), "JPEG")
    for share in np.linspace(0.2, 0.95, 12):
        mended = whole[: int(len(whole) * share)] + b"\xff\xd9"
        silent = cv2.imdecode(np.frombuffer(mended, np.uint8), cv2.IMREAD_COLOR)
        assert silent is not None, "the trap is that decoders accept it"
        with pytest.raises(ImageUnreadable):
            read(mended, longest_px=longest_px)


@pytest.mark.parametrize("options", _CODINGS)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_photo_that_is_gray_at_its_corner_is_read(
    options: dict[str, Any], mode: str, photo: Picture, encode: Callable[..., bytes]
) -> None:
    letterbox = Image.new("RGB", (300, 400), (128, 128, 128))
    letterbox.paste(photo)
    pixels = read(encode(letterbox.convert(mode), "JPEG", **options)).pixels
    assert np.abs(pixels[-1, -1].astype(int) - 128).max() <= 1
    assert pixels[:300, :240].std() > 30


@pytest.mark.parametrize(
    "tail",
    [b"\x00" * 4000, b"\xff\xd8\xff\xe0 a second picture, cut", b"\x00\x00\x00\x18ftypmp42" * 9],
    ids=["padding", "second picture", "motion photo"],
)
def test_what_follows_the_end_is_ignored(hopper_bytes: bytes, tail: bytes) -> None:
    assert np.array_equal(read(hopper_bytes + tail).pixels, read(hopper_bytes).pixels)


def test_multi_picture_files(photo: Picture, encode: Callable[..., bytes]) -> None:
    data = encode(photo, "MPO", save_all=True, append_images=[photo.rotate(180)])
    assert np.array_equal(read(data).pixels, read(encode(photo, "JPEG")).pixels)


@pytest.mark.parametrize(("longest_px", "by"), [(600, 1), (301, 1), (300, 2), (150, 4), (75, 8)])
def test_the_scale_that_is_just_enough(hopper_bytes: bytes, longest_px: int, by: int) -> None:
    image = read(hopper_bytes, longest_px=longest_px)
    assert image.reduction == by
    assert image.pixels.shape == (-(-600 // by), -(-512 // by), 3)


@pytest.mark.parametrize("size", [(17, 31), (33, 1001), (640, 481), (1999, 16)])
def test_odd_sizes_never_fall_below(
    size: tuple[int, int], photo: Picture, encode: Callable[..., bytes]
) -> None:
    data = encode(photo.resize(size), "JPEG")
    for longest_px in (1, 3, 7, 40, 126, 250, 251, 700):
        image = read(data, longest_px=longest_px)
        by = image.reduction
        assert (image.width, image.height) == (-(-size[0] // by), -(-size[1] // by))
        assert by == 1 or max(image.width, image.height) >= longest_px
        assert by == 8 or -(-max(size) // (by * 2)) < longest_px


@pytest.mark.parametrize("by", [2, 4, 8])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_reduced_colors_are_the_mean_of_the_full_ones(
    by: int, mode: str, photo: Picture, encode: Callable[..., bytes]
) -> None:
    data = encode(photo.resize((480, 640)).convert(mode), "JPEG", quality=92)
    full, small = read(data), read(data, longest_px=640 // by)
    blocks = full.pixels.reshape(640 // by, by, 480 // by, by, 3).mean(axis=(1, 3))
    assert small.reduction == by
    assert np.abs(small.pixels - blocks).mean() < 1.5
    assert np.abs((small.pixels - blocks).mean()) < 0.3


@pytest.mark.parametrize("value", [1, 5, 6, 8])
def test_reduced_and_turned(
    value: int,
    photo: Picture,
    encode: Callable[..., bytes],
    exif_of: Callable[[int], bytes],
    as_seen: Callable[[int], NDArray[np.uint8]],
) -> None:
    small = read(encode(photo, "JPEG", quality=95, exif=exif_of(value)), longest_px=150)
    seen = as_seen(value).astype(float)
    height, width = seen.shape[:2]
    blocks = seen.reshape(height // 2, 2, width // 2, 2, 3).mean(axis=(1, 3))
    assert small.reduction == 2
    assert small.pixels.shape == blocks.shape
    assert np.abs(small.pixels - blocks).mean() < 3.0


def test_other_formats_ignore_the_scale(photo: Picture, encode: Callable[..., bytes]) -> None:
    image = read(encode(photo, "PNG"), longest_px=20)
    assert (image.reduction, image.width, image.height) == (1, 240, 300)


def test_limits_speak_of_the_full_scale(hopper_bytes: bytes) -> None:
    assert read(hopper_bytes, limits=Limits(min_side_px=500), longest_px=75).width == 64


def test_inks_of_adobe(
    photo: Picture, truth: NDArray[np.uint8], encode: Callable[..., bytes]
) -> None:
    data = encode(photo.convert("CMYK"), "JPEG", quality=95, subsampling=0)
    assert b"Adobe" in data
    assert np.abs(read(data).pixels.astype(int) - truth).mean() < 3.0


def test_inks_with_luma_of_adobe(truth: NDArray[np.uint8], encode: Callable[..., bytes]) -> None:
    # Nothing here writes YCCK, so its planes are stored as if they were inks, which the writer
    # inverts, and the Adobe marker is told afterwards what they are.
    planes = 255 - np.asarray(Image.fromarray(255 - truth).convert("YCbCr"))
    no_black = np.zeros(truth.shape[:2], np.uint8)
    disguised = Image.frombuffer(
        "CMYK", (240, 300), np.dstack([planes, no_black]).tobytes(), "raw", "CMYK", 0, 1
    )
    data = bytearray(encode(disguised, "JPEG", quality=95, subsampling=0))
    transform = data.index(b"Adobe") + 11
    assert data[transform] == 0
    data[transform] = 2
    assert np.abs(read(bytes(data)).pixels.astype(int) - truth).mean() < 3.0


def test_metadata_is_taken_out(
    photo: Picture, encode: Callable[..., bytes], exif_of: Callable[[int], bytes]
) -> None:
    data = encode(photo, "JPEG", exif=exif_of(3), comment=b"hi", icc_profile=b"x" * 70_000)
    bare = strip_metadata(data)
    assert bare.exif == exif_of(3)
    assert bare.data[bare.scan : bare.scan + 2] == b"\xff\xda"
    assert len(bare.data) < len(data) - 70_000
    with Image.open(io.BytesIO(bare.data)) as stripped, Image.open(io.BytesIO(data)) as whole:
        assert "exif" not in stripped.info
        assert np.array_equal(np.asarray(stripped), np.asarray(whole))


def test_a_broken_structure_is_left_to_the_decoder(hopper_bytes: bytes) -> None:
    for broken in (b"\xff\xd8\xff", b"\xff\xd8\xff\xff\xff\xff", hopper_bytes[:40]):
        strip_metadata(broken)
        with pytest.raises(ImageUnreadable):
            read(broken)


def test_nothing_is_printed_over_odd_files(
    hopper_bytes: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    odd = hopper_bytes[:-2] + b"odd bytes" + hopper_bytes[-2:]
    assert np.array_equal(read(odd).pixels, read(hopper_bytes).pixels)
    with pytest.raises(ImageUnreadable):
        read(hopper_bytes[:9000] + b"\xff\xd9")
    assert capfd.readouterr() == ("", "")

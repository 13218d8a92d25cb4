"""Real photos, and ways to store them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def _encode(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    if kind == "HEIF":
        # Standalone on purpose: registering the plugin would change Pillow for all other tests.
        pillow_heif.from_pillow(picture).save(buffer, **options)
    else:
        picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    """Store a PIL image in memory."""
    return _encode


@pytest.fixture(scope="session")
def hopper_path() -> Path:
    """Grace Hopper's portrait, a JPEG of 512 x 600."""
    return Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"


@pytest.fixture(scope="session")
def hopper_bytes(hopper_path: Path) -> bytes:
    """Return the portrait's file."""
    return hopper_path.read_bytes()


@pytest.fixture(scope="session")
def photo() -> Image.Image:
    """Eileen Collins, not square, so that a lost turn shows in the shape."""
    from skimage.data import astronaut

    return Image.fromarray(astronaut()).crop((100, 0, 340, 300))


@pytest.fixture(scope="session")
def truth(photo: Image.Image) -> NDArray[np.uint8]:
    """Return the photo's pixels, shape (300, 240, 3)."""
    return np.asarray(photo)


@pytest.fixture(scope="session")
def exif_of() -> Callable[[int], bytes]:
    """Make an EXIF block that says how the camera was held."""

    def make(value: int) -> bytes:
        exif = Image.Exif()
        exif[0x010F] = "Maker"
        exif[0x0112] = value
        return exif.tobytes()

    return make


@pytest.fixture(scope="session")
def as_seen(photo: Image.Image, exif_of: Callable[[int], bytes]) -> Callable[[int], Any]:
    """Turn the photo as Pillow does for an orientation: the independent answer."""

    def make(value: int) -> NDArray[np.uint8]:
        png = _encode(photo, "PNG", exif=exif_of(value))
        with Image.open(io.BytesIO(png)) as opened:
            return np.asarray(ImageOps.exif_transpose(opened))

    return make

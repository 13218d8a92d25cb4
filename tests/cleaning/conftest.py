"""A folder in which everything is wrong that can be wrong with photos."""

from __future__ import annotations

import hashlib
import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image as Pillow
from PIL import ImageOps

from lookalike.testing import FakeDetector
from lookalike.types import Faces, Image

QUARANTINE = ".lookalike-quarantine"


class CrowdDetector(FakeDetector):
    """One face in the middle; none in a picture of one color; three side by side in a wide one."""

    def _detect_one(self, image: Image) -> Faces:
        one = super()._detect_one(image)
        if len(one) == 0 or image.width < 2.5 * image.height:
            return one
        shift = np.array([image.width / 3, 0], np.float32)
        places = [(one.boxes[0].reshape(2, 2) - one.boxes[0].reshape(2, 2).mean(0)) * [0.3, 1]]
        middle = one.boxes[0].reshape(2, 2).mean(0)
        boxes, landmarks = [], []
        for step, scale in ((-1, 1.0), (0, 0.8), (1, 0.9)):
            boxes.append((places[0] * scale + middle + step * shift).reshape(4))
            points = (one.landmarks[0] - middle) * [0.3, 1] * scale + middle + step * shift
            landmarks.append(points)
        scores = np.array([0.99, 0.98, 0.97], np.float32)
        return Faces(np.array(boxes, np.float32), np.array(landmarks, np.float32), scores)


def snapshot(folder: Path) -> dict[str, str]:
    """Say what is where, without the quarantine."""
    found = {}
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != QUARANTINE]
        for name in [*files, *folders]:
            path = Path(here, name)
            below = os.fsdecode(os.path.relpath(path, folder))
            if path.is_symlink():
                found[below] = f"link {path.readlink()}"
            elif path.is_file():
                found[below] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                found[below] = "folder" if path.is_dir() else "other"
    return found


def everything(folder: Path) -> set[str]:
    """Return the checksums of all files, also of those in quarantine."""
    return {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def jpeg(picture: Pillow.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", **({"quality": 90} | options))
    return stream.getvalue()


def other(seed: int, size: tuple[int, int] = (320, 400)) -> Pillow.Image:
    """Return a picture that is like no other."""
    numbers = np.random.default_rng(seed)
    rough = Pillow.fromarray(numbers.integers(0, 255, (9, 8, 3), np.uint8))
    return rough.resize(size, Pillow.Resampling.BICUBIC)


@pytest.fixture(scope="session")
def mess(hopper: Path, astronaut: Image) -> Callable[[Path], dict[str, set[str]]]:
    """Return a function that fills a folder, and says what is wrong with which file."""
    # Fixed parts once: making them takes longer than all tests.
    bomb = io.BytesIO()
    Pillow.new("1", (20_000, 20_000)).save(bomb, "PNG")

    def fill(folder: Path) -> dict[str, set[str]]:
        return _fill(folder, hopper, Pillow.fromarray(astronaut.pixels), bomb.getvalue())

    return fill


def _fill(folder: Path, hopper: Path, collins: Pillow.Image, bomb: bytes) -> dict[str, set[str]]:
    expected: dict[str, set[str]] = {}
    numbers = iter(range(1000))

    def put(name: str, data: bytes, *faults: str) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        expected[name] = set(faults)

    def save(name: str, kind: str, picture: Pillow.Image, *faults: str, **options: object) -> None:
        stream = io.BytesIO()
        picture.save(stream, kind, **options)
        put(name, stream.getvalue(), *faults)

    def fresh(**options: object) -> bytes:
        return jpeg(other(next(numbers)), **options)

    def film(count: int = 3) -> list[Pillow.Image]:
        return [other(next(numbers)) for _ in range(count)]

    good = hopper.read_bytes()
    put("Grace Hopper/good.jpg", good)
    put("Grace Hopper/empty.jpg", b"", "empty file")
    for part in (3, 50, 90, 99):
        put(f"Grace Hopper/cut {part}.jpg", fresh()[: -1 - 90 * (100 - part)], "broken")
    put("Grace Hopper/head only.jpg", fresh()[:20], "broken")
    put("Grace Hopper/progressive cut.jpg", fresh(progressive=True)[:-2000], "broken")
    stream = io.BytesIO()
    other(next(numbers)).save(stream, "PNG")
    put("Grace Hopper/cut.png", stream.getvalue()[:-5000], "broken")
    hurt = bytearray(stream.getvalue())
    hurt[-14] ^= 255
    put("Grace Hopper/hurt.png", bytes(hurt), "damaged inside")
    put("Grace Hopper/hurt.jpg", _hurt(good), "damaged inside")
    one, *rest = film()
    moving = {"save_all": True, "append_images": rest}
    save("Grace Hopper/film.gif", "GIF", one, "animated", **moving)
    save("Grace Hopper/gif.jpg", "GIF", film()[0], "GIF", "wrong suffix")
    save("Grace Hopper/film gif.png", "GIF", film()[0], "animated", "wrong suffix", **moving)
    save("Grace Hopper/film.webp", "WEBP", film()[0], "animated", **moving)
    save("Grace Hopper/film.png", "PNG", film()[0], "animated", **moving)
    save("Grace Hopper/pages.tiff", "TIFF", film()[0], "animated", **moving)
    put("Grace Hopper/page.jpg", b"<!DOCTYPE html><html>not found</html>", "not a picture")
    put("Grace Hopper/words.png", b"just words", "not a picture")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.jpg", good)
    put("Grace Hopper/archive.jpg", stream.getvalue(), "not a picture")
    put("Grace Hopper/jpeg.png", fresh(), "wrong suffix")
    save("Grace Hopper/png.jpeg", "PNG", film()[0], "wrong suffix")
    save("Grace Hopper/webp.jpg", "WEBP", film()[0], "wrong suffix")
    save("Grace Hopper/bitmap", "BMP", film()[0], "wrong suffix")
    put("Grace Hopper/CAPITALS.JPG", fresh())
    put("Grace Hopper/from the web.jpg_large", fresh(), "wrong suffix")
    stream = io.BytesIO()
    pillow_heif.from_pillow(other(next(numbers))).save(stream, quality=90)
    put("Grace Hopper/heic.jpg", stream.getvalue(), "wrong suffix")
    put("Grace Hopper/bomb.png", bomb, "too large")
    save("Grace Hopper/tiny.png", "PNG", film()[0].resize((8, 8)), "too small")
    portrait = Pillow.open(hopper)
    put("Grace Hopper/same.jpg", good, "duplicate")
    smaller = portrait.resize((256, 300))
    put("Grace Hopper/small copy.jpg", jpeg(smaller, quality=60), "near duplicate")
    put("Grace Hopper/turned.jpg", jpeg(ImageOps.mirror(portrait), quality=60), "near duplicate")
    put("Grace Hopper/blank.png", b"", "no face")
    save("Grace Hopper/blank.png", "PNG", Pillow.new("RGB", (200, 200), "navy"), "no face")
    put("Grace Hopper/crowd.jpg", jpeg(other(next(numbers), (900, 300))), "several faces")
    put("Grace Hopper/cmyk.jpg", jpeg(other(next(numbers)).convert("CMYK")))
    deep = np.asarray(other(next(numbers)).convert("L"), np.uint16) * 257
    save("Grace Hopper/deep.png", "PNG", Pillow.fromarray(deep))
    palette = other(next(numbers)).quantize(64)
    save("Grace Hopper/palette.png", "PNG", palette, transparency=0)
    exif = Pillow.Exif()
    exif[0x0112] = 6
    put("Grace Hopper/on its side.jpg", fresh(exif=exif))
    put("Grace Hopper/line\nbreak.jpg", b"", "empty file")
    put("Grace Hopper/그레이스.jpg", b"", "empty file")
    put(os.fsdecode(b"Grace Hopper/\xe9t\xe9.jpg"), b"", "empty file")
    put("Grace Hopper/.hidden.jpg", fresh(), "hidden")
    put("Grace Hopper/.DS_Store", b"\0\0\0\1")
    put("Grace Hopper/notes.txt", b"BMW, and other cars")
    put("Grace Hopper/raw.nef", _raw(other(next(numbers))))
    collins = collins.convert("RGB")
    put("Space/Eileen Collins/good.png", b"")
    save("Space/Eileen Collins/good.png", "PNG", collins)
    put("Space/Ann/hopper.jpg", good, "duplicate across people")
    expected["Grace Hopper/good.jpg"] = {
        "duplicate across people",
        "near duplicate across people",
    }
    near = jpeg(portrait.resize((400, 469)), quality=70)
    put("Space/Bob/hopper.jpg", near, "near duplicate across people")
    expected["Space/Ann/hopper.jpg"].add("near duplicate across people")
    put("Space/Bob/own.jpg", fresh())
    (folder / "Grace Hopper" / "loop.jpg").symlink_to("loop.jpg")
    (folder / "Grace Hopper" / "gone.jpg").symlink_to("nowhere.jpg")
    (folder / "Grace Hopper" / "album").symlink_to("../Space")
    os.mkfifo(folder / "Grace Hopper" / "pipe.jpg")
    for name in ("loop.jpg", "gone.jpg", "album", "pipe.jpg"):
        expected[f"Grace Hopper/{name}"] = {"not a file"}
    (folder / "Space" / "Bob" / "link.jpg").symlink_to("own.jpg")
    expected["Space/Bob/link.jpg"] = {"duplicate"}
    return expected


def _hurt(data: bytes) -> bytes:
    """Change bytes in the middle of a JPEG in a way that decoders do not stop at."""
    from lookalike.errors import ImageError
    from lookalike.images import read

    chance = random.Random(7)
    while True:
        at = chance.randrange(len(data) // 3, len(data) // 2)
        hurt = bytearray(data)
        hurt[at : at + 40] = bytes(chance.randrange(0, 255) for _ in range(40))
        try:
            read(bytes(hurt))
        except ImageError:
            continue
        from lookalike.cleaning.damage import damage
        from lookalike.images.formats import Format

        if damage(bytes(hurt), Format.JPEG):
            return bytes(hurt)


def _raw(picture: Pillow.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "TIFF")
    return stream.getvalue()


@pytest.fixture(name="snapshot")
def _snapshot() -> Callable[[Path], dict[str, str]]:
    return snapshot


@pytest.fixture(name="everything")
def _everything() -> Callable[[Path], set[str]]:
    return everything


@pytest.fixture
def crowd() -> CrowdDetector:
    return CrowdDetector()


@pytest.fixture
def rough() -> Callable[..., Pillow.Image]:
    return other

"""A folder as people have them: whatever is in it, the build ends and says what became of it."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from lookalike.gallery.build import build
from lookalike.gallery.records import Header, Reason
from lookalike.gallery.store import GalleryFile
from lookalike.sources.folder import FolderSource


def encoded(picture, kind, **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def heic(picture):
    buffer = io.BytesIO()
    pillow_heif.from_pillow(picture).save(buffer, quality=90)
    return buffer.getvalue()


def png_bomb(side):
    """Return a whole PNG of one bit a pixel: some 50 kB that unpack into side x side pixels."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    packer = zlib.compressobj(1)
    rows = b"\0" * (1 + side // 8) * 1000
    data = b"".join(packer.compress(rows) for _ in range(side // 1000)) + packer.flush()
    size = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    header, body, end = chunk(b"IHDR", size), chunk(b"IDAT", data), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + body + end


def rotated(picture):
    """Store the picture lying on its side, with the EXIF entry that says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95)


def crowd(face):
    """Return twelve equal faces in rows of four."""
    sheet = Image.new("RGB", (4 * 200, 3 * 200), "white")
    for at in range(12):
        sheet.paste(face.resize((200, 200)), (at % 4 * 200, at // 4 * 200))
    return encoded(sheet, "JPEG", quality=95)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, hopper):
    root = tmp_path_factory.mktemp("photos")
    whole = Image.open(hopper).convert("RGB")
    face = whole.crop((110, 60, 410, 360))
    ground = np.random.default_rng(0).integers(90, 110, (240, 320, 3), np.uint8)
    files = {
        "Plain.jpg": hopper.read_bytes(),
        "Empty.jpg": b"",
        "Cut Off.jpg": hopper.read_bytes()[:20_000],
        "Gif.jpg": encoded(whole.quantize(256), "GIF"),
        "Bomb.png": png_bomb(20_000),
        "Text.jpg": b"Dear diary,\n" * 100,
        "Nobody/ground.png": encoded(Image.fromarray(ground), "PNG"),
        "Crowd/twelve.jpg": crowd(face),
        "Beyoncé.jpg": encoded(whole, "JPEG", quality=90),
        "名前/写真.webp": encoded(whole, "WEBP", quality=90),
        "Rotated.jpg": rotated(whole),
        "Cmyk.jpg": encoded(whole.convert("CMYK"), "JPEG", quality=95),
        "Phone.heic": heic(whole),
        "Copy/plain.JPG": hopper.read_bytes(),
        ".hidden.jpg": hopper.read_bytes(),
        "notes.txt": b"not a photo",
    }
    for name, data in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def built(folder, tmp_path_factory, analyst):
    path = tmp_path_factory.mktemp("built") / "g.gallery"
    header = Header(analyst.space, analyst.encoder.template, analyst.views)
    file = GalleryFile.create(path, header)
    told = []
    summary = build(file, FolderSource(folder), analyst, on_photo=told.append)
    yield file, summary, told
    file.close()


TURNED_DOWN = {
    "Empty.jpg": Reason.UNREADABLE,
    "Cut Off.jpg": Reason.UNREADABLE,
    "Bomb.png": Reason.TOO_LARGE,
    "Text.jpg": Reason.UNREADABLE,
    "Nobody/ground.png": Reason.NO_FACE,
    "Crowd/twelve.jpg": Reason.SEVERAL_FACES,
    # Folders come after the files of the root.
    "Copy/plain.JPG": Reason.DUPLICATE,
}
USED = {
    "Plain.jpg": "Plain",
    "Gif.jpg": "Gif",
    "Beyoncé.jpg": "Beyoncé",
    "名前/写真.webp": "名前",
    "Rotated.jpg": "Rotated",
    "Cmyk.jpg": "Cmyk",
    "Phone.heic": "Phone",
}


def test_each_photo_that_is_not_used_is_in_the_ledger_with_its_reason(built):
    file, summary, told = built
    ledger = {entry.uri: entry for entry in file.ledger()}
    assert {uri: entry.reason for uri, entry in ledger.items()} == TURNED_DOWN
    assert "12 faces" in ledger["Crowd/twelve.jpg"].detail
    assert "Plain.jpg" in ledger["Copy/plain.JPG"].detail
    assert all(entry.detail for entry in ledger.values())
    assert sorted(told) == sorted([*TURNED_DOWN, *USED])
    assert (summary.offered, summary.added) == (len(TURNED_DOWN) + len(USED), len(USED))


def test_each_other_photo_is_in_the_gallery_under_its_persons_name(built):
    columns = built[0].columns()
    named = {
        photo.uri: columns.people[group].name
        for photo, group in zip(columns.photos, columns.groups, strict=True)
    }
    assert named == USED


def test_the_face_is_the_same_however_it_is_stored(built):
    columns = built[0].columns()
    plain = columns.vectors[[photo.uri for photo in columns.photos].index("Plain.jpg")]
    away = np.linalg.norm(columns.vectors - plain, axis=1)
    # Two photos of one person are half as far apart at the least.
    assert away.max() < 0.25


def test_a_second_run_looks_at_nothing(built, folder):
    file = built[0]

    class Blind:
        space, views = file.header.space, file.header.views

        def analyze(self, photos):
            assert list(photos) == []
            return iter(())

    summary = build(file, FolderSource(folder), Blind())
    assert summary.known == summary.offered == len(TURNED_DOWN) + len(USED)

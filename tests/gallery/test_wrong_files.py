"""What is no gallery, or a damaged one, is told with a hint and left as it is."""

from __future__ import annotations

import contextlib
import io
import os
import sqlite3

import numpy as np
import pytest
from PIL import Image

from lookalike.errors import (
    GalleryError,
    GalleryInvalid,
    GalleryMissing,
    GalleryUnwritable,
    GalleryVersion,
    ImageTooLarge,
)
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.pictures import portrait
from lookalike.gallery.records import Header, LedgerEntry, Reason
from lookalike.gallery.storage.schema import FORMAT_VERSION
from lookalike.gallery.storage.upgrades import upgrade
from lookalike.gallery.store import GalleryFile
from lookalike.testing.fakes import FAKE_SPACE

HEADER = Header(FAKE_SPACE, "fake-32", 1)


def run(path, *statements):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def foreign(path):
    run(path, "CREATE TABLE songs (title TEXT)", "INSERT INTO songs VALUES ('Respect')")


def namesake(path):
    run(path, "CREATE TABLE header (id INTEGER)", "CREATE TABLE faces (id INTEGER)")


def empty_header(path):
    run(path, "CREATE TABLE header (key TEXT, value TEXT)")


WRONG = {
    "text": lambda path: path.write_text("Grace Hopper,1906\n" * 100),
    "short text": lambda path: path.write_text("hi"),
    "half a magic": lambda path: path.write_bytes(b"SQLite f"),
    "pages of no size": lambda path: path.write_bytes(b"SQLite format 3\x00" + bytes(600)),
    "only the magic": lambda path: path.write_bytes(b"SQLite format 3\x00"),
    "foreign database": foreign,
    "database with a table of that name": namesake,
    "database with an empty header": empty_header,
}


@pytest.fixture(params=WRONG)
def wrong(request, tmp_path):
    path = tmp_path / "wrong.gallery"
    WRONG[request.param](path)
    return path


@pytest.mark.parametrize(
    "use",
    [
        Gallery.open,
        lambda path: GalleryFile(path, writable=True),
        lambda path: GalleryFile.create(path, HEADER),
    ],
    ids=["read", "write", "create"],
)
def test_another_kind_of_file_is_no_gallery_and_stays_as_it_is(use, wrong):
    before = wrong.read_bytes()
    with pytest.raises(GalleryInvalid, match=r"wrong\.gallery") as caught:
        use(wrong)
    assert "lookalike gallery build" in caught.value.hint or "build it again" in caught.value.hint
    assert wrong.read_bytes() == before
    assert [path.name for path in wrong.parent.iterdir()] == [wrong.name]


def test_a_photo_is_no_gallery(hopper):
    with pytest.raises(GalleryInvalid, match="is not a gallery"):
        Gallery.open(hopper)


def test_an_empty_file_is_no_gallery_but_can_become_one(tmp_path):
    path = tmp_path / "empty.gallery"
    path.touch()
    with pytest.raises(GalleryInvalid):
        Gallery.open(path)
    assert path.stat().st_size == 0
    file = GalleryFile.create(path, HEADER)
    assert file.header == HEADER
    file.close()


@pytest.mark.parametrize("name", ["nothing.gallery", "no/folder/x.gallery", ".", "file/x.gallery"])
@pytest.mark.parametrize("writable", [False, True])
def test_a_missing_gallery_is_missing(name, writable, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(GalleryMissing) as caught:
        GalleryFile(tmp_path / name, writable=writable)
    assert "lookalike gallery build" in caught.value.hint


@pytest.mark.parametrize("name", ["no/folder/x.gallery", "."])
def test_a_gallery_cannot_be_made_where_there_is_no_place(name, tmp_path):
    with pytest.raises(GalleryUnwritable) as caught:
        GalleryFile.create(tmp_path / name, HEADER)
    assert "folder" in caught.value.hint


def test_a_gallery_of_a_newer_lookalike_asks_for_it(create):
    file = create()
    file.close()
    newer = FORMAT_VERSION + 1
    run(file.path, f"UPDATE header SET value = {newer} WHERE key = 'format'")
    for writable in (False, True):
        with pytest.raises(GalleryVersion, match="newer") as caught:
            GalleryFile(file.path, writable=writable)
        assert "pip install -U" in caught.value.hint


@pytest.mark.parametrize("key", ["format", "encoder", "dimension", "digest", "template", "views"])
def test_a_header_that_lacks_a_fact_is_invalid(key, create):
    file = create()
    file.close()
    run(file.path, f"DELETE FROM header WHERE key = '{key}'")
    with pytest.raises(GalleryInvalid, match=key):
        Gallery.open(file.path)


@pytest.mark.parametrize("key", ["format", "dimension", "views"])
def test_a_header_without_sense_is_invalid(key, create):
    file = create()
    file.close()
    run(file.path, f"UPDATE header SET value = 'many' WHERE key = '{key}'")
    with pytest.raises(GalleryInvalid, match="many"):
        Gallery.open(file.path)


@pytest.fixture
def sound(create, record):
    """Return a gallery with something in every table."""
    file = create()
    faces = [record(f"Person {at % 7}", f"{at}.jpg", attributes={"n": at}) for at in range(60)]
    turned_down = [LedgerEntry(f"no-{at}", "s", "P", "", Reason.NO_FACE) for at in range(30)]
    file.write(faces, turned_down)
    file.close()
    return file.path


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE faces SET vector = x'00' WHERE number = 3",
        "UPDATE faces SET vector = substr(vector, 1, 16) WHERE number = 60",
        "UPDATE faces SET person = 99 WHERE number = 4",
        "UPDATE people SET attributes = '{' WHERE number = 2",
        "DELETE FROM people WHERE number = 2",
    ],
)
def test_rows_that_do_not_fit_together_are_damage(damage, sound):
    run(sound, damage)
    with pytest.raises(GalleryInvalid) as caught:
        Gallery.open(sound).columns(everyone=True)
    assert "build it again" in caught.value.hint


def read_all(path):
    file = GalleryFile(path)
    file.columns()
    file.ledger()
    file.counts()
    file.seen("")
    file.opted_out()
    file.digests()
    file.thumbnail(1)
    _ = file.generation


@pytest.mark.parametrize("kept", [0.05, 0.3, 0.5, 0.9, 0.999])
def test_a_cut_off_gallery_is_damaged(kept, sound):
    data = sound.read_bytes()
    sound.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(GalleryInvalid) as caught:
        read_all(sound)
    assert caught.value.hint


def test_damage_anywhere_is_read_or_told_never_more(sound):
    data = sound.read_bytes()
    rng = np.random.default_rng(0)
    errors = []
    for _ in range(60):
        broken = bytearray(data)
        length = int(rng.integers(1, 300))
        at = int(rng.integers(0, len(data) - length))
        broken[at : at + length] = rng.bytes(length)
        sound.write_bytes(broken)
        try:
            read_all(sound)
        except GalleryError as error:
            errors.append(error)
    assert 0 < len(errors) < 60
    assert all(error.hint for error in errors)
    assert {type(error) for error in errors} >= {GalleryInvalid}


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
def test_a_gallery_that_may_not_be_read_says_so(sound):
    sound.chmod(0)
    with pytest.raises(GalleryMissing, match="may not be read"):
        Gallery.open(sound)


ENDLESS = "SELECT 1 UNION ALL SELECT * FROM n"
RUNS = {
    "view": ("ALTER TABLE header RENAME TO kept", "CREATE VIEW header AS SELECT * FROM kept"),
    "endless view": (
        "ALTER TABLE faces RENAME TO kept",
        f"CREATE VIEW faces AS WITH RECURSIVE n AS ({ENDLESS}) SELECT * FROM n",
    ),
    "trigger": ("CREATE TRIGGER t AFTER INSERT ON people BEGIN DELETE FROM opt_outs; END",),
    "virtual table": ("CREATE VIRTUAL TABLE notes USING fts5(words)",),
    "computed column": ("ALTER TABLE people ADD COLUMN big AS (zeroblob(900000000))",),
}


@pytest.mark.parametrize("kind", RUNS)
def test_a_gallery_from_a_stranger_runs_nothing(kind, sound):
    run(sound, *RUNS[kind])
    before = sound.read_bytes()
    uses = (
        Gallery.open,
        lambda path: GalleryFile(path, writable=True),
        lambda path: GalleryFile.create(path, HEADER),
        upgrade,
    )
    for use in uses:
        with pytest.raises(GalleryInvalid, match=kind.removeprefix("endless ")) as caught:
            use(sound)
        assert "do not trust it" in caught.value.hint
    assert sound.read_bytes() == before


def test_a_portrait_that_is_a_bomb_is_refused(sound):
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    with contextlib.closing(sqlite3.connect(sound, isolation_level=None)) as connection:
        connection.execute("UPDATE faces SET thumbnail = ?", [bomb.getvalue()])
    with pytest.raises(ImageTooLarge):
        portrait(GalleryFile(sound), 1)


def looped(path):
    """Make the table of faces a tower of pages, each of which names the next one 300 times."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'faces'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    at = (root - 1) * size
    leaf = int.from_bytes(data[at + 8 : at + 12], "big") if data[at] == 5 else root
    assert leaf != root, "the table needs more than one page"
    below, pages = leaf, len(data) // size
    tower = []
    for level in range(8):
        cells = [below.to_bytes(4, "big") + bytes([1 + n // 3]) for n in range(300)]
        starts = [size - 5 * (n + 1) for n in range(300)]
        page = bytearray(size)
        head = (bytes([5, 0, 0]), *(n.to_bytes(2, "big") for n in (len(cells), starts[-1])))
        page[:12] = b"".join((*head, b"\0", below.to_bytes(4, "big")))
        for n, (cell, start) in enumerate(zip(cells, starts, strict=True)):
            page[12 + 2 * n : 14 + 2 * n] = start.to_bytes(2, "big")
            page[start : start + 5] = cell
        if level == 7:
            data[at : at + size] = page
        else:
            tower.append(page)
            below = pages + len(tower)
    data += b"".join(tower)
    data[28:32] = (len(data) // size).to_bytes(4, "big")
    path.write_bytes(data)


def test_pages_that_are_shared_are_not_read_forever(sound):
    # 300 ** 8 leaves in a file of a few hundred kilobytes.
    looped(sound)
    file = GalleryFile(sound)
    for way in (file.columns, file.counts, lambda: list(file.records())):
        with pytest.raises(GalleryInvalid):
            way()

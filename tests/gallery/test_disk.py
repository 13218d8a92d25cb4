"""Files that cannot be written, disks that are full, and others who are writing."""

from __future__ import annotations

import os
import threading

import pytest
from sqlalchemy import event

from lookalike.errors import GalleryBusy, GalleryUnwritable
from lookalike.gallery.build import build
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.storage import database
from lookalike.gallery.storage.rows import replace_photos
from lookalike.gallery.store import GalleryFile
from lookalike.testing import FakeAnalyzer, FakeSource

not_root = pytest.mark.skipif(
    getattr(os, "geteuid", int)() == 0, reason="root may write everything"
)


@pytest.fixture
def filled(create, record):
    """Return a closed gallery of three faces."""
    file = create()
    file.write([record("Ada", f"{at}.jpg") for at in range(3)], [])
    file.close()
    return file.path


@not_root
def test_a_read_only_file_can_be_read_and_not_written(filled):
    filled.chmod(0o444)
    assert len(GalleryFile(filled).columns().photos) == 3
    with pytest.raises(GalleryUnwritable, match="may not be written") as caught:
        GalleryFile(filled, writable=True)
    assert "permissions" in caught.value.hint


@not_root
def test_a_gallery_in_a_read_only_folder_can_be_read_and_not_written(filled, create):
    filled.parent.chmod(0o555)
    try:
        assert len(GalleryFile(filled).columns().photos) == 3
        with pytest.raises(GalleryUnwritable) as caught:
            GalleryFile(filled, writable=True)
        assert "permissions" in caught.value.hint
        with pytest.raises(GalleryUnwritable):
            create("new.gallery")
    finally:
        filled.parent.chmod(0o755)


def photos(n, size=40_000):
    """Return a source of photos; their portraits fill the disk."""
    return FakeSource({f"Person {at}": {f"{at}.jpg": b"%d" % at * size} for at in range(n)})


def test_a_full_disk_stops_a_build_which_then_goes_on(create, contents):
    whole = create("whole.gallery")
    build(whole, photos(100), FakeAnalyzer())
    file = create()
    with file._engine.connect() as connection:
        empty = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    @event.listens_for(file._engine, "connect")
    def small_disk(connection, _record):
        connection.execute(f"PRAGMA max_page_count = {empty + 11}")

    with pytest.raises(GalleryUnwritable, match="disk is full") as caught:
        build(file, photos(100), FakeAnalyzer())
    assert "free space" in caught.value.hint
    # What went in before is there and can be searched.
    kept = Gallery.open(file.path).columns(everyone=True)
    assert 0 < len(kept.photos) < 100
    event.remove(file._engine, "connect", small_disk)
    summary = build(file, photos(100), FakeAnalyzer())
    assert summary.known == len(kept.photos)
    assert contents(file.path) == contents(whole.path)


def test_a_file_that_may_not_grow_stops_a_build_which_then_goes_on(tmp_path, builder, contents):
    root = tmp_path / "photos"
    for at in range(40):
        (root / f"Person {at}").mkdir(parents=True)
        (root / f"Person {at}/{at}.jpg").write_bytes(b"%d" % at)
    whole, path = tmp_path / "whole.gallery", tmp_path / "g.gallery"
    assert builder.run(root, whole) == (0, "")
    code, said = builder.run(root, path, largest_file=whole.stat().st_size * 3 // 4)
    assert (code, said.partition(":")[0]) == (0, "GalleryUnwritable")
    assert "run the same command again" in said
    assert 0 < len(GalleryFile(path).columns().photos) < 40
    assert builder.run(root, path) == (0, "")
    assert contents(path) == contents(whole)
    assert {file.name for file in tmp_path.iterdir()} == {"photos", whole.name, path.name}


def test_who_waits_too_long_for_another_writer_is_told_so(create, record, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_TIMEOUT_S", 0.05)
    file = create()
    other = create()
    with other._engine.begin():
        with pytest.raises(GalleryBusy, match="another process") as caught:
            file.write([record("Ada", "a.jpg")], [])
        assert "wait" in caught.value.hint
    file.write([record("Ada", "a.jpg")], [])
    assert file.counts()["faces"] == 1


def test_reading_goes_on_while_somebody_writes(create, record):
    file = create()
    file.write([record("Ada", "a.jpg")], [])
    with file._engine.begin() as connection:
        replace_photos(connection, file.header, [record("Bo", "b.jpg")], [])
        assert [p.name for p in GalleryFile(file.path).columns().people] == ["Ada"]
    assert [p.name for p in GalleryFile(file.path).columns().people] == ["Ada", "Bo"]


def test_closing_leaves_the_gallery_to_those_who_still_write(create, record):
    file, other = create(), create()
    with other._engine.begin() as connection:
        replace_photos(connection, other.header, [record("Ada", "a.jpg")], [])
        file.close()
    other.close()
    assert len(GalleryFile(file.path).columns().photos) == 1
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]


def test_closing_does_not_bring_a_deleted_gallery_back(create):
    file = create()
    file.path.unlink()
    file.close()
    assert list(file.path.parent.iterdir()) == []


def test_two_builds_at_once_lose_nothing(create, contents):
    halves = [
        FakeSource(
            {f"Person {at % 9}": {} for at in range(9)}
            | {f"Person {half} {at}": {f"{half}/{at}": b"%d %d" % (half, at)} for at in range(120)}
        )
        for half in range(2)
    ]
    files = [create(), create()]
    summaries = {}

    def work(half):
        summaries[half] = build(files[half], halves[half], FakeAnalyzer())

    threads = [threading.Thread(target=work, args=(half,)) for half in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [summaries[half].added for half in range(2)] == [120, 120]
    for file in files:
        file.close()
    tables = contents(files[0].path)
    assert len(tables["faces"]) == len(tables["photos"]) == len(tables["people"]) == 240
    columns = GalleryFile(files[0].path).columns()
    for photo, group in zip(columns.photos, columns.groups, strict=True):
        assert columns.people[group].name == f"Person {photo.uri.replace('/', ' ')}"


def test_two_builds_of_one_source_at_once_make_one_gallery(create, contents):
    people = FakeSource({f"Person {at}": {f"{at}.jpg": b"%d" % at} for at in range(120)})
    files = [create(), create()]
    threads = [
        threading.Thread(target=build, args=(file, people, FakeAnalyzer())) for file in files
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = create("alone.gallery")
    build(alone, people, FakeAnalyzer())
    found, expected = contents(files[0].path), contents(alone.path)
    for table in ("people", "photos", "faces"):
        assert len(found[table]) == len(expected[table]) == 120
    vectors = {photo.uri: vector for photo, vector in zip(*columns(alone), strict=True)}
    for photo, vector in zip(*columns(files[0]), strict=True):
        assert (vectors[photo.uri] == vector).all()


def columns(file):
    found = file.columns()
    return found.photos, found.vectors

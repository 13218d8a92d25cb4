"""A gallery of an older format is brought up to date whole, or left as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import numpy as np
import pytest
from sqlalchemy import Engine, event

from lookalike.errors import GalleryInvalid, GalleryMissing, GalleryVersion
from lookalike.gallery.storage.schema import FORMAT_VERSION
from lookalike.gallery.storage.upgrades import upgrade
from lookalike.gallery.store import GalleryFile

#: What the first format was, as its own version wrote it.
FORMAT_1 = """
CREATE TABLE header ("key" TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key"));
CREATE TABLE people (number INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
    attributes JSON NOT NULL, PRIMARY KEY (number), UNIQUE (id));
CREATE TABLE photos (number INTEGER NOT NULL, sha256 TEXT NOT NULL, uri TEXT NOT NULL,
    stamp TEXT NOT NULL, licence TEXT NOT NULL, credit TEXT NOT NULL, PRIMARY KEY (number),
    UNIQUE (sha256), UNIQUE (uri));
CREATE TABLE ledger (uri TEXT NOT NULL, stamp TEXT NOT NULL, person TEXT NOT NULL,
    sha256 TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (uri));
CREATE TABLE faces (number INTEGER NOT NULL, photo INTEGER NOT NULL, person INTEGER NOT NULL,
    x1 FLOAT NOT NULL, y1 FLOAT NOT NULL, x2 FLOAT NOT NULL, y2 FLOAT NOT NULL,
    landmarks BLOB NOT NULL, score FLOAT NOT NULL, vector BLOB NOT NULL, thumbnail BLOB,
    PRIMARY KEY (number), FOREIGN KEY(photo) REFERENCES photos (number) ON DELETE CASCADE,
    FOREIGN KEY(person) REFERENCES people (number));
CREATE INDEX faces_of_person ON faces (person);
CREATE INDEX faces_of_photo ON faces (photo);
INSERT INTO people VALUES (1, 'ada', 'Ada', '{"born": 1815}'), (2, 'bo', 'Bo', '{}');
INSERT INTO photos VALUES (1, 'aa', 'Ada/1.jpg', '1-2', 'CC0', 'M. C.'),
    (7, 'bb', 'Bo/1.jpg', '3-4', '', '');
INSERT INTO ledger VALUES ('Bo/2.jpg', '5-6', 'Bo', '', 'no face', 'no face was found');
PRAGMA application_id = 0x4C4F4F4B;
"""
HEADER = {
    "format": "1", "encoder": "fake", "dimension": "2", "digest": "0" * 64, "template": "t",
    "views": "1", "vector_type": "float32", "title": "old", "generation": "3",
}  # fmt: skip


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "old.gallery"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FORMAT_1)
        connection.executemany("INSERT INTO header VALUES (?, ?)", HEADER.items())
        points, vector = bytes(40), np.array([1, 2], "<f4").tobytes()
        connection.executemany(
            "INSERT INTO faces VALUES (?, ?, ?, 1, 2, 3, 4, ?, 0.5, ?, NULL)",
            [(1, 1, 1, points, vector), (2, 7, 2, points, vector)],
        )
        connection.commit()
    return path


def test_an_old_gallery_says_how_it_is_brought_up_to_date(old):
    with pytest.raises(GalleryVersion, match="older") as caught:
        GalleryFile(old)
    assert "gallery upgrade" in caught.value.hint


def test_everything_in_it_is_kept(old, contents):
    assert upgrade(old) == 1
    file = GalleryFile(old)
    columns = file.columns()
    assert [person.attributes for person in columns.people] == [{"born": 1815}, {}]
    (first, second) = columns.photos
    assert (first.id, first.uri, first.source, first.credit) == ("aa", "Ada/1.jpg", "old", "M. C.")
    assert (second.page, second.attributes) == ("", {})
    assert columns.vectors.tolist() == [[1, 2], [1, 2]]
    assert file.seen("old") == {"Ada/1.jpg": "1-2", "Bo/1.jpg": "3-4", "Bo/2.jpg": "5-6"}
    assert [path.name for path in old.parent.iterdir()] == ["old.gallery"]
    assert upgrade(old) == FORMAT_VERSION


def test_it_has_the_tables_of_a_new_one(old, create):
    upgrade(old)
    new = create("new.gallery")
    new.close()

    def shape(path):
        with closing(sqlite3.connect(path)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: {
                    (row[1], row[2], row[3], row[5])
                    for row in connection.execute(f"PRAGMA table_info({name})")
                }
                for (name,) in tables
            }

    assert shape(old) == shape(new.path)


@pytest.mark.parametrize("fails_at", range(1, 14))
def test_a_killed_upgrade_has_changed_nothing(fails_at, old, contents):
    before = contents(old)
    done = []

    def fail(_connection, _cursor, statement, *_rest):
        if statement.lstrip().startswith(("INSERT", "UPDATE", "ALTER", "CREATE", "DROP")):
            done.append(statement)
            if len(done) == fails_at:
                raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(KeyboardInterrupt):
            upgrade(old)
    finally:
        event.remove(Engine, "before_cursor_execute", fail)
    assert contents(old) == before
    assert upgrade(old) == 1
    assert len(GalleryFile(old).columns().photos) == 2


def test_what_is_newer_or_no_gallery_is_left_alone(old, tmp_path):
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("UPDATE header SET value = '99' WHERE key = 'format'")
        connection.commit()
    with pytest.raises(GalleryVersion, match="newer"):
        upgrade(old)
    text = tmp_path / "a.txt"
    text.write_text("no gallery, but long enough to be one")
    with pytest.raises(GalleryInvalid):
        upgrade(text)
    with pytest.raises(GalleryMissing):
        upgrade(tmp_path / "none")

"""A gallery file that would run something is refused before anything is run."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from lookalike.errors import GalleryInvalid
from lookalike.gallery.storage.upgrades import upgrade
from lookalike.gallery.store import GalleryFile

ENDLESS = "WITH RECURSIVE n(key) AS (SELECT 1 UNION ALL SELECT key + 1 FROM n)"


def run(path, *statements):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TABLE header", f"CREATE VIEW header AS {ENDLESS} SELECT key, 'x' AS value FROM n"),
        ("CREATE VIEW beside AS SELECT 1",),
        (
            "DROP TABLE header",
            "CREATE TABLE header (key TEXT, value TEXT AS (hex(zeroblob(400000000))))",
            "INSERT INTO header VALUES ('format')",
        ),
        ("ALTER TABLE people ADD COLUMN more TEXT AS (name || name) VIRTUAL",),
        ("CREATE TRIGGER t AFTER INSERT ON people BEGIN DELETE FROM people; END",),
        ("create virtual table beside using fts5(a)",),
        ("CREATE /* in other words */ VIRTUAL TABLE beside USING fts5(a)",),
    ],
)
@pytest.mark.parametrize(
    "use",
    [GalleryFile, lambda path: GalleryFile(path, writable=True), upgrade],
    ids=["read", "write", "upgrade"],
)
def test_what_calculates_is_refused(statements, use, create):
    file = create()
    file.close()
    run(file.path, *statements)
    before = file.path.read_bytes()
    with pytest.raises(GalleryInvalid, match=r"holds a .*, '(header|beside|value|more|t)'"):
        use(file.path)
    assert file.path.read_bytes() == before


def test_indexes_and_tables_of_others_are_no_harm(create):
    file = create()
    file.close()
    run(file.path, "CREATE TABLE notes (a TEXT)", "CREATE INDEX i ON notes (a)", "ANALYZE")
    assert GalleryFile(file.path).counts()["faces"] == 0

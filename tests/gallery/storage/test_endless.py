"""Reading may take as long as a file is large, and no longer."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from lookalike.gallery.storage.endless import stop_when_endless

FOREVER = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) SELECT max(i) FROM n"
)


def counted(path, rows):
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        stop_when_endless(connection, path)
        return connection.execute(FOREVER.format(rows)).fetchone()[0]


def test_what_takes_longer_than_the_file_is_large_is_interrupted(tmp_path):
    path = tmp_path / "g.gallery"
    path.write_bytes(b"")
    assert counted(path, 100_000) == 100_000
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        counted(path, 1_000_000)


@pytest.mark.parametrize("where", ["g.gallery", "g.gallery-wal"])
def test_a_larger_file_may_take_longer(tmp_path, where):
    (tmp_path / where).write_bytes(bytes(1_000_000))
    assert counted(tmp_path / "g.gallery", 1_000_000) == 1_000_000

"""Gallery files: answers, or what is wrong with the file, which stays as it is."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from promise import untouched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INSTRUMENTED = ("lookalike",)
LONGEST = 1 << 16

_DIMENSION: Final = 8
_PAGE: Final = 512
_CONDITION: Final = "born >= 1950 and not (name = 'Ada' or gender is unknown) or photos > 1"
_DEEP: Final = "[" * 3000

_SEARCHES: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"where": _CONDITION, "rank": "mean", "everyone": True},
    {"rank": "centroid", "metric": "cosine", "fair": True},
    {"metric": "mahalanobis", "k": 2},
    {"like_me": "gender", "sure": 0.5},
)

#: What a cell may hold that nobody expects; SQLite keeps any value in any column.
_STRANGE: Final[tuple[Any, ...]] = (
    None, 0, 1, -1, 7, 2**31, 2**63 - 1, -(2**63), 0.5, -1e308, float("inf"), "", "0",
    "many", "nan", "1e999", "\x00", "a\nb", "[]", "null", "1", "true", '"x"', "{", "{}", _DEEP,
    '{"a": NaN}',
    '{"born": "1992-01-01", "gender": ["female"], "well_known": true}', '{"born": 1e400}',
    '{"born": {"a": 1}, "well_known": "no", "gender": 7}', '[["a", 1]]', "9" * 5000, "float16",
    b"", b"\x00", bytes(4), bytes(16), bytes(32), bytes(40), b"\xff" * 32, b"\xff\xff\x7f\x7f" * 8,
    b"\x00\x00\x80\x7f" * 8, b"\x01\x00\x80\x7f" * 8, b"\x00\x00\x80\x7f" * 10, b"\xff\xd8\xff",
)  # fmt: skip

#: Other shapes of the whole.
_STATEMENTS: Final = (
    "DROP TABLE {table}",
    "ALTER TABLE {table} DROP COLUMN {column}",
    "ALTER TABLE {table} RENAME COLUMN {column} TO other",
    "ALTER TABLE {table} ADD COLUMN more TEXT DEFAULT 'x'",
    "CREATE TABLE more AS SELECT * FROM {table}",
    "DELETE FROM {table} WHERE random() % 2",
    "INSERT INTO {table} SELECT * FROM {table}",
    "UPDATE {table} SET {column} = rowid",
    "UPDATE {table} SET {column} = substr({column}, 2)",
    "UPDATE {table} SET {column} = (SELECT {column} FROM {table} LIMIT 1)",
    "PRAGMA user_version = 7",
    "PRAGMA encoding",
    "PRAGMA journal_mode = WAL",
)


def use(data: bytes, folder: Path) -> None:
    """Ask all that can be asked of a gallery that somebody gives, and one of the searches."""
    from lookalike.errors import LookalikeError
    from lookalike.gallery.gallery import Gallery

    first: LookalikeError | None = None
    with untouched(folder / "strange.gallery", data) as path, Gallery.open(path) as gallery:
        for ask in _questions(gallery, zlib.crc32(data)):
            try:
                ask()
            except LookalikeError as error:
                first = first or error
    if first is not None:
        raise first


def _questions(gallery: Any, which: int) -> Iterator[Callable[[], Any]]:
    import numpy as np

    from lookalike.gallery.asking.ranking import FindOptions
    from lookalike.gallery.heads import read_head
    from lookalike.gallery.journal import steps
    from lookalike.gallery.pictures import pictured
    from lookalike.gallery.summary import summarize
    from lookalike.types import Embeddings

    file, space = gallery.file, gallery.header.space
    yield lambda: gallery.people
    for ask in (file.ledger, file.counts, file.digests, file.opted_out, file.records):
        yield lambda ask=ask: list(ask())
    yield lambda: (file.generation, file.seen("a folder"), file.turned_away("a folder"))
    yield lambda: (steps(file), summarize(file), read_head(file, "svm"), pictured(file))
    if space.dim != _DIMENSION:
        return
    faces = Embeddings(np.eye(2, _DIMENSION, dtype=np.float32), space)
    said = _SEARCHES[which % len(_SEARCHES)]
    yield lambda: _portraits(gallery, gallery.find(faces, FindOptions(**said)))
    if not said:
        yield lambda: gallery.find_together(faces)


def _portraits(gallery: Any, answers: list[Any]) -> None:
    for match in answers[0][:2]:
        gallery.portrait(match)


def mutate(data: bytes, longest: int, seed: int, plainly: Callable[[bytes, int], bytes]) -> bytes:
    """Change bytes, or through SQLite a cell, a row or a table, which leaves a sound database."""
    luck = random.Random(seed)
    if luck.random() < 0.5 or not _is_whole(data):
        return plainly(data, longest)
    try:
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1 << 20)
            connection.deserialize(data)
            for _ in range(luck.choice((1, 1, 2, 4))):
                _change(connection, luck)
            connection.commit()
            changed = connection.serialize()
    except (sqlite3.Error, MemoryError, OverflowError, ValueError, LookupError, TypeError):
        return plainly(data, longest)
    return changed if len(changed) <= longest else plainly(data, longest)


def _is_whole(data: bytes) -> bool:
    """Say whether a database is as long as it says: of others SQLite would make a gigabyte."""
    page, count = (int.from_bytes(data[at:end], "big") for at, end in ((16, 18), (28, 32)))
    return page == _PAGE and count * page == len(data) and data[24:28] == data[92:96]


def _change(connection: sqlite3.Connection, luck: random.Random) -> None:
    kinds = "SELECT name FROM sqlite_master WHERE type = 'table'"
    table = luck.choice(connection.execute(kinds).fetchall())[0]
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    column = luck.choice(columns)
    if luck.random() < 0.15:
        statement = luck.choice(_STATEMENTS).format(table=table, column=column)
        connection.execute(statement)
        return
    if table == "header" or luck.random() < 0.8:
        rows = [row[0] for row in connection.execute(f"SELECT rowid FROM {table}")]
        value = luck.choice(_STRANGE)
        one = f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid = ?"
        connection.execute(one, (value, luck.choice(rows)))
    else:
        values = [luck.choice(_STRANGE) for _ in columns]
        marks = ", ".join("?" * len(values))
        connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)


def seeds() -> dict[str, bytes]:
    """Build a gallery with something in every table, once with its rules and once without any."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.gallery")
        _build(path)
        strict = _shrunk(path, loose=False)
        loose = _shrunk(path, loose=True)
    return {"strict.gallery": strict, "loose.gallery": loose}


def _shrunk(path: Path, *, loose: bool) -> bytes:
    """Return a gallery of small pages, where a changed byte is seldom one that nobody reads."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {_PAGE}")
        connection.execute(f"PRAGMA application_id = {0x4C4F4F4B}")
        connection.execute("ATTACH ? AS whole", (str(path),))
        kinds = "SELECT name, sql FROM whole.sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        for name, made in connection.execute(kinds).fetchall():
            if made.startswith("CREATE TABLE"):
                rows = f"SELECT * FROM whole.{name}"
                connection.execute(f"CREATE TABLE {name} AS {rows}" if loose else made)
                if not loose:
                    connection.execute(f"INSERT INTO {name} {rows}")
            elif not loose:
                connection.execute(made)
        return connection.serialize()


def _build(path: Path) -> None:
    import numpy as np

    from lookalike.gallery.heads import HeadRecord, write_head
    from lookalike.gallery.journal import step
    from lookalike.gallery.records import FaceRecord, Header, LedgerEntry, Reason
    from lookalike.gallery.store import GalleryFile
    from lookalike.types import Face, Person, Photo, Space

    luck = np.random.default_rng(7)
    file = GalleryFile.create(path, Header(Space("fake", _DIMENSION, "f" * 64), "fake-32", 1))
    faces = []
    for at in range(8):
        known = {"gender": ("female", "male")[at % 2], "born": 1940 + 10 * at, "well_known": True}
        person = Person(f"p{at % 4}", f"Person {at % 4}", known)
        photo = Photo(f"{at:064x}", f"{at}.jpg", source="a folder", attributes={"year": 2000})
        where = Face(np.arange(4, dtype=np.float32), np.zeros((5, 2), np.float32), 0.9)
        vector = luck.normal(size=_DIMENSION).astype(np.float32)
        points = np.ones((5, 2), np.float32)
        faces.append(
            FaceRecord(person, photo, "1-1", where, vector, _jpeg(), points, 0.5, (20, 24))
        )
    file.write(faces, [LedgerEntry("no.jpg", "1-1", "", "", Reason.NO_FACE, source="a folder")])
    with step(file, "hide a face") as changes:
        changes.hide([2])
        changes.person("p1", "Grace", {"born": 1906})
        changes.alias("q1", "p1")
    write_head(file, HeadRecord("svm", "x", {"c": 1.0}, {"a": np.ones((2, 2), np.float32)}))
    file.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO opt_outs VALUES ('somebody')")
        meaning = json.dumps({"between": [0.5, 1.0]})
        connection.execute("INSERT INTO calibrations VALUES ('euclidean nearest', 7, ?)", [meaning])
        connection.commit()


def _jpeg() -> bytes:
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (16, 16), (90, 60, 30)).save(stream, "JPEG", quality=20)
    return stream.getvalue()

"""A gallery file gives back what was put in, and takes in all of a batch or nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3

import numpy as np
import pytest
from sqlalchemy import event

from lookalike.errors import GalleryBusy, SpaceMismatch
from lookalike.gallery.care import annotate
from lookalike.gallery.copying import compact
from lookalike.gallery.records import Header, LedgerEntry, Reason
from lookalike.gallery.storage.schema import APPLICATION_ID, FORMAT_VERSION
from lookalike.gallery.store import GalleryFile
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Person, Space


def entry(uri, reason=Reason.NO_FACE, **other):
    return LedgerEntry(uri, "stamp", "Somebody", "ab" * 32, reason, **other)


@pytest.mark.parametrize(
    "header",
    [
        Header(FAKE_SPACE, "fake-32", 1),
        Header(Space("名前", 512, "0" * 64), "arcface-112", 2, "float16", 'It\'s "mine"\nå'),
    ],
)
def test_the_header_comes_back(header, create):
    create(header=header).close()
    with_same_name = create(header=header)
    assert with_same_name.header == header
    assert GalleryFile(with_same_name.path).header == header


def test_the_title_and_the_vector_type_of_a_gallery_stay(create):
    first = Header(FAKE_SPACE, "fake-32", 1, "float16", "first")
    create(header=first)
    assert create(header=Header(FAKE_SPACE, "fake-32", 1, "float32", "second")).header == first


@pytest.mark.parametrize(
    "other",
    [
        Header(Space("fake", 8, "0" * 64), "fake-32", 1),
        Header(Space("fake", 9, FAKE_SPACE.digest), "fake-32", 1),
        Header(FAKE_SPACE, "fake-32", 2),
    ],
)
def test_a_gallery_takes_no_vectors_of_another_make(other, create, contents):
    file = create()
    file.close()
    with pytest.raises(SpaceMismatch) as caught:
        create(header=other)
    assert caught.value.hint
    assert not list(file.path.parent.glob("*-wal"))


def test_faces_come_back_in_the_order_in_which_they_were_added(create, record):
    file = create()
    records = [
        record("Ada", "a/1.jpg", licence="CC0", credit="M. Carpenter", attributes={"born": 1815}),
        record("Grace", "g/1.jpg"),
        record("Ada", "a/2.jpg"),
        record("Édith", "É/ü\n, \"'.jpg"),
    ]
    file.write(records[:2], [])
    file.write(records[2:], [])
    columns = GalleryFile(file.path).columns()
    assert columns.photos == tuple(one.photo for one in records)
    assert columns.people == tuple(records[at].person for at in (0, 1, 3))
    assert columns.people[0].attributes == {"born": 1815}
    np.testing.assert_array_equal(columns.groups, [0, 1, 0, 2])
    np.testing.assert_array_equal(columns.vectors, [one.vector for one in records])
    for one, number in zip(records, columns.numbers, strict=True):
        jpeg, points = file.thumbnail(int(number))
        assert jpeg == one.thumbnail
        np.testing.assert_array_equal(points, one.thumbnail_points)
    assert file.counts() == {"people": 3, "photos": 4, "faces": 4, "hidden": 0, "ledger": 0}


def test_the_tables_hold_what_the_format_says(create, record, contents):
    file = create()
    one = record("Ada", "a/1.jpg")
    file.write([one], [])
    tables = contents(file.path)
    (row,) = tables["faces"]
    _, number, photo, person, x1, y1, x2, y2, landmarks, score, vector, thumbnail, *rest = row
    points, quality, hidden = rest
    assert (number, photo, person) == (1, 1, 1)
    assert (x1, y1, x2, y2, score) == (1, 2, 30, 41, 0.875)
    np.testing.assert_array_equal(np.frombuffer(landmarks, "<f4").reshape(5, 2), one.face.landmarks)
    np.testing.assert_array_equal(np.frombuffer(vector, "<f4"), one.vector)
    assert thumbnail == one.thumbnail
    np.testing.assert_array_equal(np.frombuffer(points, "<f4").reshape(5, 2), one.thumbnail_points)
    assert (quality, hidden) == (0.625, 0)
    assert tables["photos"] == [
        (1, 1, one.photo.id, "", "a/1.jpg", "stamp", "", "", "", "{}", 640, 480)
    ]
    assert {key: value for _, key, value in tables["header"]} == {
        "format": str(FORMAT_VERSION),
        "encoder": "fake",
        "dimension": "8",
        "digest": FAKE_SPACE.digest,
        "template": "fake-32",
        "views": "1",
        "vector_type": "float32",
        "title": "a test",
        "generation": "1",
    }
    file.close()
    # SQLite keeps the application's number at byte 68 of the file.
    assert file.path.read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big")


@pytest.mark.parametrize(("vector_type", "size"), [("float32", 4), ("float16", 2)])
def test_vectors_are_rounded_to_what_the_header_says(vector_type, size, create, record, contents):
    file = create(header=Header(FAKE_SPACE, "fake-32", 1, vector_type))
    one = record("Ada", "a/1.jpg")
    file.write([one], [])
    np.testing.assert_array_equal(
        file.columns().vectors[0], one.vector.astype(vector_type).astype(np.float32)
    )
    assert len(contents(file.path)["faces"][0][10]) == 8 * size


def test_photos_without_a_portrait_have_none(create, record):
    file = create()
    file.write([dataclasses.replace(record("Ada", "a/1.jpg"), thumbnail=b"")], [])
    assert file.thumbnail(1) == (b"", None)
    assert file.thumbnail(99) == (b"", None)


@pytest.mark.parametrize("fails_at", range(1, 9))
def test_a_batch_goes_in_whole_or_not_at_all(fails_at, create, record, contents):
    file = create()
    file.write([record("Ada", "a/1.jpg")], [entry("a/2.jpg")])
    before = contents(file.path)
    written = []

    @event.listens_for(file._engine, "before_cursor_execute")
    def fail(_connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)
            if len(written) == fails_at:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        file.write([record("Ada", "a/1.jpg", np.ones(8)), record("Bo", "b")], [entry("c")])
    assert contents(file.path) == before
    event.remove(file._engine, "before_cursor_execute", fail)
    file.write([record("Ada", "a/1.jpg", np.ones(8)), record("Bo", "b")], [entry("c")])
    assert file.counts() == {"people": 2, "photos": 2, "faces": 2, "hidden": 0, "ledger": 2}


@pytest.mark.parametrize("reason", Reason)
def test_the_ledger_comes_back_by_uri(reason, create):
    file = create()
    entries = [entry("b", reason, detail='why, "and" so'), entry("a", reason), entry("c")]
    file.write([], entries)
    assert GalleryFile(file.path).ledger() == sorted(entries, key=lambda one: one.uri)


def test_what_was_used_and_what_was_turned_down_is_known_by_stamp(create, record):
    file = create()
    file.write([record("Ada", "a/1.jpg")], [dataclasses.replace(entry("a/2.jpg"), stamp="7-8")])
    assert file.seen("") == {"a/1.jpg": "stamp", "a/2.jpg": "7-8"}
    assert file.seen("another") == {}
    assert file.digests() == {record("Ada", "a/1.jpg").photo.id: ("", "a/1.jpg")}


def test_two_sources_may_use_one_uri(create, record):
    file = create()
    file.write([record("Ada", "1.jpg", source="here")], [entry("2.jpg", source="here")])
    file.write([record("Bo", "1.jpg", source="there")], [entry("2.jpg", source="there")])
    assert [photo.source for photo in file.columns().photos] == ["here", "there"]
    assert [one.source for one in file.ledger()] == ["here", "there"]
    assert file.seen("here") == {"1.jpg": "stamp", "2.jpg": "stamp"}


def test_where_a_photo_comes_from_comes_back(create, record):
    file = create()
    one = record(
        "Ada", "1.jpg", source="s", licence="CC0", credit="C", page="https://p", facts={"age": 35}
    )
    file.write([one], [])
    assert file.columns().photos == (one.photo,)
    assert file.columns().photos[0].attributes == {"age": 35}


def test_a_source_adds_to_what_is_known_of_somebody_and_overwrites_nothing(create, record):
    file = create()
    file.write([record("Ada", "1", attributes={"born": 1815, "x": 1})], [])
    file.write([record("Ada", "2", attributes={"born": 1900, "y": 2})], [])
    (ada,) = file.columns().people
    assert ada.attributes == {"born": 1815, "x": 1, "y": 2}


def test_a_photo_said_again_replaces_what_was_said_of_it(create, record):
    file = create()
    file.write([record("Ada", "a"), record("Bo", "b")], [entry("c"), entry("d")])
    file.write([record("Cy", "c"), record("Cy", "b", sha256="12" * 32)], [entry("a")])
    assert [(photo.uri, photo.id[:2]) for photo in file.columns().photos] == [
        ("c", record("Cy", "c").photo.id[:2]),
        ("b", "12"),
    ]
    assert [one.uri for one in file.ledger()] == ["a", "d"]


def test_who_has_no_photo_any_more_is_forgotten(create, record):
    file = create()
    file.write([record("Ada", "a/1"), record("Ada", "a/2"), record("Bo", "b")], [])
    file.write([], [entry("a/1"), entry("b")])
    assert file.columns().people == (Person.named("Ada"),)
    assert file.counts() == {"people": 1, "photos": 1, "faces": 1, "hidden": 0, "ledger": 2}


def test_one_photo_can_show_two_people(create, record):
    file = create()
    both = [record("Ada", "duo", sha256="5" * 64), record("Bo", "duo", sha256="5" * 64)]
    file.write(both, [])
    columns = file.columns()
    assert file.counts() == {"people": 2, "photos": 1, "faces": 2, "hidden": 0, "ledger": 0}
    assert [person.name for person in columns.people] == ["Ada", "Bo"]
    assert columns.photos[0] == columns.photos[1] == both[0].photo


def test_one_uri_cannot_be_two_files_in_one_batch(create, record, contents):
    file = create()
    before = contents(file.path)
    with pytest.raises(GalleryBusy):
        file.write([record("Ada", "a"), record("Ada", "a", sha256="7" * 64)], [])
    assert contents(file.path) == before


def test_every_change_has_a_number(create, record):
    file = create()
    numbers = [file.generation]
    for change in (
        lambda: file.write([record("Ada", "a")], []),
        lambda: file.write([], [entry("b")]),
        lambda: annotate(file, {"ada": {"well_known": True}}),
    ):
        change()
        numbers.append(GalleryFile(file.path).generation)
    assert numbers == [0, 1, 2, 3]


def test_a_closed_gallery_is_one_file(create, record):
    file = create()
    file.write([record("Ada", f"{at}.jpg") for at in range(50)], [])
    file.close()
    assert [path.name for path in file.path.parent.iterdir()] == ["g.gallery"]
    # Bytes 18 and 19 of an SQLite file: 1 is a file on its own, 2 one with a log beside it.
    assert file.path.read_bytes()[18:20] == b"\x01\x01"
    reader = GalleryFile(file.path)
    assert len(reader.columns().photos) == 50
    reader.close()
    assert [path.name for path in file.path.parent.iterdir()] == ["g.gallery"]


def test_a_gallery_of_which_much_was_taken_out_can_be_made_small(create, record, contents):
    file = create()
    file.write([record("Ada", f"{at}.jpg") for at in range(400)], [])
    file.write([], [entry(f"{at}.jpg") for at in range(1, 400)])
    file.close()
    before, size = contents(file.path), file.path.stat().st_size
    file.close()
    compact(file.path)
    assert file.path.stat().st_size < 0.8 * size
    assert contents(file.path) == before
    assert len(file.columns().photos) == 1


def test_an_interrupted_making_is_made_good(tmp_path, create):
    connection = sqlite3.connect(tmp_path / "g.gallery", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    assert (tmp_path / "g.gallery").stat().st_size > 0
    assert create().counts()["faces"] == 0


def test_a_file_copied_from_beside_its_writer_is_read_without_a_trace(create, record, tmp_path):
    file = create()
    file.write([record("Ada", "a.jpg")], [])
    copy = tmp_path / "elsewhere" / "copy.gallery"
    copy.parent.mkdir()
    # The writer is still there: what has been folded into the file says that there is a log.
    with contextlib.closing(sqlite3.connect(file.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint")
    copy.write_bytes(file.path.read_bytes())
    assert copy.read_bytes()[19] == 2
    reader = GalleryFile(copy)
    assert [person.name for person in reader.columns().people] == ["Ada"]
    reader.close()
    assert [path.name for path in copy.parent.iterdir()] == ["copy.gallery"]

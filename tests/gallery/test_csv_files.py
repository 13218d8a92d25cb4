"""Galleries leave as CSV and come back to the last bit; what others wrote comes in too."""

from __future__ import annotations

import csv
import hashlib
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lookalike.errors import GalleryInvalid, GalleryMissing, GalleryUnwritable
from lookalike.gallery.care import erase
from lookalike.gallery.csv_files import DESCRIPTORS, LABELS, read_csv, write_csv
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Person, Space, person_id

HARD = "Sammy \"Mr. Show\" Davis, Jr.\r\nsecond line\n\ttab; 'quote' é 名前 👩🏽‍🚀"


@pytest.fixture
def write(tmp_path):
    """Return a writer of the two files."""

    def make(labels, descriptors, encoding="utf-8"):
        folder = tmp_path / "csv"
        folder.mkdir(exist_ok=True)
        for name, content in ((LABELS, labels), (DESCRIPTORS, descriptors)):
            if content is not None:
                data = content if isinstance(content, bytes) else content.encode(encoding)
                (folder / name).write_bytes(data)
        return folder

    return make


def table(*rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


#: As course notebooks write them.
COURSE_LABELS = "label,name\n0,Ada Lovelace\n1,Grace Hopper\n"
NUMBERS = [f"d{at}" for at in range(8)]


def descriptors(*rows, header=("label", *NUMBERS)):
    return table(header, *rows)


def same(one, other):
    assert one.people == other.people
    assert [person.attributes for person in one.people] == [p.attributes for p in other.people]
    assert one.photos == other.photos
    np.testing.assert_array_equal(one.groups, other.groups)
    # As bits: 0.0 and -0.0 are equal, but not the same.
    assert one.vectors.tobytes() == other.vectors.tobytes()


def test_a_gallery_comes_back_to_the_last_bit(create, record, tmp_path):
    gallery = create()
    gallery.write(
        [
            record(HARD, HARD + ".jpg", licence="CC BY, 4.0", credit=HARD),
            record("Ada", "a/1.jpg", attributes={"well_known": True, "名": ["é", None, 1.5]}),
            record(HARD, "b", [0.0, -0.0, 1e-45, -3.4e38, 1 / 3, 16777217, 1e-7, np.pi]),
            record("=1+1", "c", attributes={"name": "x", "id": 1, "cls": 2, "label": 3}),
        ],
        [],
    )
    assert write_csv(gallery, tmp_path / "deep" / "csv") == (3, 4)
    other = create("other.gallery")
    assert read_csv(other, tmp_path / "deep" / "csv") == (3, 4)
    same(other.columns(), gallery.columns())


def test_many_vectors_come_back_to_the_last_bit(create, record, tmp_path):
    space = Space("fake", 128, "0" * 64)
    header = Header(space, "fake-32", 1)
    gallery, other = create(header=header), create("other.gallery", header)
    bits = np.random.default_rng(1).integers(0, 1 << 32, (1100, 128), np.uint32)
    vectors = np.nan_to_num(bits.view(np.float32), nan=1, posinf=2, neginf=3)
    gallery.write([record(f"P{n % 3}", f"{n}.jpg", row) for n, row in enumerate(vectors)], [])
    write_csv(gallery, tmp_path)
    read_csv(other, tmp_path)
    same(other.columns(), gallery.columns())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    people=st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(
            str.strip
        ),
        st.lists(
            st.lists(
                st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=8, max_size=8
            ),
            min_size=1,
            max_size=3,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_people_are_called_they_come_back(people, tmp_path_factory, record):
    folder = tmp_path_factory.mktemp("csv")
    gallery, other = (
        GalleryFile.create(folder / name, Header(FAKE_SPACE, "fake-32", 1)) for name in "ab"
    )
    records = {}
    for name, vectors in people.items():
        for at, vector in enumerate(vectors):
            records[f"{name}/{at}"] = record(name, f"{name}/{at}", vector)
    gallery.write(list(records.values()), [])
    write_csv(gallery, folder)
    read_csv(other, folder)
    same(other.columns(), gallery.columns())
    gallery.close()
    other.close()


def test_reading_the_same_files_twice_changes_nothing(create, record, tmp_path):
    gallery, other = create(), create("other.gallery")
    gallery.write([record("Ada", "1"), record("Bo", "2"), record("Ada", "3")], [])
    write_csv(gallery, tmp_path)
    for _ in range(2):
        read_csv(other, tmp_path)
        same(other.columns(), gallery.columns())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_a_course_need_only_labels_names_and_numbers(encoding, end, create, write):
    vectors = np.random.default_rng(1).normal(size=(3, 8)).astype(np.float32)
    rows = [[label, *vector.tolist()] for label, vector in zip([1, 0, 1], vectors, strict=True)]
    folder = write(
        COURSE_LABELS.replace("\n", end), descriptors(*rows).replace("\r\n", end), encoding
    )
    gallery = create()
    assert read_csv(gallery, folder) == (2, 3)
    columns = gallery.columns()
    assert columns.vectors.tobytes() == vectors.tobytes()
    named = [columns.people[group].name for group in columns.groups]
    assert named == ["Grace Hopper", "Ada Lovelace", "Grace Hopper"]
    assert {person.id for person in columns.people} == {"ada-lovelace", "grace-hopper"}
    for photo, vector in zip(columns.photos, vectors, strict=True):
        assert photo.id == photo.uri == hashlib.sha256(vector.tobytes()).hexdigest()


def test_columns_may_stand_in_any_order(create, write):
    folder = write(
        "name,born,label\nAda,1815,x\n",
        descriptors([*range(8), "a.jpg", "x"], header=[*NUMBERS, "uri", "label"]),
    )
    gallery = create()
    read_csv(gallery, folder)
    columns = gallery.columns()
    assert columns.people == (Person.named("Ada"),)
    assert columns.photos[0].uri == "a.jpg"
    np.testing.assert_array_equal(columns.vectors, [np.arange(8)])


GOOD = [0, *range(8)]


@pytest.mark.parametrize(
    ("labels", "rows", "message"),
    [
        ("", descriptors(GOOD), "labels.csv lacks the column label, name"),
        ("label,who\n0,Ada\n", descriptors(GOOD), "labels.csv lacks the column name"),
        ("label,name\n0,Ada\n1\n", descriptors(GOOD), "labels.csv, line 3: .*missing"),
        ("label,name\n0,Ada\n1,\n", descriptors(GOOD), "labels.csv, line 3: .*missing"),
        ("label,name\n0,Ada\n,Bo\n", descriptors(GOOD), "labels.csv, line 3: .*missing"),
        ("label,name\n0,Ada\n0,Bo\n", descriptors(GOOD), "labels.csv, line 3: .*before"),
        ("label,name,attributes\n0,Ada,{\n", descriptors(GOOD), "labels.csv, line 2: .*not JSON"),
        ("label,name,attributes\n0,Ada,[1]\n", descriptors(GOOD), "labels.csv, line 2: .*object"),
        (
            f"label,name,attributes\n0,Ada,{'[' * 100_000}\n",
            descriptors(GOOD),
            "line 2: .*not JSON",
        ),
        (f"label,name,attributes\n0,Ada,{'4' * 5000}\n", descriptors(GOOD), "line 2: .*not JSON"),
        (b"label,name\n0,Beyonc\xe9\n", descriptors(GOOD), "labels.csv is not a CSV file in UTF-8"),
        (COURSE_LABELS, "", "descriptors.csv lacks the column label"),
        (COURSE_LABELS, descriptors(GOOD, [7, *range(8)]), "descriptors.csv, line 3: label '7'"),
        (COURSE_LABELS, descriptors(GOOD, GOOD[:-1]), "descriptors.csv, line 3: not a number"),
        (COURSE_LABELS, descriptors(GOOD, [*GOOD, 9]), "descriptors.csv, line 3: 9 numbers"),
        (COURSE_LABELS, descriptors([*GOOD[:-1], "x"]), "descriptors.csv, line 2: .*'x'"),
        (COURSE_LABELS, descriptors([*GOOD[:-1], ""]), "descriptors.csv, line 2: not a number"),
        (COURSE_LABELS, descriptors([*GOOD[:-1], "nan"]), "descriptors.csv, line 2: .*infinite"),
        (COURSE_LABELS, descriptors([*GOOD[:-1], "inf"]), "descriptors.csv, line 2: .*infinite"),
        (COURSE_LABELS, descriptors([*GOOD[:-1], "1e39"]), "descriptors.csv, line 2: .*infinite"),
        (
            COURSE_LABELS,
            descriptors(GOOD[:-1], header=("label", *NUMBERS[:-1])),
            "descriptors.csv, line 2: 7 numbers, the encoder makes 8",
        ),
        (
            COURSE_LABELS,
            descriptors(["u", *GOOD], ["u", 0, *range(1, 9)], header=("uri", "label", *NUMBERS)),
            "descriptors.csv, line 3: 'u' has been given before",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_line(labels, rows, message, create, write):
    gallery = create()
    folder = write(labels, rows)
    with pytest.raises(GalleryInvalid, match=message):
        read_csv(gallery, folder)
    assert gallery.counts()["faces"] == 0


@pytest.mark.parametrize(
    ("labels", "rows", "missing"),
    [(None, descriptors(GOOD), LABELS), (COURSE_LABELS, None, DESCRIPTORS)],
)
def test_a_missing_file_is_told_by_name(labels, rows, missing, create, write):
    with pytest.raises(GalleryMissing, match=missing) as caught:
        read_csv(create(), write(labels, rows))
    assert LABELS in caught.value.hint
    assert DESCRIPTORS in caught.value.hint


def test_a_place_that_cannot_be_written_to_is_told(create, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(GalleryUnwritable) as caught:
        write_csv(create(), tmp_path / "file")
    assert caught.value.hint


def test_people_that_were_given_ids_keep_them(create, write):
    folder = write(
        "label,id,name\n0,q7259,Ada Lovelace\n1,,Ada\n", descriptors(GOOD, [1, *GOOD[1:]])
    )
    gallery = create()
    read_csv(gallery, folder)
    assert [person.id for person in gallery.columns().people] == ["q7259", person_id("Ada")]


def test_everything_known_of_a_photo_comes_back(create, record, tmp_path):
    one = record(
        "Ada", "1.jpg", source="s", licence="CC0", credit="C", page="https://p", facts={"age": 35}
    )
    first = create("first.gallery")
    first.write([one], [])
    write_csv(first, tmp_path / "csv")
    second = create("second.gallery")
    assert read_csv(second, tmp_path / "csv") == (1, 1)
    assert second.columns().photos == (one.photo,)


def test_who_has_opted_out_does_not_come_back_with_an_import(create, record, tmp_path):
    first = create("first.gallery")
    first.write([record("Ada", "1"), record("Ada", "2"), record("Bo", "3"), record("Cy", "4")], [])
    write_csv(first, tmp_path / "csv")
    erase(first, ["Ada"], forever=True)
    digest = record("Bo", "3").photo.id
    assert read_csv(first, tmp_path / "csv", ["cy", digest])[1] == 0
    assert [person.name for person in first.columns().people] == ["Bo", "Cy"]
    other = create("other.gallery")
    assert read_csv(other, tmp_path / "csv", ["cy", digest])[1] == 2
    assert {person.name for person in other.columns().people} == {"Ada"}

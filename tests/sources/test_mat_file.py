"""MATLAB files, read by hand and compared with SciPy; damaged ones end in words."""

from __future__ import annotations

import random
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat, savemat

from lookalike.errors import OptionError
from lookalike.sources.imdb_columns import read_columns

NUMBERS = ("dob", "photo_taken", "gender", "face_score", "second_face_score")

ROWS = [
    {},
    {"name": "", "full_path": "0/b", "face_location": (1, 1, 2, 200)},
    {"name": "Béyoncé Knöwles", "full_path": "99/名前.jpg", "gender": np.nan},
    {"name": "名前", "face_score": -np.inf, "face_location": (1.5, 2.5, 3.25, 4)},
    {"name": "A", "dob": 0, "photo_taken": 1900, "second_face_score": 2.25},
    {"name": "Ada", "face_location": (70_000, 1, 80_000, 2)},
    {"name": "x" * 3000, "dob": 723_671.5},
    {"name": "ends with space ", "dob": np.nan},
]


@pytest.mark.parametrize("do_compression", [True, False])
@pytest.mark.parametrize("title", ["imdb", "wiki"])
def test_what_scipy_reads_is_read(mat, do_compression, title):
    path = mat(*ROWS * 40, title=title, do_compression=do_compression)
    columns = read_columns(path)
    table = loadmat(path)[title][0, 0]
    assert columns.title == title
    assert len(columns) == len(ROWS) * 40
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(columns, name), table[name][0])
    for name in ("full_path", "name"):
        texts = [str(cell[0]) if cell.size else "" for cell in table[name][0]]
        assert [text.rstrip() for text in getattr(columns, name)] == [t.rstrip() for t in texts]
    boxes = np.array([cell[0] for cell in table["face_location"][0]], np.float32)
    np.testing.assert_array_equal(columns.face_location, boxes)


def test_columns_of_whole_numbers_are_read(tmp_path):
    # The published files keep whole numbers in as few bytes as they need.
    names = ("full_path", "name", "face_location", *NUMBERS)
    table = np.empty((1, 1), [(name, object) for name in names])
    for name in names:
        table[0, 0][name] = np.empty((1, 1), object)
    for name, kind in zip(NUMBERS, (np.int32, np.uint16, np.uint8, np.int8, np.int64), strict=True):
        table[0, 0][name] = np.array([[7]], kind)
    table[0, 0]["full_path"][0, 0] = "a.jpg"
    table[0, 0]["name"][0, 0] = "Ada"
    table[0, 0]["face_location"][0, 0] = np.array([[1, 2, 3, 4]], np.uint16)
    savemat(tmp_path / "x.mat", {"other": np.arange(3), "imdb": table})
    columns = read_columns(tmp_path / "x.mat")
    assert [getattr(columns, name).tolist() for name in NUMBERS] == [[7.0]] * 5
    assert columns.face_location.tolist() == [[1, 2, 3, 4]]


def element(kind, data):
    return struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)


def array(kind, shape, *parts, name=b""):
    head = element(6, struct.pack("<II", kind, 0)) + element(5, struct.pack("<2i", *shape))
    return element(14, head + element(1, name) + b"".join(parts))


def by_matlab(text):
    """Write text as MATLAB itself does, in two bytes for each letter."""
    return array(4, (1, len(text)), element(4, text.encode("utf-16-le")))


def file_of(*elements):
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM" + b"".join(elements)


def table_of(**changed):
    box = struct.pack("<4H", 1, 2, 3, 4)
    fields = {
        "dob": array(6, (1, 1), element(9, struct.pack("<d", 730_486))),
        "photo_taken": array(6, (1, 1), struct.pack("<HHHH", 4, 2, 2005, 0)),
        "full_path": array(1, (1, 1), by_matlab("01/a.jpg")),
        "gender": array(6, (1, 1), element(9, struct.pack("<d", 0))),
        "name": array(1, (1, 1), by_matlab("Béla Bartók")),
        "face_location": array(1, (1, 1), array(6, (1, 4), element(4, box))),
        "face_score": array(6, (1, 1), element(9, struct.pack("<d", 5))),
        "second_face_score": array(6, (1, 1), element(9, struct.pack("<d", np.nan))),
        "celeb_id": array(6, (1, 1), element(9, struct.pack("<d", 1))),
    }  # fmt: skip
    fields.update(changed)
    names = b"".join(name.encode().ljust(32, b"\0") for name in fields)
    length = struct.pack("<HHI", 5, 4, 32)
    return array(2, (1, 1), length, element(1, names), *fields.values(), name=b"imdb")


@pytest.fixture
def written(tmp_path):
    def write(*elements) -> Path:
        path = tmp_path / "imdb.mat"
        path.write_bytes(file_of(*elements))
        return path

    return write


def test_what_matlab_writes_is_read(written):
    path = written(array(6, (1, 2), element(9, bytes(16))), table_of())
    columns = read_columns(path)
    assert (columns.name, columns.full_path) == (["Béla Bartók"], ["01/a.jpg"])
    assert (columns.photo_taken[0], columns.face_location[0].tolist()) == (2005, [1, 2, 3, 4])
    # SciPy is of the same opinion.
    assert loadmat(path, uint16_codec="utf-16-le")["imdb"][0, 0]["name"][0, 0][0] == "Béla Bartók"


def test_a_cell_with_another_number_of_numbers_is_unknown(written):
    cell = array(6, (1, 2), element(9, bytes(16)))
    columns = read_columns(written(table_of(face_location=array(1, (1, 1), cell))))
    assert np.isnan(columns.face_location).all()
    columns = read_columns(written(table_of(face_location=array(1, (1, 1), element(14, b"")))))
    assert np.isnan(columns.face_location).all()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"dob": by_matlab("no")}, "dob does not hold numbers"),
        ({"name": array(6, (1, 1), element(9, bytes(8)))}, "name does not hold cells"),
        ({"name": array(1, (1, 1), array(6, (1, 1), element(9, bytes(8))))}, "holds no text"),
        ({"face_location": array(1, (1, 1), by_matlab("no"))}, "holds no numbers"),
        ({"name": array(1, (1, 2), by_matlab("a"))}, "holds no text"),
        ({"name": array(1, (1, 2), by_matlab("a"), by_matlab("b"))}, "different lengths"),
        ({"dob": array(6, (1, 3), element(9, bytes(8)))}, "is not 3 numbers"),
        ({"dob": array(6, (1 << 20, 1 << 20), element(9, bytes(8)))}, "size of"),
        ({"dob": array(6, (1, -1), element(9, bytes(8)))}, "size of -1"),
        ({"dob": element(14, b"")}, "dob is empty"),
        ({"dob": element(9, bytes(8))}, "an array was expected"),
        ({"name": array(1, (1, 1), element(14, bytes(1 << 17)))}, "a cell has 131,072 bytes"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_should_be_is_said(written, changed, words):
    with pytest.raises(OptionError, match=words) as caught:
        read_columns(written(table_of(**changed)))
    assert "\n" not in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no MATLAB file"),
        (b"\xff\xd8\xff" * 100, "no MATLAB file"),
        (b"MATLAB 7.3 MAT-file".ljust(512), "version 7.3"),
        (b"\x89HDF\r\n\x1a\n" + bytes(512), "version 7.3"),
        (b"MATLAB 5.0 MAT-file".ljust(124) + b"\x01\x00MI", "big-endian"),
        (file_of(), "holds no table"),
        (file_of(array(6, (1, 1), element(9, bytes(8)))), "holds no table"),
        (file_of(array(1, (1, 1), by_matlab("x"))), "holds no table"),
        (file_of(b"\x0e\0\0"), "cut off"),
        (file_of(element(15, b"junk")), "damaged"),
        (file_of(element(15, zlib.compress(table_of())[:-9])), "cut off"),
        (file_of(element(15, zlib.compress(table_of())[:-1] + b"?")), "damaged"),
    ],
)
def test_foreign_and_damaged_files_are_told_apart(tmp_path, content, words):
    path = tmp_path / "imdb.mat"
    path.write_bytes(content)
    with pytest.raises(OptionError, match=words) as caught:
        read_columns(path)
    assert caught.value.hint


def test_a_missing_file_and_a_folder_are_errors(tmp_path):
    with pytest.raises(OptionError, match="there is no file"):
        read_columns(tmp_path / "imdb.mat")
    with pytest.raises(OptionError, match="cannot be read"):
        read_columns(tmp_path)


@pytest.mark.parametrize("do_compression", [True, False])
def test_any_damage_is_survived(mat, do_compression):
    path = mat(*ROWS, do_compression=do_compression)
    whole = path.read_bytes()
    chance = random.Random(7)
    survived = 0
    for _ in range(600):
        damaged = bytearray(whole)
        if chance.random() < 0.3:
            del damaged[chance.randrange(len(damaged)) :]
        else:
            for _ in range(chance.choice([1, 1, 2, 8])):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            read_columns(path)
        except OptionError as error:
            survived += 1
            assert error.hint
    assert survived > 50


@pytest.mark.parametrize("do_compression", [True, False])
def test_no_size_in_a_file_fills_the_memory(written, do_compression):
    huge = struct.pack("<II", 14, 0xFFFFFFF0) + bytes(1 << 16)
    table = table_of(name=huge)
    path = written(element(15, zlib.compress(table)) if do_compression else table)
    tracemalloc.start()
    with pytest.raises(OptionError):
        read_columns(path)
    assert tracemalloc.get_traced_memory()[1] < 1 << 23
    tracemalloc.stop()


def test_what_is_packed_ten_thousand_times_does_not_fill_the_memory(written):
    # 256 MiB of nothing in a field that nobody asked for.
    nothing = struct.pack("<II", 14, 1 << 28) + bytes(1 << 28)
    path = written(element(15, zlib.compress(table_of(celeb_id=nothing), 1)))
    del nothing
    tracemalloc.start()
    assert len(read_columns(path)) == 1
    assert tracemalloc.get_traced_memory()[1] < 1 << 24
    tracemalloc.stop()


def test_what_unfolds_into_much_more_than_such_a_file_holds_is_refused(written, monkeypatch):
    monkeypatch.setattr("lookalike.sources.mat_stream._MOST_UNPACKED", 1 << 22)
    nothing = struct.pack("<II", 14, 1 << 23) + bytes(1 << 23)
    path = written(element(15, zlib.compress(table_of(celeb_id=nothing), 1)))
    with pytest.raises(OptionError, match="unfolds into over 4,194,304 bytes"):
        read_columns(path)

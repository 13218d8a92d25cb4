"""An index on disk is opened only if it is whole and fits; otherwise it is built again, quietly."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import subprocess
import sys

import numpy as np
import pytest

from lookalike.errors import ArrayError
from lookalike.search import index_file
from lookalike.search.faiss_library import faiss, packed, unpacked
from lookalike.search.index_file import MAGIC, IndexFile
from lookalike.search.kept import Rows, open_index
from lookalike.search.mahalanobis import PooledMahalanobis
from lookalike.search.metrics import Cosine, Euclidean
from lookalike.search.options import IndexOptions
from lookalike.search.stamp import Stamp, fingerprint, row_stamps

IVF = IndexOptions("ivf", threads=1)
STAMP = Stamp("space", "euclidean-1", "photos", "ivf", 4, 1)
PARTS = {
    "rows": np.arange(600_000, dtype=np.float32).reshape(-1, 6),
    "small": np.arange(5),
    "nothing": np.empty((0, 3), np.float32),
    "bytes": np.frombuffer(b"abc", np.uint8),
}


@pytest.fixture
def rows(vectors):
    return Rows(vectors(2000, 16, 1), np.arange(10, 2010), "space", "photos", 1)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "my.gallery.index"


@pytest.fixture
def kept(rows, folder):
    """Return the file that an index has been kept in."""
    assert open_index(rows, Euclidean(), IVF, folder).note == "The index was built."
    (path,) = folder.iterdir()
    return path


def same_answers(opened, rows, metric=None):
    queries = rows.vectors[:20] + np.float32(0.1)
    found = opened.index.search(queries, 3)
    expected = open_index(rows, metric or Euclidean(), IndexOptions("exact")).index.search(
        queries, 3
    )
    np.testing.assert_array_equal(found.rows, expected.rows)
    np.testing.assert_array_equal(found.distances, expected.distances)


def test_what_is_written_is_read(tmp_path):
    file = IndexFile(tmp_path / "deep" / "x.index")
    assert file.read(STAMP) is None
    assert file.note == "The index was built."
    assert file.write(STAMP, PARTS)
    found = IndexFile(file.path).read(STAMP)
    assert list(found) == list(PARTS)
    for name, part in PARTS.items():
        np.testing.assert_array_equal(found[name], part)
        assert found[name].dtype == part.dtype
        # Matrix products copy what does not lie well.
        assert found[name].flags.aligned
    assert list(file.path.parent.iterdir()) == [file.path]


def test_large_arrays_are_mapped_and_cannot_be_written(tmp_path):
    file = IndexFile(tmp_path / "x.index")
    file.write(STAMP, PARTS)
    mapped = file.read(STAMP)["rows"]
    assert isinstance(mapped.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        mapped[0] = 1


def test_another_generation_may_be_read_and_nothing_else(tmp_path):
    file = IndexFile(tmp_path / "x.index")
    file.write(STAMP, {"a": np.arange(3)})
    values = {name: getattr(STAMP, name) for name in Stamp.__slots__}
    for name, value in values.items():
        other = Stamp(**{**values, name: value + 1 if isinstance(value, int) else value + "x"})
        assert (file.read(other) is not None) == (name == "generation")
    assert "something else" in file.note


@pytest.mark.parametrize("kind", ["ivf-4", "ivf-8", "ivf-32", "hnsw-8", "hnsw-32", "exact-8"])
@pytest.mark.parametrize("metric", [Euclidean(), Cosine()], ids=lambda metric: metric.name)
def test_an_index_is_opened_and_answers_as_before(kind, metric, rows, folder):
    name, bits = kind.split("-")
    options = IndexOptions(name, int(bits), 1)
    built = open_index(rows, metric, options, folder)
    opened = open_index(rows, metric, options, folder)
    assert built.note
    assert not opened.note
    queries = rows.vectors[:30] + np.float32(0.1)
    for mask in (None, np.arange(2000) % 3 == 0):
        one, other = (each.index.search(queries, 5, mask) for each in (built, opened))
        np.testing.assert_array_equal(one.rows, other.rows)
        np.testing.assert_array_equal(one.distances, other.distances)


def test_few_rows_need_no_file(vectors, folder):
    rows = Rows(vectors(50, 8, 1), np.arange(50), "space", "photos", 1)
    assert open_index(rows, Euclidean(), None, folder).note == ""
    assert not folder.exists()


DAMAGE = {
    "empty": lambda data: data[:0],
    "one byte": lambda data: data[:1],
    "only magic": lambda data: data[:8],
    "no array": lambda data: data[:400],
    "half": lambda data: data[: len(data) // 2],
    "last byte missing": lambda data: data[:-1],
    "longer": lambda data: data + b"\0",
    "a bit of an array": lambda data: data[:-5000] + bytes([data[-5000] ^ 1]) + data[-4999:],
    "a bit of the checksum": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "a bit of the magic": lambda data: b"X" + data[1:],
    "an endless header": lambda data: data[:8] + b"\xff" * 8 + data[16:],
    "no JSON": lambda data: data[:16] + b"{" * 50 + data[66:],
    "zeros": lambda data: bytes(len(data)),
    "a picture": lambda data: b"\xff\xd8\xff\xe0" + data,
    "of FAISS": lambda data: b"IwFl" + data,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_built_again(damage, kept, rows):
    whole = kept.read_bytes()
    kept.write_bytes(DAMAGE[damage](whole))
    opened = open_index(rows, Euclidean(), IVF, kept.parent)
    assert opened.note == "The index was damaged and was built again."
    same_answers(opened, rows)
    assert open_index(rows, Euclidean(), IVF, kept.parent).note == ""


def forged(path, change):
    """Change the header or the arrays, and make size and checksum right again."""
    data = path.read_bytes()
    length = int.from_bytes(data[8:16], "little")
    header = json.loads(data[16 : 16 + length])
    body = bytearray(data[16 + length : -32])
    change(header, body)
    text = json.dumps(header).encode()
    text = text.ljust(max(length, -(-len(text) // 64) * 64))
    header["size"] += len(text) - length
    text = json.dumps(header).encode().ljust(len(text))
    whole = MAGIC + len(text).to_bytes(8, "little") + text + bytes(body)
    path.write_bytes(whole + hashlib.sha256(whole).digest())


def without(name):
    def change(header, body):
        header["arrays"] = [part for part in header["arrays"] if part[0] != name]

    return change


def with_shape(name, shape):
    def change(header, body):
        for part in header["arrays"]:
            if part[0] == name:
                part[2] = shape

    return change


def with_type(header, body):
    header["arrays"][0][1] = "O"


def without_stamp(header, body):
    header["stamp"] = {}


def with_numbers(header, body):
    header["arrays"] = [1, 2]


FORGED = {
    "no ids": without("ids"),
    "no rows": without("rows"),
    "no codes": without("lists.basis"),
    "fewer rows": with_shape("rows", [1500, 16]),
    "rows of another length": with_shape("rows", [2000, 8]),
    "more than the file has": with_shape("rows", [10**9, 16]),
    "less than nothing": with_shape("rows", [-1, 16]),
    "objects": with_type,
    "no stamp": without_stamp,
    "arrays of numbers": with_numbers,
}


@pytest.mark.parametrize("change", FORGED)
def test_a_file_whose_parts_do_not_belong_together_is_built_again(change, kept, rows):
    forged(kept, FORGED[change])
    opened = open_index(rows, Euclidean(), IVF, kept.parent)
    assert opened.note == "The index was damaged and was built again."
    same_answers(opened, rows)


@pytest.mark.parametrize("kind", ["HNSW32_SQ8", "IVF16,SQ8"])
def test_a_size_that_is_not_true_does_not_fill_the_memory(vectors, kind):
    rows = vectors(700, 16, 1)
    index = faiss().index_factory(16, kind)
    index.train(rows)
    index.add(rows)
    blob = packed(index)
    assert unpacked(blob, 700, 16).ntotal == 700
    # Lengths of arrays that its bytes state say a quarter of a terabyte, one after another.
    refused = 0
    words = np.frombuffer(blob.tobytes()[: len(blob) // 8 * 8], "<u8")
    for at in np.flatnonzero((words > 8) & (words < len(blob)))[:40]:
        forged = blob.copy()
        forged[8 * at : 8 * at + 8] = np.frombuffer((1 << 38).to_bytes(8, "little"), np.uint8)
        try:
            unpacked(forged, 700, 16)
        except ArrayError:
            refused += 1
    assert refused


def test_an_index_of_other_vectors_is_not_used(kept, rows, vectors):
    other = Rows(vectors(2000, 16, 9), rows.ids, rows.space, rows.view, rows.generation)
    opened = open_index(other, Euclidean(), IVF, kept.parent)
    assert opened.note == "Many rows have changed, and the index was built again."
    same_answers(opened, other)


def test_an_index_of_another_space_is_not_used(kept, rows):
    other = Rows(rows.vectors, rows.ids, "another", rows.view, rows.generation)
    assert "something else" in open_index(other, Euclidean(), IVF, kept.parent).note


def test_a_metric_that_was_fitted_to_something_else_is_another_one(rows, folder):
    one, other = PooledMahalanobis(np.eye(16) * 0.5), PooledMahalanobis(np.eye(16) * 0.6)
    assert fingerprint(one, 16) != fingerprint(other, 16)
    assert fingerprint(one, 16) == fingerprint(PooledMahalanobis(np.eye(16) * 0.5), 16)
    open_index(rows, one, IVF, folder)
    opened = open_index(rows, other, IVF, folder)
    assert "something else" in opened.note
    same_answers(opened, rows, other)


def test_a_number_of_a_row_changes_its_stamp(vectors):
    rows = vectors(20_000, 3, 1)
    before = row_stamps(rows)
    assert len(np.unique(before)) == len(rows)
    for column in range(3):
        changed = rows.copy()
        changed[7, column] = np.nextafter(changed[7, column], np.float32(9))
        assert np.flatnonzero(row_stamps(changed) != before).tolist() == [7]
    # The same numbers in another order are another row.
    assert row_stamps(rows[:1])[0] != row_stamps(rows[:1, ::-1].copy())[0]


def test_a_folder_that_cannot_be_written_means_memory(rows, folder):
    folder.write_text("a file, not a folder")
    opened = open_index(rows, Euclidean(), IVF, folder)
    assert opened.note.startswith("The index is only in memory: ")
    same_answers(opened, rows)


def test_a_full_disk_means_memory_and_leaves_nothing(rows, folder, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_file.os, "fsync", full)
    opened = open_index(rows, Euclidean(), IVF, folder)
    assert opened.note == "The index is only in memory: No space left on device."
    assert not list(folder.iterdir())
    same_answers(opened, rows)


def test_what_was_there_stays_if_writing_fails(kept, rows, vectors, monkeypatch):
    before = kept.read_bytes()
    monkeypatch.setattr(index_file.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(5, "I/O")))
    other = Rows(vectors(2000, 16, 9), rows.ids, rows.space, rows.view, 2)
    assert "I/O" in open_index(other, Euclidean(), IVF, kept.parent).note
    assert kept.read_bytes() == before


def test_an_open_index_goes_on_while_the_file_is_replaced(kept, rows):
    opened = open_index(rows, Euclidean(), IVF, kept.parent)
    kept.unlink()
    open_index(rows, Euclidean(), IVF, kept.parent)
    same_answers(opened, rows)


def _build(folder, vectors, count):
    rows = Rows(vectors, np.arange(len(vectors)), "space", "photos", 1)
    for _ in range(count):
        for path in folder.glob("*.index"):
            path.unlink(missing_ok=True)
        same_answers(open_index(rows, Euclidean(), IVF, folder), rows)


def test_processes_that_build_at_the_same_time_do_not_mix(folder, vectors):
    folder.mkdir()
    # FAISS's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    running = [
        context.Process(target=_build, args=(folder, vectors(1500, 16, 1), 5)) for _ in range(3)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(120)
    assert [process.exitcode for process in running] == [0, 0, 0]
    assert [path.name for path in folder.iterdir()] in (["photos-euclidean-ivf-4.index"], [])


def test_importing_lookalike_loads_no_faiss():
    code = (
        "import sys, numpy as np, lookalike, lookalike.gallery.gallery, lookalike.search.kept;"
        "from lookalike.search.kept import Rows, open_index;"
        "from lookalike.search.metrics import Euclidean;"
        "rows = Rows(np.eye(9, dtype='f4'), np.arange(9), 's', 'photos', 1);"
        "open_index(rows, Euclidean()).index.search(np.eye(9, dtype='f4'), 2);"
        "print('faiss' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

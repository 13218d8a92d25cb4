"""Tables as people have them: from spreadsheets, scripts and other people."""

from __future__ import annotations

import csv
import datetime
import decimal
import json
import os
import sys
import tracemalloc

import pytest

from lookalike.errors import ImageMissing, MissingExtra, OptionError
from lookalike.sources.table import TableSource
from lookalike.testing import SourceContract

ROWS = [
    {"path": "ada/1.jpg", "person": "Ada Lovelace", "born": 1815, "photo.year": 1840},
    {"path": "grace.jpg", "person": "Grace Hopper", "born": 1906},
]


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        names = list(dict.fromkeys(name for row in rows for name in row))
        table = csv.DictWriter(stream, names)
        table.writeheader()
        table.writerows(rows)


def write_lines(path, rows):
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")


def write_parquet(path, rows):
    arrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    names = list(dict.fromkeys(name for row in rows for name in row))
    pyarrow.parquet.write_table(
        arrow.table({name: [row.get(name) for row in rows] for name in names}), path
    )


WRITERS = {".csv": write_csv, ".jsonl": write_lines, ".parquet": write_parquet}


@pytest.fixture(params=WRITERS)
def written(request, folder):
    """Return a maker of tables of each kind, with photos beside."""

    def make(rows=ROWS, name="people"):
        root = folder("ada/1.jpg", "grace.jpg")
        path = root / f"{name}{request.param}"
        WRITERS[request.param](path, rows)
        return path

    return make


@pytest.fixture
def text(folder):
    """Return a maker of tables of bytes."""

    def make(content, name="people.csv"):
        path = folder("ada/1.jpg", "grace.jpg") / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


class TestContract(SourceContract):
    @pytest.fixture(autouse=True)
    def _table(self, written):
        self.path = written()

    def source(self):
        return TableSource(self.path)


def faults(source):
    return [(fault.place, fault.reason) for fault in source.faults]


def test_every_column_goes_where_it_belongs(written):
    row = {
        "Path": "ada/1.jpg", "Person": "Ada Lovelace", "license": "CC0", "author": "A. Chalon",
        "source_page": "https://example.org/ada", "gender": "female", "photo.year": 1840,
        "rank": 1,
    }  # fmt: skip
    source = TableSource(written([row]))
    (candidate,) = source
    assert source.name == "people"
    assert candidate.uri == "ada/1.jpg"
    assert candidate.person.id == "ada-lovelace"
    assert candidate.person.attributes == {"gender": "female", "rank": 1}
    assert candidate.attributes == {"year": 1840}
    assert (candidate.licence, candidate.credit) == ("CC0", "A. Chalon")
    assert candidate.page == "https://example.org/ada"
    assert candidate.load() == b"ada/1.jpg"


@pytest.mark.parametrize("path", ["path", "file", "photo", "image", "uri"])
@pytest.mark.parametrize("person", ["person", "name", "label"])
def test_columns_have_several_names(text, path, person):
    (candidate,) = TableSource(text(f"{path},{person}\ngrace.jpg,Grace\n"))
    assert candidate.person.name == "Grace"


def test_the_first_of_several_names_counts(text):
    (candidate,) = TableSource(text("label,name,file,path\n7,Grace,x,grace.jpg\n"))
    assert candidate.person.name == "Grace"
    assert candidate.person.attributes == {"label": 7, "file": "x"}


def test_empty_cells_say_nothing(written):
    (candidate,) = TableSource(
        written([{"path": "grace.jpg", "person": "Grace", "born": None, "photo.year": None}])
    )
    assert candidate.person.attributes == {}
    assert candidate.attributes == {}


def test_rows_that_cannot_be_used_are_told_and_passed_over(written):
    rows = [
        *ROWS,
        {"path": "", "person": "Nobody"},
        {"path": "x.jpg", "person": ""},
        {"path": "x.jpg", "person": "..."},
        {"path": "ada/1.jpg", "person": "ada lovelace"},
        {"path": "ada/../ada/1.jpg", "person": "Eve"},
        {"path": "ada", "person": "Ada"},
    ]
    source = TableSource(written(rows))
    for _ in range(2):
        assert [candidate.uri for candidate in source] == ["ada/1.jpg", "grace.jpg"]
        assert source.faults.counts == {
            "names no photo": 1,
            "names no person": 2,
            "repeats an earlier row": 1,
            "gives a photo to a second person": 1,
            "names what is no file": 1,
        }


def test_the_second_row_of_a_person_of_one_letter_is_found(text):
    source = TableSource(text("path,person\ngrace.jpg,a\ngrace.jpg,a\n"))
    assert len(list(source)) == 1


def test_faults_have_a_line(text):
    source = TableSource(text('path,person\n"a\nb.jpg",\n\n,Eve\n'))
    assert list(source) == []
    assert faults(source) == [
        ("people.csv, line 3", "names no person"),
        ("people.csv, line 5", "names no photo"),
    ]


def test_a_photo_that_is_not_there_is_missing_when_loaded(written):
    (candidate,) = TableSource(written([{"path": "gone.jpg", "person": "Ada"}]))
    with pytest.raises(ImageMissing):
        candidate.load()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../x.jpg", "names a path outside the folder of the photos"),
        ("ada/../../x.jpg", "names a path outside the folder of the photos"),
        ("..\\..\\x.jpg", "names a path outside the folder of the photos"),
        (".", "names a path outside the folder of the photos"),
        ("/etc/passwd", "names an absolute path"),
        ("C:\\Users\\me\\x.jpg", "names an absolute path"),
        ("https://example.org/x.jpg", "names an address, not a file"),
        ("file:///etc/passwd", "names an address, not a file"),
    ],
)
def test_no_path_leads_out_of_the_folder(written, path, reason):
    source = TableSource(written([{"path": path, "person": "Eve"}]))
    assert list(source) == []
    assert [fault.reason for fault in source.faults] == [reason]


def test_a_path_may_be_written_as_on_windows(text):
    (candidate,) = TableSource(text("path,person\nada\\1.jpg,Ada\n"))
    assert (candidate.uri, candidate.load()) == ("ada/1.jpg", b"ada/1.jpg")


def test_photos_may_lie_elsewhere(text, tmp_path):
    table = text("path,person\n1.jpg,Ada\n")
    (candidate,) = TableSource(table, tmp_path / "ada")
    assert (candidate.uri, candidate.load()) == ("1.jpg", b"ada/1.jpg")
    inside = text(f"path,person\n{tmp_path}/ada/1.jpg,Ada\n{tmp_path}/grace.jpg,Grace\n")
    source = TableSource(inside, tmp_path / "ada")
    assert [candidate.uri for candidate in source] == ["1.jpg"]
    assert [fault.reason for fault in source.faults] == [
        "names a path outside the folder of the photos"
    ]
    with pytest.raises(OptionError, match="not a folder"):
        TableSource(table, tmp_path / "nowhere")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_no_photo(text, tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    source = TableSource(text("path,person\npipe.jpg,Ada\n"))
    assert list(source) == []
    assert len(source.faults) == 1


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffpath,person\ngrace.jpg,Béla\n",
        "path;person\r\ngrace.jpg;Béla\r\n",
        "path\tperson\ngrace.jpg\tBéla\n",
        "path|person\ngrace.jpg|Béla",
        "sep=;\npath;person\ngrace.jpg;Béla\n",
        '"path", "person"\n"grace.jpg", "Béla"\n',
        "\n\npath,person\n\n grace.jpg , Béla \n\n",
        "path,person,\ngrace.jpg,Béla,\n",
        "path,person\rgrace.jpg,Béla\r",
        "path,person\ngrace.jpg,Béla\n".encode("utf-16"),
    ],
)
def test_spreadsheets_of_all_countries_are_read(text, content):
    (candidate,) = TableSource(text(content))
    assert (candidate.uri, candidate.person.name) == ("grace.jpg", "Béla")
    assert candidate.person.attributes == {}


def test_another_encoding_is_told_and_can_be_named(text):
    path = text("path,person\nada/1.jpg,Ada\ngrace.jpg,Béla\n".encode("cp1252"))
    with pytest.raises(OptionError, match="not in UTF-8") as caught:
        TableSource(path)
    assert "cp1252" in caught.value.hint
    assert [c.person.name for c in TableSource(path, encoding="cp1252")] == ["Ada", "Béla"]
    with pytest.raises(OptionError, match="no encoding 'klingon'"):
        TableSource(path, encoding="klingon")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("\n", "no column for the path"),
        ("person,born\nAda,1815\n", "no column for the path"),
        ("path,born\n1.jpg,1815\n", "no column for the person"),
        ("ada/1.jpg,Ada\n", "no column for the path"),
        ("path,path,person\n1.jpg,2.jpg,Ada\n", "two columns called 'path'"),
    ],
)
def test_a_table_without_its_columns_is_an_error(text, content, words):
    with pytest.raises(OptionError, match=words) as caught:
        TableSource(text(content))
    assert caught.value.hint


def test_rows_may_be_too_short_and_not_too_long(text):
    source = TableSource(text("path,person,born\ngrace.jpg,Grace\nada/1.jpg,Ada,1,2\n"))
    assert [candidate.uri for candidate in source] == ["grace.jpg"]
    assert faults(source) == [("people.csv, line 3", "has more cells than there are columns")]


def test_a_quotation_mark_that_never_closes_is_told(text):
    path = text('path,person\ngrace.jpg,Grace\n"ada/1.jpg,Ada\n' + "x,y\n" * 50_000)
    with pytest.raises(OptionError, match="line") as caught:
        list(TableSource(path))
    assert "quotation mark" in caught.value.hint


def test_numbers_are_numbers_and_codes_are_not(text):
    header = "path,person,a,b,c,d,e,f,g\n"
    (candidate,) = TableSource(text(header + "grace.jpg,Grace,35,-1.5,true,007,1e5,nan,2001-05-01"))
    assert candidate.person.attributes == {
        "a": 35, "b": -1.5, "c": True, "d": "007", "e": "1e5", "f": "nan", "g": "2001-05-01",
    }  # fmt: skip


def test_a_name_of_digits_is_a_name(written):
    rows = [{"path": "grace.jpg", "person": 1984}]
    assert [candidate.person.name for candidate in TableSource(written(rows))] == ["1984"]


def test_lines_that_are_no_json_are_told(text):
    good = json.dumps(ROWS[1])
    lines = [good, "{", "[1]", '{"path": ["x"], "person": "x"}', '{"path": "x"}', "", "[" * 5000,
             '{"path": "x.jpg", "person": {"a": 1}}', good]  # fmt: skip
    source = TableSource(text("\ufeff" + "\n".join(lines), "people.jsonl"))
    assert [candidate.uri for candidate in source] == ["grace.jpg"]
    assert [place.rpartition(" ")[2] for place, _ in faults(source)] == list("2345789")
    source = TableSource(text(b"\xff\xfe\n" + good.encode(), "people.ndjson"))
    assert len(list(source)) == 1
    assert faults(source) == [("people.ndjson, line 1", "is not JSON")]


def test_a_line_without_end_does_not_fill_the_memory(text):
    good = json.dumps(ROWS[1]).encode()
    path = text(good + b"\n" + b'{"path": "' + b"x" * (1 << 25) + b'"}\n' + good, "people.jsonl")
    tracemalloc.start()
    source = TableSource(path)
    assert len(list(source)) == 1
    assert tracemalloc.get_traced_memory()[1] < 1 << 23
    tracemalloc.stop()
    assert [reason for _, reason in faults(source)] == ["is not JSON", "repeats an earlier row"]


@pytest.mark.parametrize("content", ["", "\n\n", "[]\n"])
def test_lines_without_a_row_are_an_error(text, content):
    with pytest.raises(OptionError, match="holds no rows"):
        TableSource(text(content, "people.jsonl"))


def test_values_that_json_does_not_know_are_spelled_or_left_out(folder):
    arrow = pytest.importorskip("pyarrow")
    assert arrow
    path = folder("grace.jpg") / "people.parquet"
    row = {
        "path": "grace.jpg", "person": "Grace", "born": datetime.date(1906, 12, 9),
        "height": decimal.Decimal("1.65"), "nothing": float("nan"), "raw": b"\0",
        "ranks": [{"year": 1985, "rank": float("inf")}],
    }  # fmt: skip
    write_parquet(path, [row])
    (candidate,) = TableSource(path)
    attributes = candidate.person.attributes
    assert attributes == {
        "born": "1906-12-09",
        "height": 1.65,
        "ranks": [{"year": 1985, "rank": None}],
    }
    assert json.loads(json.dumps(attributes, allow_nan=False)) == attributes


def test_a_large_parquet_file_is_read_in_batches(folder):
    pytest.importorskip("pyarrow")
    path = folder("x.jpg") / "people.parquet"
    write_parquet(path, [{"path": f"{n}.jpg", "person": f"Person {n}"} for n in range(10_000)])
    source = TableSource(path)
    assert sum(1 for _ in source) == 10_000


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(100), b"PAR1xxxxPAR1"])
def test_a_damaged_parquet_file_is_an_error(text, content):
    pytest.importorskip("pyarrow")
    with pytest.raises(OptionError, match="cannot be read") as caught:
        TableSource(text(content, "people.parquet"))
    assert "\n" not in caught.value.message


def test_without_pyarrow_a_parquet_file_says_what_to_install(text, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra) as caught:
        TableSource(text(b"PAR1", "people.parquet"))
    assert "lookalike[tables]" in caught.value.hint


@pytest.mark.parametrize("name", ["people.csv", "people.jsonl", "people.parquet"])
def test_a_missing_table_is_an_error(tmp_path, name):
    pytest.importorskip("pyarrow")
    with pytest.raises(OptionError, match="there is no file"):
        TableSource(tmp_path / name)


@pytest.mark.parametrize("name", ["people.csv", "people.jsonl", "people.parquet"])
def test_a_folder_is_no_table(folder, name):
    pytest.importorskip("pyarrow")
    folder(f"{name}/x")
    with pytest.raises(OptionError):
        TableSource(folder() / name)

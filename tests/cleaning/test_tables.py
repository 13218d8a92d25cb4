"""Rows that say nothing, or say it twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from PIL import Image as Pillow

from lookalike.cleaning import apply_table, inspect_table, undo
from lookalike.cleaning.tables import TableReport
from lookalike.errors import NothingLeft, OptionError, TableUnreadable
from lookalike.sources.table import TableSource
from lookalike.sources.table_columns import Columns


def roles(names: Sequence[str]) -> Mapping[str, str]:
    return Columns.of(names).roles


@pytest.fixture
def photos(tmp_path: Path, rough: Callable[..., Pillow.Image]) -> Path:
    (tmp_path / "a").mkdir()
    for seed, name in enumerate(("a/1.jpg", "a/2.jpg", "a/3.jpg", "a/4, really.jpg")):
        rough(seed).save(tmp_path / name)
    (tmp_path / "a" / "copy of 1.jpg").write_bytes((tmp_path / "a/1.jpg").read_bytes())
    return tmp_path


ROWS = """\
path,person,year
a/1.jpg,Ann,1999
a/2.jpg,Bob,
a/gone.jpg,Bob,2000
a/3.jpg,,2001

a/3.jpg,"Carl ""the Great""
of Hall",2001
a/1.jpg,ann,1999
a/2.jpg,Dora,
"a/4, really.jpg",Eve,1
a/copy of 1.jpg,Ann,2
,Ann,2
a/1.jpg,Ann,1,2,3
https://example.org/x.jpg,Ann,3
"""


def faults_of(report: TableReport) -> dict[str, str]:
    return {finding.path: finding.fault.value for finding in report.findings}


def test_every_wrong_row_is_named(photos: Path) -> None:
    table = photos / "t.csv"
    table.write_text(ROWS)
    report = inspect_table(table, roles)
    assert faults_of(report) == {
        "line 3": "one photo under two people",
        "line 4": "missing file",
        "line 5": "no person",
        "line 9": "repeated row",
        "line 10": "one photo under two people",
        "line 12": "repeated row",
        "line 13": "malformed row",
        "line 14": "malformed row",
        "line 15": "missing file",
    }
    assert table.read_text() == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_stays_stays_as_it_was(
    photos: Path, encoding: str, ending: str, delimiter: str
) -> None:
    rows = ["Photo,Name,note", "a/1.jpg,Beyoncé,x", 'a/gone.jpg,Bob,"y', 'z"', 'a/2.jpg,"Bob" ,é']
    before = ending.join(rows).replace(",", delimiter).encode(encoding)
    table = photos / "t.csv"
    table.write_bytes(before)
    asked = encoding if encoding == "cp1252" else ""
    report = inspect_table(table, roles, encoding=asked)
    assert apply_table(report).done == 1
    kept = ending.join([rows[0], rows[1], rows[4]]).replace(",", delimiter).encode(encoding)
    assert table.read_bytes() == kept
    assert len(list(TableSource(table, encoding=asked))) == 2

    again = inspect_table(table, roles, encoding=asked)
    assert apply_table(again).done == 0
    assert undo(photos, "t.csv").problems == []
    assert table.read_bytes() == before
    assert not (photos / ".lookalike-quarantine").exists()


def test_two_people_can_both_be_taken_out(photos: Path) -> None:
    table = photos / "t.csv"
    table.write_text(ROWS)
    apply_table(inspect_table(table, roles, across="quarantine"))
    people = [" ".join(candidate.person.name.split()) for candidate in TableSource(table)]
    assert people == ["Ann", 'Carl "the Great" of Hall', "Eve"]


def test_photos_may_lie_elsewhere(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    table = tmp_path_factory.mktemp("tables") / "t.csv"
    table.write_text(ROWS)
    assert len(inspect_table(table, roles, photos).kept) == 5
    with pytest.raises(NothingLeft, match="no row"):
        apply_table(inspect_table(table, roles))
    with pytest.raises(OptionError, match="is not a folder"):
        inspect_table(table, roles, photos / "nowhere")


def test_a_table_that_changed_meanwhile_is_left(photos: Path) -> None:
    table = photos / "t.csv"
    table.write_text(ROWS)
    report = inspect_table(table, roles)
    table.write_text(ROWS * 2)
    assert apply_table(report).problems == [("t.csv", "has changed since it was looked at")]
    assert table.read_text() == ROWS * 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "does not say which column"),
        (b"a,b\n1,2\n", "does not say which column"),
        ("path,person\nx,Beyonc\xe9".encode("cp1252"), "is not in UTF-8"),
        (b"path,person\n" + b'"' + b"x" * 200_000, "is no table"),
    ],
)
def test_what_is_no_table(tmp_path: Path, data: bytes, words: str) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(data)
    with pytest.raises(TableUnreadable, match=words):
        inspect_table(table, roles)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable, match="cannot be read"):
        inspect_table(tmp_path / "t.csv", roles)
    (tmp_path / "t.csv").write_text("path,person\n")
    with pytest.raises(TableUnreadable, match="there is no encoding"):
        inspect_table(tmp_path / "t.csv", roles, encoding="klingon")

"""``lookalike clean``, driven as a user drives it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image as PillowImage
from typer.testing import CliRunner

from lookalike.cli.app import app

runner = CliRunner()


def run(*arguments: object, code: int = 0) -> str:
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def photos(tmp_path: Path, hopper: Path) -> Path:
    folder = tmp_path / "people" / "Grace Hopper"
    folder.mkdir(parents=True)
    (folder / "good.jpg").write_bytes(hopper.read_bytes())
    (folder / "same.jpg").write_bytes(hopper.read_bytes())
    (folder / "empty\n.jpg").write_bytes(b"")
    PillowImage.new("RGB", (200, 200), "navy").save(folder / "blank.png")
    return folder.parent


def test_report_apply_and_undo(photos: Path) -> None:
    def names() -> list[str]:
        return sorted(path.name for path in (photos / "Grace Hopper").iterdir())

    before = names()
    said = run("clean", photos, "--list")
    assert "4 photos, 1 sound" in said
    for fault in ("empty file", "no face", "duplicate"):
        assert fault in said
    assert "--apply" in said
    assert names() == before

    assert "3 dealt with" in run("clean", photos, "--apply")
    assert names() == ["good.jpg"]
    assert "nothing is wrong" in run("clean", photos, "--apply")
    assert "3 files put back" in run("clean", photos, "--undo")
    assert names() == before
    assert "nothing to put back" in run("clean", photos, "--undo", code=2)


def test_json(photos: Path) -> None:
    answer = json.loads(run("clean", photos, "--no-faces", "--json"))
    assert answer["photos"] == 4
    assert answer["faults"] == {"empty file": 1, "duplicate": 1}
    assert answer["applied"] is None
    assert answer["problems"] == []
    duplicate = answer["findings"][-1]
    assert duplicate == {
        "path": "Grace Hopper/same.jpg",
        "person": "Grace Hopper",
        "fault": "duplicate",
        "detail": "of Grace Hopper/good.jpg",
        "action": "quarantine",
    }
    assert json.loads(run("clean", photos, "--no-faces", "--apply", "--json"))["applied"] == 2
    assert json.loads(run("clean", photos, "--undo", "--json"))["put_back"] == 2


def test_names_that_are_no_unicode(photos: Path) -> None:
    import os

    Path(os.fsdecode(bytes(photos) + b"/\xff.jpg")).write_bytes(b"")
    answer = json.loads(run("clean", photos, "--no-faces", "--json"))
    assert "\\xff.jpg" in {one["path"] for one in answer["findings"]}
    assert "xff" in run("clean", photos, "--no-faces", "--list")


def test_a_table(photos: Path) -> None:
    table = photos / "people.csv"
    text = "file,name\nGrace Hopper/good.jpg,Grace Hopper\nGrace Hopper/gone.jpg,Grace Hopper\n"
    table.write_text(text)
    said = run("clean", table, "--list")
    assert "2 rows, 1 to keep" in said
    assert "missing file" in said
    answer = json.loads(run("clean", table, "--apply", "--json"))
    assert (answer["rows"], answer["kept"], answer["applied"]) == (2, 1, 1)
    assert table.read_text() == text.rpartition("Grace Hopper/gone")[0]
    assert "1 files put back" in run("clean", table, "--undo")
    assert table.read_text() == text


def test_options_that_exclude_each_other(photos: Path, tmp_path: Path) -> None:
    assert "exclude each other" in run("clean", photos, "--apply", "--undo", code=2)
    assert "needs a folder" in run("clean", photos, "--several", "each", code=2)
    assert "look for faces" in run("clean", photos, "--no-faces", "--min-quality", "0.5", code=2)
    assert "cannot be read" in run("clean", tmp_path / "nowhere", code=1)

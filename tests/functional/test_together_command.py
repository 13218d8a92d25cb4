"""``find --together``, ``find`` of many photos, and JSON that is written as it grows."""

from __future__ import annotations

import io
import json

import pytest
import typer
from PIL import Image as PillowImage
from rich.console import Console

from lookalike.cli import progress
from lookalike.cli.json_stream import JsonStream
from lookalike.errors import OptionError

from .commands import run, run_json


@pytest.fixture(scope="module")
def several(hopper, tmp_path_factory):
    """Return the same portrait at several sizes."""
    folder = tmp_path_factory.mktemp("several")
    picture = PillowImage.open(hopper).convert("RGB")
    paths = [folder / f"{at}.jpg" for at in range(3)]
    for at, path in enumerate(paths):
        picture.resize([side * (8 - at) // 8 for side in picture.size]).save(path)
    return paths


def test_several_photos_get_one_answer(gallery, several, collins, tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    photos = [*several, collins, tmp_path / "broken.jpg"]
    answer = run_json("find", *photos, "--together", "-g", gallery)["together"]
    outcomes = [photo["outcome"] for photo in answer["photos"]]
    assert outcomes == ["used"] * 3 + ["somebody else", "unreadable"]
    assert [match["name"] for match in answer["matches"]] == ["Grace Hopper", "Eileen Collins"]
    assert (answer["stability"], answer["matches"][0]["stability"]) == (1.0, 1.0)
    assert (answer["used"], answer["agree"]) == (3, True)
    assert answer["photos"][0]["face"]["score"] > 0.9
    assert answer["photos"][4]["error"]["kind"] == "ImageUnreadable"


def test_the_answer_is_said_and_drawn(gallery, several, collins, tmp_path):
    figure = tmp_path / "one.png"
    said = run("find", *several, collins, "--together", "-g", gallery, "-o", figure)
    assert "3 of 4 photos together" in said
    assert "seems to show somebody else" in said
    assert "Stable: by any single one of them, the same person comes first in 100%" in " ".join(
        said.split()
    )
    with PillowImage.open(figure) as picture:
        assert min(picture.size) > 300


def test_photos_of_different_people_are_said_to_be(gallery, several, collins):
    assert "different people" in run("find", several[0], collins, "--together", "-g", gallery)


def test_no_usable_photo_is_an_error(gallery, tmp_path):
    PillowImage.new("RGB", (80, 80), "navy").save(tmp_path / "nobody.png")
    for name, code in (("nobody.png", 4), ("missing.png", 3)):
        run_json("find", tmp_path / name, "--together", "-g", gallery, code=code)


def test_together_is_not_explained(several):
    answer = run_json("find", *several, "--together", "--explain", "-g", "missing", code=2)
    error = answer["error"]
    assert error["kind"] == "OptionError"
    assert error["message"] == "several photos together are not explained"
    assert error["hint"] == "explain one of them"


@pytest.mark.parametrize("items", [0, 1, 3])
def test_a_document_that_grows_is_the_one_that_was_meant(items, capsys):
    head, parts = {"a": 1, "é": "ü"}, [{"n": n, "deep": {"er": [1, "x\n"]}} for n in range(items)]
    with JsonStream(head, "list") as stream:
        for part in parts:
            stream.add(part)
    whole = json.dumps({**head, "list": parts}, ensure_ascii=False, indent=2)
    assert capsys.readouterr().out == whole + "\n"


def test_a_document_is_whole_whatever_ends_it(capsys):
    def write(error, items):
        with JsonStream({"a": 1}, "list") as stream:
            for item in items:
                stream.add(item)
            raise error

    with pytest.raises(typer.Exit) as stopped:
        write(OptionError("no", "do"), [{}])
    assert stopped.value.exit_code == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"a": 1, "list": [{}], "error": {"kind": "OptionError", "message": "no",
                                                      "hint": "do"}}  # fmt: skip
    with pytest.raises(KeyboardInterrupt):
        write(KeyboardInterrupt(), [{}, {}])
    assert json.loads(capsys.readouterr().out) == {"a": 1, "list": [{}, {}]}
    with pytest.raises(OptionError):
        write(OptionError("no"), [])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("after_s", "seen"), [(0.0, True), (1e-9, True), (600.0, False)])
def test_a_bar_says_rate_and_time_left_if_it_takes_long(after_s, seen, monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr(progress, "err", Console(file=shown, force_terminal=True, width=120))
    with progress.progress_bar("looking", 5, hidden=False, after_s=after_s) as step:
        for _ in range(5):
            step()
    assert ("looking" in shown.getvalue()) == seen
    assert ("/s" in shown.getvalue()) == seen
    assert ("5/5" in shown.getvalue()) == seen

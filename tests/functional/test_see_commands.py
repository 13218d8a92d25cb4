"""``gallery describe``, ``neighbors`` and ``map``, driven as a user drives them; and the bell."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from matplotlib import image
from typer.testing import CliRunner

from lookalike.cli import bell, see
from lookalike.cli.output import Command
from lookalike.errors import GalleryMissing, OptionError
from lookalike.gallery.records import FaceRecord, Header, LedgerEntry, Reason
from lookalike.gallery.starter import starter_path
from lookalike.gallery.store import GalleryFile
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Face, Person, Photo, person_id

runner = CliRunner()

# The same functions as under ``lookalike gallery``, whatever else is registered there.
app = typer.Typer()
app.command("describe", cls=Command)(see.describe)
app.command("neighbors", cls=Command)(see.neighbors)
app.command("map", cls=Command)(see.map_)


def run(*arguments: object, code: int = 0) -> str:
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.stdout


def run_json(*arguments: object, code: int = 0) -> dict:
    return json.loads(run(*arguments, "--json", code=code))


def face(person: str, at: int, vector, facts, jpeg: bytes) -> FaceRecord:
    digest = hashlib.sha256(f"{person}/{at}".encode()).hexdigest()
    points = np.array([[80, 90], [136, 90], [108, 120], [86, 150], [130, 150]], np.float32)
    return FaceRecord(
        Person(person_id(person), person, facts),
        Photo(digest, f"{person}/{at}.jpg", "CC0", "A. Photographer", attributes={"age": 20 + at}),
        "stamp",
        Face(np.array([10, 10, 130, 150], np.float32), points, 0.98),
        np.asarray(vector, np.float32),
        jpeg,
        points if jpeg else None,
        0.5,
        (640, 480),
    )


@pytest.fixture(scope="module")
def family(tmp_path_factory, hopper) -> Path:
    """Twelve people with two photos each, half of them with portraits."""
    from lookalike.images import read
    from lookalike.images.write import encode_jpeg

    jpeg = encode_jpeg(np.ascontiguousarray(read(hopper).pixels[40:256, 140:356]))
    path = tmp_path_factory.mktemp("family") / "family.gallery"
    file = GalleryFile.create(path, Header(FAKE_SPACE, "fake-32", 1, title="Our family"))
    rng = np.random.default_rng(0)
    names = ["Ada", "Ben", "名前", "[bold]Dee[/]", "=E", *(f"Cousin {n}" for n in range(7))]
    records = [
        face(
            name,
            at,
            number + rng.normal(size=8),
            {"gender": ("female", "male")[number % 2], "born": f"{1950 + number}-01-01"},
            jpeg if number % 2 else b"",
        )
        for number, name in enumerate(names)
        for at in range(2)
    ]
    file.write(records, [LedgerEntry("x.jpg", "s", "Ada", "", Reason.NO_FACE)])
    file.close()
    return path


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def is_picture(path: Path) -> bool:
    pixels = image.imread(path)
    return min(pixels.shape[:2]) > 300 and pixels[..., :3].std() > 0.01


def test_describe(family, tmp_path):
    said = run("describe", family, "-o", tmp_path / "d.png")
    for words in ("Our family", "12 people", "24 photos", "Photos per person", "female", "no face"):
        assert words in said
    assert "not stated in this gallery: when the photos were taken" in said
    assert is_picture(tmp_path / "d.png")


def test_describe_for_machines(family):
    answer = run_json("describe", family)
    assert answer["counts"]["people"] == 12
    assert answer["gender"] == {"unknown": 0, "counts": {"female": 6, "male": 6}}
    assert answer["age"]["counts"] == {"20": 12, "21": 12}
    assert answer["year"] == {
        "known": 0, "unknown": 24, "median": None, "mean": None, "counts": {},
    }  # fmt: skip
    assert answer["size_px"]["median"] == 140
    assert answer["reasons"]["counts"] == {"no face": 1}


def test_describe_the_starter_gallery(tmp_path):
    assert "5,823 people" in run("describe", starter_path(), "-o", tmp_path / "d.svg")
    assert (tmp_path / "d.svg").stat().st_size > 10_000


def test_neighbors(family, tmp_path):
    out, table = tmp_path / "n.png", tmp_path / "n.csv"
    said = run("neighbors", family, "-k", 3, "-n", 4, "-o", out, "--csv", table)
    assert "euclidean distance between their two nearest photos" in said
    assert is_picture(out)
    rows = read_table(table)
    assert len(rows) == 12 * 3
    assert [row["rank"] for row in rows[:3]] == ["1", "2", "3"]
    assert all(row["photo"].startswith(row["person"]) for row in rows)
    assert all(row["neighbor_photo"].startswith(row["neighbor"]) for row in rows)


def test_neighbors_of_somebody(family):
    answer = run_json("neighbors", family, "--person", "名前", "--person", "ada", "-k", 2)
    assert {one["name"] for one in answer["people"]} == {"名前", "Ada"}
    assert all(len(one["neighbors"]) == 2 for one in answer["people"])
    assert answer["people"][0]["neighbors"][0]["photos"][0][0].endswith(".jpg")
    assert "[bold]Dee[/]" in run("neighbors", family, "--person", "[bold]Dee[/]")


@pytest.mark.parametrize("metric", ["cosine", "mahalanobis", "mahalanobis-person"])
@pytest.mark.parametrize("rank", ["mean", "centroid"])
def test_neighbors_by_other_measures(family, metric, rank):
    answer = run_json("neighbors", family, "-m", metric, "--rank", rank)
    nearest = [one["neighbors"][0]["distance"] for one in answer["people"]]
    assert nearest == sorted(nearest)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--color", "gender"),
        ("--method", "pca", "--color", "born"),
        ("--of", "faces", "--color", "age"),
    ],
)
def test_map(family, tmp_path, arguments):
    out, table = tmp_path / "m.png", tmp_path / "m.csv"
    run("map", family, "-o", out, "--csv", table, *arguments)
    assert is_picture(out)
    rows = read_table(table)
    assert len(rows) == (24 if "faces" in arguments else 12)
    assert max(abs(float(row[axis])) for row in rows for axis in "xy") == 1


def test_map_for_machines_draws_nothing(family, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = run_json("map", family)
    assert len(answer["points"]) == 12
    assert set(answer["points"][0]) == {"id", "name", "photo", "photos", "x", "y"}
    assert not list(tmp_path.iterdir())
    run("map", family)
    assert is_picture(tmp_path / "family-map.png")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("neighbors", "--person", "Adda"), 2, "did you mean Ada"),
        (("neighbors", "-m", "cosin"), 2, "cosine"),
        (("neighbors", "--rank", "best"), 2, "no ranking"),
        (("neighbors", "--csv", "/nowhere/x.csv"), 2, "cannot write"),
        (("describe", "-o", "x.bmp"), 2, "format"),
        (("map", "--method", "umap"), 2, "tsne"),
        (("map", "--of", "hands"), 2, "faces"),
        (("map", "--color", "height"), 2, "known: born, gender"),
    ],
)
def test_wrong_questions(family, tmp_path, monkeypatch, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    command, *options = arguments
    answer = run_json(command, family, *options, code=code)
    assert words in answer["error"]["message"] + answer["error"]["hint"]
    assert not list(tmp_path.iterdir())


def test_an_empty_gallery(tmp_path):
    path = tmp_path / "empty.gallery"
    GalleryFile.create(path, Header(FAKE_SPACE, "fake-32", 1)).close()
    assert "0 people" in run("describe", path, "-o", tmp_path / "d.png")
    assert (tmp_path / "d.png").exists()
    run("neighbors", path, code=5)
    run("map", path, code=5)
    run("describe", tmp_path / "no.gallery", code=5)


# --- the bell ----------------------------------------------------------------------------------


@pytest.fixture
def heard(tmp_path, monkeypatch):
    """Put a notifier on the path that writes down what it is asked to show."""
    log = tmp_path / "heard.json"
    program = tmp_path / "bin" / "notify-send"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        f"open({str(log)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent))

    def said() -> list[list[str]]:
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    return said


needs_scripts = pytest.mark.skipif(os.name == "nt", reason="no scripts without a suffix there")


@needs_scripts
def test_it_rings_when_work_is_done(heard):
    with bell.ring_when_done(True, "building <b>x</b>.gallery"):
        pass
    (words,) = heard()
    assert words == ["--app-name=lookalike", "--", "Done: building <b>x</b>.gallery", "after 0 s"]


@needs_scripts
@pytest.mark.parametrize("error", [GalleryMissing("gone"), typer.Exit(5), ValueError("x")])
def test_it_rings_when_work_fails(heard, error):
    with pytest.raises(type(error)), bell.ring_when_done(True, "building"):
        raise error
    assert heard()[0][2] == "Failed: building"


@needs_scripts
@pytest.mark.parametrize(
    "error",
    [
        OptionError("no such thing"),
        typer.Exit(2),
        typer.Exit(130),
        typer.Abort(),
        typer.BadParameter("no"),
        KeyboardInterrupt(),
    ],
)
def test_it_does_not_ring_for_who_is_still_there(heard, error):
    with pytest.raises(type(error)), bell.ring_when_done(True, "building"):
        raise error
    assert heard() == []


@needs_scripts
def test_an_exit_that_says_all_is_well_is_a_success(heard):
    with pytest.raises(typer.Exit), bell.ring_when_done(True, "building"):
        raise typer.Exit
    assert heard()[0][2] == "Done: building"


@needs_scripts
def test_it_does_not_ring_unasked(heard):
    with bell.ring_when_done(False, "building"):
        pass
    with pytest.raises(GalleryMissing), bell.ring_when_done(False, "building"):
        raise GalleryMissing("gone")
    assert heard() == []


def test_without_a_desktop_nothing_happens(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with bell.ring_when_done(True, "building"):
        pass


@needs_scripts
def test_a_notifier_that_fails_or_hangs_is_let_be(tmp_path, monkeypatch):
    program = tmp_path / "notify-send"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bell, "_PATIENCE_S", 0.2)
    for script in (f"#!{sys.executable}\nimport time\ntime.sleep(9)\n", "no program at all"):
        program.write_text(script)
        program.chmod(0o700)
        bell.ring("a", "b")


def test_on_a_mac_words_are_arguments(monkeypatch):
    monkeypatch.setattr(
        bell.shutil, "which", lambda name: f"/bin/{name}" if name == "osascript" else None
    )
    asked = []
    monkeypatch.setattr(bell, "_run", asked.append)
    bell.ring('Done: "x" & do shell script', "after 1 s")
    assert asked[0][0] == "/bin/osascript"
    assert asked[0][-2:] == ['Done: "x" & do shell script', "after 1 s"]
    assert "do shell" not in " ".join(asked[0][:-2])


def test_in_a_terminal_it_is_a_bell(monkeypatch):
    from io import StringIO

    from rich.console import Console

    stream = StringIO()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(bell, "err", Console(file=stream, force_terminal=True))
    monkeypatch.setattr(bell.shutil, "which", lambda _name: None)
    bell.ring("a", "b")
    assert stream.getvalue() == "\a"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0 s"), (75, "1 min 15 s"), (3600, "1 h 0 min"), (7384, "2 h 3 min")],
)
def test_how_long_it_took(monkeypatch, seconds, words):
    monkeypatch.setattr(bell.time, "monotonic", lambda: 1000 + seconds)
    assert bell._lasted(1000) == words

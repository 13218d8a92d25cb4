"""``lookalike evaluate``, driven as a user drives it, on real faces."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .commands import run, run_json

pytestmark = [pytest.mark.shared_data]

WOMEN = ("Adriana Lima", "Amanda Crew", "Anne Hathaway", "Avril Lavigne")
MEN = ("Alex Lawther", "Andy Samberg", "Ben Affleck", "Bill Gates")
REPEATS = ("--repeats", "40")


@pytest.fixture(scope="module")
def photos(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight actors, six photos each."""
    folder = tmp_path_factory.mktemp("evaluate") / "actors"
    for actor in WOMEN + MEN:
        (folder / actor).mkdir(parents=True)
        for photo in sorted((shared_data / "pins" / actor).iterdir())[:6]:
            shutil.copy(photo, folder / actor)
    return folder


@pytest.fixture(scope="module")
def gallery(photos: Path) -> Path:
    path = photos.parent / "actors.gallery"
    run("gallery", "build", photos, "-o", path)
    for actor in WOMEN:
        run("gallery", "annotate", path, actor, "gender=female")
    for actor in MEN:
        run("gallery", "annotate", path, actor, "gender=male")
    return path


def test_from_a_gallery_to_a_page(gallery: Path, tmp_path: Path) -> None:
    pairs, asked = tmp_path / "pairs.npz", tmp_path / "asked.npz"
    answer = run_json("evaluate", "pairs", gallery, "-o", pairs, "--by", "gender", *REPEATS)
    (found,) = answer["verification"]
    assert found["same_pairs"] + found["stranger_pairs"] == 48 * 47 // 2
    assert found["eer"]["value"] < 0.06
    names = [one["name"] for one in found["groups"]["gender"]["groups"]]
    assert names == ["everybody", "female", "male"]

    answer = run_json("evaluate", "gallery", gallery, "-o", asked, *REPEATS)
    assert [one["metric"] for one in answer["identification"]].count("mahalanobis") == 3
    assert answer["identification"][0]["rates"]["1"]["value"] > 0.9

    page = tmp_path / "report.html"
    run("evaluate", "report", pairs, asked, "-o", page, "--pictures", gallery, "--by", "gender",
        *REPEATS)  # fmt: skip
    html = page.read_text("utf-8")
    assert html.count("data:image/jpeg") >= 20
    assert html.count("<svg") < html.count("data:image/svg")
    assert "Anne Hathaway" in html
    again = tmp_path / "report.json"
    run("evaluate", "report", pairs, "-o", again, "--by", "gender", *REPEATS)
    assert json.loads(again.read_text("utf-8"))["verification"] == [found]
    text = tmp_path / "report.md"
    run("evaluate", "report", asked, "-o", text, *REPEATS)
    assert "| euclidean, nearest |" in text.read_text("utf-8")

    agreed = run_json("evaluate", "agreement", asked, *REPEATS)
    assert agreed["agreement"][0]["one"] == "euclidean, nearest"
    shown = run("evaluate", "agreement", gallery, "-m", "euclidean", "-m", "cosine", *REPEATS)
    assert "Kendall" in shown


def test_from_a_list_of_pairs(photos: Path, tmp_path: Path) -> None:
    one, two, other = "Bill Gates/01.jpg", "Bill Gates/02.jpg", "Ben Affleck/01.jpg"
    listed = tmp_path / "pairs.csv"
    listed.write_text(f"one,other,same\n{one},{two},1\n{one},{other},0\n{two},{other},0\n")
    kept = tmp_path / "scores.json"
    answer = run_json("evaluate", "pairs", listed, "--photos", photos, "-o", kept, *REPEATS)
    assert answer["verification"][0]["eer"]["value"] == 0
    page = tmp_path / "report.html"
    run("evaluate", "report", kept, "-o", page, "--pictures", photos, *REPEATS)
    assert page.read_text("utf-8").count("data:image/jpeg") == 4


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("pairs", "none.csv"), "not a list of pairs", 1),
        (("pairs", "none.gallery"), "none.gallery", 5),
        (("report", "none.npz"), "does not hold scores", 1),
        (("report", "none.npz", "-o", "report.docx"), "cannot tell the format", 2),
        (("agreement", "none.npz"), "does not hold scores", 1),
    ],
)
def test_what_is_wrong_is_said_in_one_line(arguments, words, code, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    from typer.testing import CliRunner

    from lookalike.cli.app import app

    result = CliRunner().invoke(app, ["evaluate", *arguments])
    assert result.exit_code == code, result.output
    assert words in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_wrong_metrics_rankings_and_groups_are_refused(gallery: Path, tmp_path: Path) -> None:
    wrong = run_json("evaluate", "gallery", gallery, "--rank", "best", code=2)
    assert "no ranking" in wrong["error"]["message"]
    wrong = run_json("evaluate", "pairs", gallery, "-m", "mahalanobis", code=2)
    assert "fitted" in wrong["error"]["message"]
    wrong = run_json("evaluate", "pairs", gallery, "--by", "age", *REPEATS, code=1)
    assert "anybody's age" in wrong["error"]["message"]
    nowhere = tmp_path / "a-file"
    nowhere.write_text("")
    wrong = run_json("evaluate", "pairs", gallery, "-o", nowhere / "x.npz", *REPEATS, code=1)
    assert "cannot write" in wrong["error"]["message"]

"""An audit, the decisions about it, and taking them back, as a user does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .commands import run, run_json

pytestmark = [pytest.mark.shared_data]

ACTORS = (
    "Adriana Lima",
    "Alex Lawther",
    "Alvaro Morte",
    "Amanda Crew",
    "Andy Samberg",
    "Anne Hathaway",
    "Anthony Mackie",
    "Avril Lavigne",
    "Ben Affleck",
    "Bill Gates",
)


@pytest.fixture(scope="module")
def swapped(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten actors, seven photos each; one photo is filed under somebody else."""
    folder = tmp_path_factory.mktemp("swapped") / "actors"
    for actor in ACTORS:
        (folder / actor).mkdir(parents=True)
        for photo in sorted((shared_data / "pins" / actor).iterdir())[:7]:
            shutil.copy(photo, folder / actor)
    shutil.move(folder / "Anne Hathaway" / "05.jpg", folder / "Bill Gates" / "hathaway.jpg")
    path = folder.parent / "actors.gallery"
    run("gallery", "build", folder, "-o", path)
    return path


def test_a_swapped_photo_is_found_moved_and_moved_back(swapped: Path, tmp_path: Path) -> None:
    page = tmp_path / "audit.html"
    answer = run_json("gallery", "audit", swapped, "-o", page)
    (found,) = [one for one in answer["suggestions"] if "hathaway" in one["photos"][0]]
    assert (found["action"], found["person"], found["to"]) == (
        "relabel", "bill-gates", "anne-hathaway",
    )  # fmt: skip
    html = page.read_text("utf-8")
    assert html.count("data:image/jpeg") > 3
    assert "Anne Hathaway" in html
    listed = tmp_path / "audit.json"
    assert not any(one["accept"] for one in json.loads(listed.read_text("utf-8"))["decisions"])
    refused = run_json("gallery", "apply", swapped, listed, code=2)["error"]
    assert "--at-least" in refused["hint"]
    done = run_json("gallery", "apply", swapped, listed, "--at-least", found["confidence"])
    assert done["done"] >= 1
    assert done["skipped"] == []
    again = run_json("gallery", "audit", swapped, "-o", tmp_path / "again.html")
    assert not any("hathaway" in one["photos"][0] for one in again["suggestions"])
    assert "apply" in run("gallery", "undo", swapped)
    back = run_json("gallery", "audit", swapped, "-o", tmp_path / "back.html")
    assert back["suggestions"] == answer["suggestions"]


def test_people_read_it_too(swapped: Path, tmp_path: Path) -> None:
    said = run("gallery", "audit", swapped, "-o", tmp_path / "a.html")
    assert "relabel" in said
    assert "gallery apply" in said

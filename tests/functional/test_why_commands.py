"""``find --explain``, ``compare --explain`` and ``card``, driven as a user drives them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from lookalike.explain import PARTS

from .commands import run, run_json

if TYPE_CHECKING:
    from pathlib import Path


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_find_says_why(gallery: Path, collins: Path, tmp_path: Path) -> None:
    figure = tmp_path / "found.png"
    answer = run_json("find", collins, "-g", gallery, "--explain", "-o", figure)
    (face,) = answer["photos"][0]["faces"]
    why = face["explanation"]
    assert {part["name"] for part in why["parts"]} == set(PARTS)
    assert why["sentence"]
    # What the gallery keeps of the photo is smaller than the photo.
    assert why["stored_distance"] == face["matches"][0]["distance"]
    assert why["distance"] == pytest.approx(why["stored_distance"], abs=0.15)
    plain = tmp_path / "plain.png"
    said = run("find", collins, "-g", gallery, "-o", plain)
    assert "why Eileen" not in said
    assert size_of(figure)[1] > size_of(plain)[1]
    assert "why Eileen Collins: " in run("find", collins, "-g", gallery, "--explain")


def test_a_fitted_metric_is_explained_in_its_own_distance(gallery: Path, collins: Path) -> None:
    first, second = (
        run_json("find", collins, "-g", gallery, "--explain", "-m", metric)["photos"][0]["faces"][0]
        for metric in ("euclidean", "mahalanobis")
    )
    assert second["explanation"]["metric"] == "mahalanobis"
    assert first["explanation"]["distance"] != second["explanation"]["distance"]


def test_a_model_of_a_person_cannot_be_explained(gallery: Path, collins: Path) -> None:
    arguments = ("find", collins, "-g", gallery, "--explain", "-m", "mahalanobis-person")
    assert run_json(*arguments, code=2)["error"]["kind"] == "OptionError"


def test_a_gallery_without_pictures_says_so(hopper: Path) -> None:
    answer = run_json("find", hopper, "--explain")
    assert answer["photos"][0]["faces"][0]["explanation"] is None
    assert "keeps no picture" in run("find", hopper, "--explain")


def test_compare_says_why_and_draws_it(photos: Path, tmp_path: Path) -> None:
    one, two = (photos / "Grace Hopper" / name for name in ("one.jpg", "two.png"))
    figure = tmp_path / "why.png"
    answer = run_json("compare", one, two, "--explain", "-o", figure)
    assert len(answer["explanation"]["grid"]) == 2
    assert size_of(figure)[0] > 1000
    assert run_json("compare", one, two)["explanation"] is None
    said = run("compare", one, two, "--explain", "-o", figure)
    assert answer["explanation"]["sentence"] in said
    assert "drawn" in said


@pytest.mark.parametrize(("size", "pixels"), [("portrait", (1080, 1350)), ("wide", (1200, 630))])
def test_a_card_to_share(
    size: str, pixels: tuple[int, int], gallery: Path, collins: Path, tmp_path: Path
) -> None:
    path = tmp_path / "card.png"
    answer = run_json("card", collins, "-g", gallery, "-o", path, "--size", size)
    with Image.open(path) as picture:
        assert picture.size == pixels
        assert picture.text["Description"] == answer["alt"]
    assert answer["name"] == "Eileen Collins"
    assert "Eileen Collins" in answer["alt"]


def test_a_card_of_another_place_with_its_reason(
    gallery: Path, collins: Path, tmp_path: Path
) -> None:
    path = tmp_path / "card.webp"
    said = run("card", collins, "-g", gallery, "-o", path, "--place", "2", "--explain")
    assert "Grace Hopper" in said
    assert path.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("options", "code", "kind"),
    [
        (["--size", "huge"], 2, "OptionError"),
        (["--theme", "pink"], 2, "OptionError"),
        (["--face", "3"], 2, "OptionError"),
        (["--place", "9"], 2, "OptionError"),
        (["-o", "card.bmp"], 2, "OptionError"),
    ],
)
def test_what_cannot_be_a_card(
    options: list[str], code: int, kind: str, gallery: Path, collins: Path, tmp_path: Path
) -> None:
    arguments = ["card", collins, "-g", gallery, "-o", tmp_path / "card.png", *options]
    assert run_json(*arguments, code=code)["error"]["kind"] == kind
    assert not list(tmp_path.iterdir())


def test_nobody_in_the_photo(gallery: Path, tmp_path: Path) -> None:
    blank = tmp_path / "blank.png"
    Image.new("RGB", (200, 200), "navy").save(blank)
    answer = json.loads(run("card", blank, "-g", gallery, "--json", code=4))
    assert answer["error"]["kind"] == "NoFace"


@pytest.mark.parametrize("command", [["find", "a.jpg"], ["compare", "a.jpg", "b.jpg", "--explain"]])
def test_a_figure_of_no_known_format_is_refused_before_photos_are_opened(command):
    # The photos are not there, and that is not what is said.
    error = run_json(*command, "-o", "why.bmp", code=2)["error"]
    assert "cannot tell the format of a figure from 'why.bmp'" in error["message"]
    assert "end the file name in one of" in error["hint"]

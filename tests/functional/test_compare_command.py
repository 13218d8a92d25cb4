"""``lookalike compare`` with its options: rate, prior, gallery, metric, reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from lookalike.gallery.starter import starter_path

from .commands import run, run_json

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def alike(photos: Path) -> tuple[Path, Path]:
    return photos / "Grace Hopper" / "one.jpg", photos / "Grace Hopper" / "two.png"


@pytest.fixture(scope="module")
def plain(alike: tuple[Path, Path]) -> dict:
    return run_json("compare", *alike)


def test_a_machine_gets_everything_that_was_measured(plain: dict) -> None:
    assert set(plain) == {
        "metric", "distance", "threshold", "false_match_rate", "same_person", "probability",
        "prior", "rarity", "measured_on", "faces", "encoder", "space", "explanation",
    }  # fmt: skip
    assert (plain["metric"], plain["false_match_rate"], plain["prior"]) == ("euclidean", 1e-3, 0.5)
    assert plain["same_person"] is (plain["distance"] < plain["threshold"]) is True
    assert plain["probability"] > 0.99
    assert set(plain["rarity"]) == {"one_in", "low", "high"}
    assert plain["measured_on"].startswith("LFW")
    assert plain["faces"] == [1, 1]


def test_a_lower_rate_asks_for_a_smaller_distance(alike: tuple[Path, Path], plain: dict) -> None:
    strict = run_json("compare", *alike, "--fmr", "2e-4")
    assert strict["false_match_rate"] == 2e-4
    assert strict["threshold"] < plain["threshold"]
    assert strict["distance"] == plain["distance"]
    assert "1 in 5,000" in " ".join(run("compare", *alike, "--fmr", "2e-4").split())


def test_a_rate_that_nobody_measured_decides_nothing(alike: tuple[Path, Path]) -> None:
    undecided = run_json("compare", *alike, "--fmr", "1e-12")
    assert undecided["threshold"] is undecided["same_person"] is None
    assert undecided["false_match_rate"] is None
    assert "no threshold has been measured" in run("compare", *alike, "--fmr", "1e-12")


def test_the_prior_moves_the_odds_and_nothing_else(
    photos: Path, hopper: Path, collins: Path
) -> None:
    even = run_json("compare", hopper, collins)
    rare = run_json("compare", hopper, collins, "--prior", "0.01")
    odds = [one["probability"] / (1 - one["probability"]) for one in (even, rare)]
    assert np.log(odds[1] / odds[0]) == pytest.approx(np.log(1 / 99))
    changed = {key for key in even if even[key] != rare[key]}
    assert changed == {"prior", "probability"}
    assert "if it was 0.01 before" in " ".join(
        run("compare", hopper, collins, "--prior", "0.01").split()
    )


@pytest.mark.slow
def test_by_a_gallery_a_fitted_metric_is_judged_and_explained(
    alike: tuple[Path, Path], tmp_path: Path
) -> None:
    figure = tmp_path / "why.png"
    options = ("-g", starter_path(), "-m", "mahalanobis", "--fmr", "0.01")
    found = run_json("compare", *alike, *options, "--explain", "-o", figure)
    assert (found["metric"], found["false_match_rate"]) == ("mahalanobis", 0.01)
    assert found["same_person"] is True
    assert found["probability"] > 0.9
    assert starter_path().name in found["measured_on"]
    why = found["explanation"]
    assert why["metric"] == "mahalanobis"
    assert why["distance"] == pytest.approx(found["distance"], rel=0.01)
    assert figure.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("options", "code", "kind"),
    [
        (["--fmr", "0"], 2, "OptionError"),
        (["--fmr", "1.5"], 2, "OptionError"),
        (["--prior", "1"], 2, "OptionError"),
        (["-m", "none"], 2, "UnknownName"),
        (["-m", "mahalanobis"], 2, "OptionError"),
        (["-m", "mahalanobis-person"], 2, "OptionError"),
        (["-g", "GALLERY"], 2, "OptionError"),  # two people are too few
        (["-g", "none.gallery"], 5, "GalleryMissing"),
        (["-g", "PHOTO"], 5, "GalleryInvalid"),
    ],
)
def test_what_cannot_be_is_said(
    options: list[str], code: int, kind: str, alike: tuple[Path, Path], gallery: Path
) -> None:
    places = {"GALLERY": gallery, "PHOTO": alike[0]}
    given = [places.get(option, option) for option in options]
    refused = run_json("compare", *alike, *given, code=code)["error"]
    assert refused["kind"] == kind
    assert refused["message"]

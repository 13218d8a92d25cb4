"""The command line, driven as a user drives it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image as PillowImage

from lookalike.cli.app import app

from .commands import run, run_json, runner

if TYPE_CHECKING:
    from pathlib import Path


def matches_of(answer: dict, photo: int = 0, face: int = 0) -> list[dict]:
    return answer["photos"][photo]["faces"][face]["matches"]


def test_help_and_version() -> None:
    assert "find" in run("--help")
    assert run("--version").startswith("lookalike ")


def test_demo_prints_five_and_draws(tmp_path: Path) -> None:
    figure = tmp_path / "demo.png"
    answer = run_json("demo", "-o", figure)
    (face,) = answer["photos"][0]["faces"]
    assert [match["rank"] for match in face["matches"]] == [1, 2, 3, 4, 5]
    distances = [match["distance"] for match in face["matches"]]
    assert distances == sorted(distances)
    assert 0.3 < distances[0] < 0.7
    with PillowImage.open(figure) as picture:
        assert min(picture.size) > 500


def test_demo_says_names_to_people(tmp_path: Path) -> None:
    said = run("demo", "-o", tmp_path / "demo.png")
    matches = matches_of(run_json("demo", "-o", tmp_path / "again.png"))
    assert all(match["name"] in said for match in matches)


def test_find_names_the_right_person(gallery: Path, hopper: Path, collins: Path) -> None:
    answer = run_json("find", hopper, collins, "-g", gallery, "-k", "1")
    found = [photo["faces"][0]["matches"][0]["name"] for photo in answer["photos"]]
    assert found == ["Grace Hopper", "Eileen Collins"]
    evidence = matches_of(answer)[0]["photos"]
    assert evidence[0]["uri"] == "Grace Hopper/one.jpg"
    assert len(evidence[0]["sha256"]) == 64


@pytest.mark.parametrize("metric", ["sqeuclidean", "cosine", "mahalanobis", "mahalanobis-person"])
def test_find_by_every_metric(gallery: Path, hopper: Path, metric: str) -> None:
    answer = run_json("find", hopper, "-g", gallery, "-m", metric)
    assert answer["metric"] == metric
    assert matches_of(answer)[0]["name"] == "Grace Hopper"


@pytest.mark.parametrize("rank", ["nearest", "mean", "centroid"])
def test_find_by_every_rank(gallery: Path, hopper: Path, rank: str) -> None:
    matches = matches_of(run_json("find", hopper, "-g", gallery, "--rank", rank))
    assert [match["name"] for match in matches] == ["Grace Hopper", "Eileen Collins"]


def test_everyone_is_more_than_the_well_known(hopper: Path) -> None:
    known = matches_of(run_json("find", hopper, "-k", "2000"))
    everyone = matches_of(run_json("find", hopper, "-k", "6000", "--everyone"))
    assert 900 <= len(known) <= 1200
    assert len(everyone) > 5000
    assert all(match["attributes"]["well_known"] for match in known)


def test_every_face_is_answered(gallery: Path, hopper: Path, collins: Path, tmp_path: Path) -> None:
    both = PillowImage.new("RGB", (1100, 610), "white")
    both.paste(PillowImage.open(hopper), (0, 0))
    both.paste(PillowImage.open(collins).convert("RGB"), (550, 0))
    both.save(tmp_path / "both.png")
    faces = run_json("find", tmp_path / "both.png", "-g", gallery)["photos"][0]["faces"]
    found = {face["matches"][0]["name"]: face["box"][0] < 512 for face in faces}
    assert found == {"Grace Hopper": True, "Eileen Collins": False}


def test_nobody_in_the_photo_is_an_answer(gallery: Path, photos: Path) -> None:
    nobody = photos / "Grace Hopper" / "nobody.png"
    assert run_json("find", nobody, "-g", gallery)["photos"][0]["faces"] == []
    assert "no face" in run("find", nobody, "-g", gallery)


def test_a_broken_photo_does_not_stop_the_others(
    gallery: Path, hopper: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("not a picture")
    answer = run_json("find", broken, hopper, "-g", gallery, code=3)
    assert answer["photos"][0]["error"]["kind"] == "ImageUnreadable"
    assert answer["photos"][1]["faces"]


def test_of_a_broken_photo_nothing_is_drawn(gallery: Path, tmp_path: Path) -> None:
    broken, figure = tmp_path / "broken.jpg", tmp_path / "figure.png"
    broken.write_text("not a picture")
    said = run("find", broken, "-g", gallery, "-o", figure, code=3)
    assert "drawn" not in said
    assert not figure.exists()


def test_compare_says_one_person_and_two_people(photos: Path) -> None:
    one, two = photos / "Grace Hopper" / "one.jpg", photos / "Grace Hopper" / "two.png"
    other = photos / "Eileen_Collins" / "one.jpg"
    same, different = run_json("compare", one, two), run_json("compare", one, other)
    assert same["same_person"] is True
    assert different["same_person"] is False
    assert same["distance"] < same["threshold"] < different["distance"]
    assert same["false_match_rate"] <= 1e-3
    assert "one person" in run("compare", one, two)
    assert "two people" in run("compare", one, other)


def test_build_says_what_it_did_and_does_nothing_twice(photos: Path, tmp_path: Path) -> None:
    path = tmp_path / "g.gallery"
    first = run_json("gallery", "build", photos, "-o", path)
    assert (first["offered"], first["added"], first["turned_down"]) == (5, 4, {"no face": 1})
    second = run_json("gallery", "build", photos, "-o", path)
    assert (second["known_before"], second["added"], second["turned_down"]) == (5, 0, {})
    assert second["totals"] == first["totals"]


def test_a_gallery_of_another_encoder_is_asked_with_that_encoder(
    photos: Path, hopper: Path, tmp_path: Path
) -> None:
    path, encoder = tmp_path / "g.gallery", "dlib-resnet-v1-int8"
    run("gallery", "build", photos, "-o", path, "--encoder", encoder)
    assert run_json("gallery", "info", path)["encoder"] == encoder
    (face,) = run_json("find", hopper, "-g", path)["photos"][0]["faces"]
    assert face["matches"][0]["name"] == "Grace Hopper"
    assert face["matches"][0]["distance"] < 0.1


def test_poor_faces_are_passed_over(photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    shutil.copytree(photos / "Grace Hopper", folder / "Grace Hopper")
    sharp = PillowImage.open(folder / "Grace Hopper" / "one.jpg")
    tiny = sharp.resize((sharp.width // 12, sharp.height // 12)).resize(sharp.size)
    tiny.save(folder / "Grace Hopper" / "blurred.png")
    path = tmp_path / "clear.gallery"
    said = run_json("gallery", "build", folder, "-o", path, "--min-quality", "0.8")
    assert said["turned_down"] == {"no face": 1, "low quality": 1}
    ledger = run_json("gallery", "info", path, "--ledger")["ledger"]
    reasons = {entry["uri"]: entry["reason"] for entry in ledger}
    assert reasons["Grace Hopper/blurred.png"] == "low quality"
    blurred = folder / "Grace Hopper" / "blurred.png"
    assert len(run_json("find", blurred, "-g", path)["photos"][0]["faces"]) == 1
    assert run_json("find", blurred, "-g", path, "--min-quality", "0.8")["photos"][0]["faces"] == []


def test_info_shows_the_ledger(gallery: Path) -> None:
    answer = run_json("gallery", "info", gallery, "--ledger")
    assert answer["counts"] == {"people": 2, "photos": 4, "faces": 4, "hidden": 0, "ledger": 1}
    assert [(e["uri"], e["reason"]) for e in answer["ledger"]] == [
        ("Grace Hopper/nobody.png", "no face")
    ]
    assert "nobody.png" in run("gallery", "info", gallery, "--ledger")


def test_export_and_import_keep_the_answers(gallery: Path, hopper: Path, tmp_path: Path) -> None:
    run("gallery", "export", gallery, "--csv", tmp_path / "csv")
    run("gallery", "import", tmp_path / "again.gallery", "--csv", tmp_path / "csv", "--views", "2")
    answers = [
        matches_of(run_json("find", hopper, "-g", path))
        for path in (gallery, tmp_path / "again.gallery")
    ]
    assert answers[0] == answers[1]


def test_the_figure_shows_portraits(gallery: Path, hopper: Path, tmp_path: Path) -> None:
    run("find", hopper, "-g", gallery, "-o", tmp_path / "figure.png")
    with PillowImage.open(tmp_path / "figure.png") as picture:
        colors = len(picture.convert("RGB").getcolors(maxcolors=1 << 24))
    assert colors > 10_000  # two photographs, not two monograms


def test_models_list_and_doctor() -> None:
    models = {model["name"]: model for model in run_json("models", "list")["models"]}
    assert models["dlib-resnet-v1"]["licence"]["commercial"] == "yes"
    assert models["mtcnn"]["weights"] == "installed"
    report = run_json("doctor")
    assert report["healthy"] is True
    assert report["runtime"]["in use"] == "cpu"
    assert "everything works" in run("doctor")


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (["find", "missing.jpg"], 3, None),
        (["find", "HOPPER", "-g", "missing.gallery"], 5, "GalleryMissing"),
        (["find", "HOPPER", "-m", "cosinus"], 2, "UnknownName"),
        (["find", "HOPPER", "--rank", "best"], 2, "OptionError"),
        (["find", "HOPPER", "--provider", "cuda"], 6, "ProviderMissing"),
        (["compare", "HOPPER", "BLANK"], 4, "NoFace"),
        (["gallery", "build", "missing-folder"], 2, "OptionError"),
        (["gallery", "info", "HOPPER"], 5, "GalleryInvalid"),
        (["find", "HOPPER", "-o", "figure.xyz"], 2, "OptionError"),
    ],
)
def test_errors_are_one_line_with_a_hint(
    arguments: list[str], code: int, kind: str | None, hopper: Path, tmp_path: Path
) -> None:
    blank = tmp_path / "blank.png"
    PillowImage.new("RGB", (64, 64)).save(blank)
    known = {"HOPPER": str(hopper), "BLANK": str(blank)}
    arguments = [known.get(argument, argument) for argument in arguments]
    result = runner.invoke(app, arguments)
    assert result.exit_code == code
    assert "Traceback" not in result.output
    message, hint = result.stderr.strip().splitlines()
    assert message.startswith("error:")
    assert hint.startswith("hint:")
    if kind:
        assert run_json(*arguments, code=code)["error"]["kind"] == kind


def test_ctrl_c_keeps_what_was_built(photos: Path, hopper: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    picture = PillowImage.open(hopper)
    for number in range(100):
        picture.resize((200 + number, 240)).save(many / f"Person {number}.jpg")
    path = tmp_path / "many.gallery"
    command = [sys.executable, "-m", "lookalike", "gallery", "build", str(many), "-o", str(path)]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job is deaf to Ctrl-C, and so would be what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and _faces(path) == 0:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    assert "go on" in said
    assert "Traceback" not in said
    kept = _faces(path)
    assert 0 < kept < 100
    finished = run_json("gallery", "build", many, "-o", path)
    assert finished["known_before"] == kept
    assert finished["totals"]["faces"] == 100


def _faces(path: Path) -> int:
    if not path.exists():
        return 0
    result = runner.invoke(app, ["gallery", "info", str(path), "--json"])
    return json.loads(result.stdout)["counts"]["faces"] if result.exit_code == 0 else 0


def test_a_photo_with_an_odd_name(gallery: Path, hopper: Path, tmp_path: Path) -> None:
    odd = tmp_path / "名前 [bold]é.jpg"
    shutil.copy(hopper, odd)
    assert "名前 [bold]é.jpg" in run("find", odd, "-g", gallery)

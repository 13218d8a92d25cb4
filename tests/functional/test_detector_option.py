"""``--detector``: the same commands with another way of finding faces."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from lookalike.cli.app import app

runner = CliRunner()


def run(*arguments, code=0):
    result = runner.invoke(app, [*map(str, arguments), "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def people(tmp_path_factory, hopper):
    folder = tmp_path_factory.mktemp("people")
    (folder / "Grace Hopper").mkdir()
    (folder / "Grace Hopper" / "one.jpg").write_bytes(hopper.read_bytes())
    return folder


def test_a_gallery_built_with_one_detector_is_searched_with_another(people, hopper, tmp_path):
    path = tmp_path / "haar.gallery"
    assert run("gallery", "build", people, "-o", path, "--detector", "haar")["added"] == 1
    for detector in ("haar", "mtcnn"):
        (face,) = run("find", hopper, "-g", path, "--detector", detector)["photos"][0]["faces"]
        assert face["matches"][0]["name"] == "Grace Hopper"
        assert face["matches"][0]["distance"] < 0.2


def test_compare_takes_it_too(hopper):
    answer = run("compare", hopper, hopper, "--detector", "haar")
    assert answer["distance"] == 0


def test_a_wrong_name_is_told_before_any_work(hopper):
    result = runner.invoke(app, ["find", str(hopper), "--detector", "harr"])
    assert result.exit_code == 2
    assert "there is no detector named 'harr'" in result.output
    assert "haar" in result.output


def test_missing_weights_are_told_with_the_way_to_get_them(hopper):
    result = runner.invoke(app, ["find", str(hopper), "--detector", "scrfd-2.5g"])
    assert result.exit_code == 6
    assert "lookalike models pull scrfd-2.5g" in result.output


def test_models_list_names_every_detector():
    listed = {model["name"] for model in run("models", "list")["models"]}
    wanted = {"mtcnn", "yunet", "scrfd-2.5g", "ssd-res10", "ssd-res10-uint8", "haar", "hog", "mmod"}
    assert wanted | {"crop"} <= listed

"""Who of a gallery is in a photo, as a user asks it."""

from __future__ import annotations

import shutil

import pytest

from .commands import run, run_json


@pytest.fixture
def own(gallery, tmp_path):
    """Return a copy of the gallery of two people, to be changed."""
    return shutil.copy(gallery, tmp_path / "own.gallery")


def test_a_classifier_is_learned_once_and_names_who_is_there(own, hopper, collins):
    learned = run_json("gallery", "train-classifier", own, "--head", "knn")
    assert (learned["trained"], learned["people"], learned["head"]) == (True, 2, "knn")
    assert learned["measured_on"] == "people of the starter gallery"
    assert run_json("gallery", "train-classifier", own, "--head", "knn")["trained"] is False
    assert run_json("gallery", "train-classifier", own, "--head", "knn", "--again")["trained"]
    answer = run_json("identify", hopper, collins, "-g", own, "--head", "knn")
    assert (answer["kept"], answer["head"], answer["people"]) == (True, "knn", 2)
    assert answer["false_positive_rate"] <= 0.01
    one, other = ([face["name"] for face in photo["faces"]] for photo in answer["photos"])
    assert (one, other) == (["Grace Hopper"], ["Eileen Collins"])


@pytest.mark.parametrize("head", ["centroid", "svm"])
def test_it_is_learned_on_the_way_where_nothing_is_kept(head, own, hopper):
    said = run("identify", hopper, "-g", own, "--head", head)
    assert "Grace Hopper" in said
    assert "measured on people of the starter gallery" in " ".join(said.split())
    assert run_json("identify", hopper, "-g", own, "--head", head)["kept"] is False


def test_with_one_person_left_nobody_can_be_told_apart(own, collins):
    run("gallery", "remove", own, "Eileen Collins", "--yes")
    refused = run_json("identify", collins, "-g", own, code=5)["error"]
    assert refused["kind"] == "GalleryEmpty"
    run("gallery", "train-classifier", own, code=5)


@pytest.mark.shared_data
def test_a_stranger_is_unknown(own, photos, tmp_path, shared_data):
    stranger = shared_data / "lfw" / "Abba_Eban" / "Abba_Eban_0001.jpg"
    answer = run_json("identify", stranger, "-g", own)
    (face,) = answer["photos"][0]["faces"]
    assert (face["name"], face["id"]) == ("unknown", None)
    assert "unknown" in run("identify", stranger, "-g", own)


def test_a_threshold_of_ones_own_counts(own, hopper, collins):
    answer = run_json("identify", hopper, "-g", own, "--threshold", "1.1")
    assert answer["threshold"] == 1.1
    assert answer["photos"][0]["faces"][0]["name"] == "unknown"
    assert answer["identification_rate"] == 0
    low = run_json("identify", collins, "-g", own, "--threshold", "0.001")
    assert low["photos"][0]["faces"][0]["name"] == "Eileen Collins"
    assert low["false_positive_rate"] > answer["false_positive_rate"]


def test_a_file_that_is_no_gallery_and_a_photo_of_nobody(own, photos, hopper):
    refused = run_json("identify", hopper, "-g", hopper, code=5)["error"]
    assert refused["kind"] == "GalleryInvalid"
    nobody = photos / "Grace Hopper" / "nobody.png"
    assert run_json("identify", nobody, "-g", own)["photos"][0]["faces"] == []
    assert "no face was found" in run("identify", nobody, "-g", own)


def test_what_cannot_be_is_said(own, hopper, tmp_path):
    assert run_json("identify", hopper, "-g", own, "--fpir", "0", code=2)["error"]
    assert run_json("identify", hopper, "-g", own, "--head", "none", code=2)["error"]
    assert run_json("identify", hopper, "-g", tmp_path / "none", code=5)["error"]
    run("identify", hopper, code=2)
    run("identify", "-g", own, code=2)
    run("identify", hopper, "-g", own, "--min-quality", "2", code=2)
    tiny = run_json("identify", hopper, "-g", own, "--fpir", "1e-9", code=2)["error"]
    assert "--fpir" in tiny["hint"]
    missing = run_json("identify", tmp_path / "none.jpg", hopper, "-g", own, code=3)
    assert "error" in missing["photos"][0]
    assert missing["photos"][1]["faces"][0]["name"] == "Grace Hopper"

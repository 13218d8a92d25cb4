"""Keeping a gallery in order, as a user does."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from lookalike.gallery.starter import starter_path
from lookalike.sources.naming import clean_name

from .commands import run, run_json


@pytest.fixture
def own(gallery: Path, tmp_path: Path) -> Path:
    """Return a copy of the gallery that a test may change."""
    run("gallery", "copy", gallery, tmp_path / "own.gallery")
    return tmp_path / "own.gallery"


def names(photo: Path, gallery: Path) -> list[str]:
    (face,) = run_json("find", photo, "-g", gallery)["photos"][0]["faces"]
    return [match["name"] for match in face["matches"]]


def test_people_are_merged_and_the_merge_is_taken_back(own: Path, hopper: Path) -> None:
    assert names(hopper, own) == ["Grace Hopper", "Eileen Collins"]
    answer = run_json("gallery", "merge", own, "Eileen Collins", "grace-hopper")
    assert answer["counts"]["people"] == 1
    assert names(hopper, own) == ["Eileen Collins"]
    assert "merge" in run("gallery", "history", own)
    assert "taken back: merge" in run("gallery", "undo", own)
    assert names(hopper, own) == ["Grace Hopper", "Eileen Collins"]
    assert "nothing to take back" in run("gallery", "undo", own)


def test_people_are_renamed_and_annotated(own: Path, hopper: Path) -> None:
    run("gallery", "rename", own, "Grace Hopper", "Admiral Hopper")
    run("gallery", "annotate", own, "Admiral Hopper", "born=1906", "navy=true", "city=New York")
    (face,) = run_json("find", hopper, "-g", own)["photos"][0]["faces"]
    match = face["matches"][0]
    assert (match["name"], match["id"]) == ("Admiral Hopper", "grace-hopper")
    assert match["attributes"] == {"born": 1906, "navy": True, "city": "New York"}
    assert len(run_json("gallery", "history", own)["steps"]) == 2


def test_who_is_removed_is_gone_after_a_yes(own: Path, hopper: Path) -> None:
    run("gallery", "remove", own, "Grace Hopper", code=1, stdin="n\n")
    assert names(hopper, own)[0] == "Grace Hopper"
    assert "2 faces" in run("gallery", "remove", own, "Grace Hopper", stdin="y\n")
    assert names(hopper, own) == ["Eileen Collins"]
    assert "nobody" in run("gallery", "remove", own, "Grace Hopper", "--yes")


def test_who_is_not_there_is_said(own: Path) -> None:
    error = run_json("gallery", "merge", own, "Grace Hoper", "x", code=2)["error"]
    assert "Grace Hopper" in error["hint"]
    assert (
        "KEY=VALUE" in run_json("gallery", "annotate", own, "x", "born", code=2)["error"]["message"]
    )


def test_an_opt_out_holds_at_once_and_through_rebuilds(
    photos: Path, gallery: Path, hopper: Path, tmp_path: Path
) -> None:
    run("opt-out", "add", "Grace Hopper")
    assert names(hopper, gallery) == ["Eileen Collins"]
    again = tmp_path / "again.gallery"
    built = run_json("gallery", "build", photos, "-o", again)
    assert built["turned_down"]["opted out"] == 3
    assert run_json("opt-out", "list")["opted_out"] == ["grace-hopper"]
    run("opt-out", "remove", "grace hopper")
    assert names(hopper, gallery)[0] == "Grace Hopper"
    assert run_json("gallery", "build", photos, "-o", again)["added"] == 2


def test_an_opt_out_by_photo_reaches_the_starter_gallery(hopper: Path, tmp_path: Path) -> None:
    first = names(hopper, starter_path())[0]
    run("opt-out", "add", first)
    assert first not in names(hopper, starter_path())
    photo = tmp_path / "one.jpg"
    photo.write_bytes(b"any bytes")
    answer = run_json("opt-out", "add", "--photo", photo)
    assert answer["added"] == [hashlib.sha256(b"any bytes").hexdigest()]
    run("opt-out", "add", code=2)


def test_an_opt_out_from_a_gallery_stays_with_it(
    own: Path, photos: Path, hopper: Path, tmp_path: Path
) -> None:
    assert run_json("opt-out", "add", "Grace Hopper", "-g", own)["deleted_faces"] == 2
    run("opt-out", "remove", "Grace Hopper")
    # Off the user's own list, but the gallery has not forgotten.
    for _ in range(2):
        run("gallery", "build", photos, "-o", own)
        assert names(hopper, own) == ["Eileen Collins"]
    run("opt-out", "remove", "Grace Hopper", "-g", own)
    run("gallery", "build", photos, "-o", own)
    assert "Grace Hopper" in names(hopper, own)


def test_a_gallery_goes_through_parquet_and_back(own: Path, hopper: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    run("gallery", "export", own, "--parquet", tmp_path / "g.parquet")
    answer = run_json("gallery", "import", tmp_path / "back.gallery", "--parquet",
                      tmp_path / "g.parquet")  # fmt: skip
    assert answer["descriptors"] == 4
    assert (
        run_json("find", hopper, "-g", tmp_path / "back.gallery")["photos"]
        == (run_json("find", hopper, "-g", own)["photos"])
    )
    run("gallery", "export", own, code=2)
    run("gallery", "import", tmp_path / "x.gallery", code=2)


def test_a_gallery_is_encoded_again(own: Path, hopper: Path, tmp_path: Path) -> None:
    target = tmp_path / "one-view.gallery"
    answer = run_json("gallery", "encode", own, target, "--encoder", "dlib-resnet-v1", "--views", 1)
    assert answer["faces"] == 4
    assert run_json("gallery", "info", target)["views"] == 1
    assert names(hopper, target)[0] == "Grace Hopper"


def test_two_folders_with_the_same_names_are_two_sources(
    photos: Path, hopper: Path, tmp_path: Path
) -> None:
    for place in ("here", "there"):
        shutil.copytree(photos / "Grace Hopper", tmp_path / place / "Grace Hopper")
    other = tmp_path / "there" / "Grace Hopper" / "one.jpg"
    PillowImage.open(hopper).convert("RGB").resize((300, 352)).save(other)
    path = tmp_path / "both.gallery"
    assert run_json("gallery", "build", tmp_path / "here", "-o", path)["added"] == 2
    answer = run_json("gallery", "build", tmp_path / "there", "-o", path)
    assert (answer["added"], answer["turned_down"]["duplicate"]) == (1, 1)
    (face,) = run_json("find", hopper, "-g", path)["photos"][0]["faces"]
    assert {photo["source"] for photo in face["matches"][0]["photos"]} == {"here", "there"}


def test_upgrade_says_what_it_found(own: Path) -> None:
    assert "up to date" in run("gallery", "upgrade", own)


def test_photos_are_added_by_hand_and_never_twice(own: Path, hopper: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.png"
    PillowImage.open(hopper).convert("RGB").resize((280, 330)).save(other)
    add = ("gallery", "add", own, "grace hopper", other, tmp_path / "none.jpg", "--credit", "Navy",
           "--licence", "PD", "--page", "https://example.org/p")  # fmt: skip
    answer = run_json(*add)
    assert (answer["added"], answer["totals"]["people"]) == (1, 2)
    assert sum(answer["passed_over"].values()) == 1
    assert run_json(*add)["added"] == 0
    (face,) = run_json("find", other, "-g", own)["photos"][0]["faces"]
    nearest = face["matches"][0]["photos"][0]
    assert nearest["credit"] == "Navy"
    assert nearest["licence"] == "PD"
    assert nearest["page"] == "https://example.org/p"
    assert run_json("gallery", "add", own, "Somebody New", hopper)["turned_down"] == {}


def test_a_folder_a_zip_and_a_table_make_the_same_gallery(
    photos: Path, hopper: Path, tmp_path: Path
) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "people"), "zip", photos))
    table = tmp_path / "people.csv"
    rows = [f"{file},{clean_name(file.parent.name)}" for file in sorted(photos.rglob("*.*"))]
    table.write_text("path,person\n" + "\n".join(rows) + "\n", "utf-8")
    answers = []
    for place, options in ((photos, ()), (archive, ()), (table, ("--images", photos))):
        path = tmp_path / f"{place.name}.gallery"
        run("gallery", "build", place, "-o", path, *options)
        faces = run_json("find", hopper, "-g", path)["photos"][0]["faces"]
        for photo in (photo for face in faces for m in face["matches"] for photo in m["photos"]):
            photo.pop("source")
            photo.pop("uri")
        answers.append(faces)
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0]["matches"][0]["name"] == "Grace Hopper"


def test_only_those_of_whom_it_holds_are_named(own: Path, hopper: Path) -> None:
    run("gallery", "annotate", own, "Eileen Collins", "born=1956-11-19", "job=astronaut")

    def named(where: str) -> list[str]:
        (face,) = run_json("find", hopper, "-g", own, "--where", where)["photos"][0]["faces"]
        return [match["name"] for match in face["matches"]]

    assert named("born >= 1950") == ["Eileen Collins"]
    assert named("job is unknown") == ["Grace Hopper"]
    assert named("born > 2000") == []
    assert "nobody of whom" in run("find", hopper, "-g", own, "--where", "born > 2000")
    error = run_json("find", hopper, "--where", "born >", code=2)["error"]
    assert "for example" in error["hint"]


def test_what_too_few_people_tell_is_not_guessed(own: Path, hopper: Path) -> None:
    error = run_json("find", hopper, "-g", own, "--like-me", "gender", code=2)["error"]
    assert "too few people" in error["message"]


def test_what_a_manifest_says_of_a_photo_goes_all_the_way(
    photos: Path, hopper: Path, tmp_path: Path
) -> None:
    shutil.copytree(photos, tmp_path / "people")
    table = tmp_path / "people" / "manifest.csv"
    table.write_text(
        "path,person,licence,credit,page,photo.width,wikidata,born\n"
        "Grace Hopper/one.jpg,Grace Hopper,CC BY 4.0,Jane Doe,https://www.example.org/File:G,"
        "512,Q11641,1906-12-09\n"
        "Eileen_Collins/one.jpg,Eileen Collins,PD,NASA,https://example.org/E,512,Q234501,\n",
        "utf-8",
    )
    path = tmp_path / "m.gallery"
    run("gallery", "build", table, "-o", path)
    figure = tmp_path / "found.svg"
    (face,) = run_json("find", hopper, "-g", path, "-o", figure)["photos"][0]["faces"]
    match = face["matches"][0]
    assert (match["attributes"]["born"], match["attributes"]["wikidata"]) == (
        "1906-12-09", "Q11641",
    )  # fmt: skip
    photo = match["photos"][0]
    assert (photo["licence"], photo["credit"], photo["page"]) == (
        "CC BY 4.0", "Jane Doe", "https://www.example.org/File:G",
    )  # fmt: skip
    assert str(photo["attributes"]["width"]) == "512"
    assert "Jane Doe · CC BY 4.0 · example.org" in figure.read_text("utf-8")

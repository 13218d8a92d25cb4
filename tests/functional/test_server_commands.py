"""A gallery on a server, as a user keeps it: an address wherever a file is taken."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from lookalike.gallery.places import place_of

from .commands import run, run_json


def names(photo: Path, gallery: object, *more: str) -> list[str]:
    (face,) = run_json("find", photo, "-g", gallery, *more)["photos"][0]["faces"]
    return [match["name"] for match in face["matches"]]


def test_every_command_takes_an_address(
    gallery: Path, address: str, hopper: Path, tmp_path: Path
) -> None:
    shown = str(place_of(address))
    copied = run_json("gallery", "copy", gallery, address)
    assert copied["gallery"] == shown
    assert copied["counts"] == run_json("gallery", "info", gallery)["counts"]
    assert names(hopper, address) == ["Grace Hopper", "Eileen Collins"]
    assert names(hopper, f"{address}&index=pgvector") == ["Grace Hopper", "Eileen Collins"]
    assert names(hopper, address, "--where", "name = 'Eileen Collins'") == ["Eileen Collins"]
    run("gallery", "merge", address, "Eileen Collins", "grace-hopper")
    assert names(hopper, address) == ["Eileen Collins"]
    assert "taken back: merge" in run("gallery", "undo", address)
    added = run_json("gallery", "add", address, "Somebody", hopper)
    assert (added["added"], added["turned_down"]) == (1, {})
    assert "3 people" in run("gallery", "describe", address, "-o", tmp_path / "d.svg")
    assert "up to date" in run("gallery", "upgrade", address)
    assert "2 faces" in run("gallery", "remove", address, "Grace Hopper", "--yes")
    run("gallery", "copy", address, tmp_path / "back.gallery")
    assert names(hopper, tmp_path / "back.gallery") == ["Somebody", "Eileen Collins"]


def test_a_gallery_is_built_on_a_server_and_built_on(
    address: str, hopper: Path, tmp_path: Path
) -> None:
    (tmp_path / "Grace Hopper").mkdir()
    (tmp_path / "Grace Hopper" / "1.jpg").write_bytes(hopper.read_bytes())
    answer = run_json("gallery", "build", tmp_path, "-o", address)
    assert (answer["added"], answer["gallery"]) == (1, str(place_of(address)))
    assert run_json("gallery", "build", tmp_path, "-o", address)["known_before"] == 1
    assert names(hopper, address) == ["Grace Hopper"]
    assert run_json("gallery", "info", address)["title"] == place_of(address).gallery


def test_what_is_wrong_is_one_line_without_the_password(postgres: str, owner: Engine) -> None:
    told = run("find", "x.jpg", "-g", "postgresql://me:hushhush@host/db?gallery=A!", code=2)
    assert "hushhush" not in told
    error = run_json(
        "gallery", "info", "postgresql://me:hushhush@127.0.0.1:1/db?gallery=a", code=5
    )["error"]
    assert error["kind"] == "GalleryUnreachable"
    assert "hushhush" not in str(error)
    error = run_json("gallery", "info", f"{postgres}&gallery=nobody", code=5)["error"]
    assert error["kind"] == "GalleryMissing"


def test_roles_are_printed_for_the_owner(address: str, gallery: Path) -> None:
    sql = run("gallery", "roles", address)
    assert f'"{place_of(address).gallery}_reader" NOLOGIN' in sql
    assert 'ON DATABASE "faces"' in sql
    assert "is a file" in run_json("gallery", "roles", gallery, code=2)["error"]["message"]

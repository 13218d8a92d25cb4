"""What a name ends in."""

from __future__ import annotations

from pathlib import Path

import pytest

from lookalike.cleaning.suffixes import SUFFIXES, fits, free_name, with_suffix
from lookalike.images.formats import Format
from lookalike.sources.naming import PHOTO_SUFFIXES


def test_every_format_has_suffixes_and_sources_know_them() -> None:
    assert set(SUFFIXES) == set(Format)
    assert {suffix for suffixes in SUFFIXES.values() for suffix in suffixes} == PHOTO_SUFFIXES


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b/x.jpg", "a.b/x.png"),
        ("x.JPEG", "x.png"),
        ("x", "x.png"),
        ("x.jpg_large", "x.jpg_large.png"),
        ("Dr. No", "Dr. No.png"),
        (".jpg", ".jpg.png"),
    ],
)
def test_only_suffixes_of_pictures_are_replaced(path: str, expected: str) -> None:
    assert with_suffix(path, ".png") == expected


def test_capitals_are_fine() -> None:
    assert fits("IMG.JPG", Format.JPEG)
    assert not fits("IMG.JPG", Format.PNG)


def test_free_names(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").touch()
    assert free_name(tmp_path, "y.jpg", ()) == "y.jpg"
    assert free_name(tmp_path, "x.jpg", ()) == "x_2.jpg"
    assert free_name(tmp_path, "x.jpg", {"x_2.jpg"}) == "x_3.jpg"
    assert free_name(tmp_path, "Y.jpg", {"y.jpg"}) == "Y_2.jpg"

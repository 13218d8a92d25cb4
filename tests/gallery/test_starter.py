"""The gallery that comes with lookalike is in order, and can be replaced."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import numpy as np
import pytest

from lookalike.gallery.asking.selection import WELL_KNOWN
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.starter import starter_path
from lookalike.models.card import card
from lookalike.types import person_id

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def starter():
    with Gallery.open(starter_path()) as gallery:
        yield gallery


def test_it_is_one_file_that_can_be_read_where_nothing_can_be_written():
    # Bytes 18 and 19 of an SQLite file: 1 is a file on its own, 2 one with a log beside it.
    with starter_path().open("rb") as stream:
        assert stream.read(20)[18:] == b"\x01\x01"
    assert [path.name for path in starter_path().parent.glob("starter.gallery*")] == [
        "starter.gallery"
    ]


def test_its_vectors_are_those_of_the_default_encoder(starter):
    model = card(starter.header.space.encoder)
    assert starter.header.space == model.space
    assert starter.header.template == model.input.template
    assert starter.header.views == 2


def test_its_people_are_named_and_some_are_well_known(starter, contents):
    people = starter.people
    assert len({person.id for person in people}) == len(people) > 1000
    assert all(person.id == person_id(person.name) for person in people)
    known = sum(person.attributes[WELL_KNOWN] for person in people)
    assert 0 < known < len(people)
    assert len(starter.columns(everyone=False).people) == known


def test_nobody_is_told_to_look_like_a_criminal_or_a_victim(starter):
    recipe = tomllib.loads((ROOT / "recipes" / "starter" / "recipe.toml").read_text("utf-8"))
    left_out = set(recipe["not_well_known"])
    assert left_out <= {person.id for person in starter.people}
    assert not left_out & {person.id for person in starter.columns(everyone=False).people}


def test_its_vectors_are_finite_and_nobody_is_in_it_twice(starter):
    columns = starter.columns(everyone=True)
    assert np.isfinite(columns.vectors).all()
    assert (np.linalg.norm(columns.vectors, axis=1) > 0.5).all()
    assert len({photo.id for photo in columns.photos}) == len(columns.photos)
    assert len(np.unique(columns.vectors, axis=0)) == len(columns.vectors)


def test_it_holds_no_pictures(contents):
    assert {row[11] for row in contents(starter_path())["faces"]} == {None}


def test_it_is_small():
    assert starter_path().stat().st_size <= 6_000_000


def test_another_gallery_can_take_its_place(monkeypatch):
    monkeypatch.setenv("LOOKALIKE_GALLERY", os.fspath(Path("other") / "g.gallery"))
    assert starter_path() == Path("other/g.gallery")
    monkeypatch.setenv("LOOKALIKE_GALLERY", "")
    assert starter_path().name == "starter.gallery"

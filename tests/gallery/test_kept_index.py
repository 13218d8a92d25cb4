"""A large gallery keeps its index beside it, and answers as it would without one."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.gallery import Gallery
from lookalike.search import choice, kept
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings

ASKED = Embeddings(np.random.default_rng(1).normal(size=(20, 8)).astype(np.float32), FAKE_SPACE)


@pytest.fixture
def large(create, record, monkeypatch):
    """Return a gallery that counts as too large for an exact search, and how often it was built."""
    file = create()
    rng = np.random.default_rng(0)
    file.write([record(f"P{at // 2:04}", f"{at}", rng.normal(size=8)) for at in range(3000)], [])
    exact = Gallery(file).find(ASKED, FindOptions(5))
    monkeypatch.setattr(choice, "EXACT_NUMBERS", 1000)
    built = []
    make = kept.make_index
    monkeypatch.setattr(kept, "make_index", lambda *given: built.append(1) or make(*given))
    return file, exact, built


def said(answers):
    return [[(m.person.id, round(m.distance, 4)) for m in matches] for matches in answers]


def test_the_index_is_built_once_and_then_opened(large):
    file, exact, built = large
    for _ in range(3):
        assert said(Gallery(file).find(ASKED, FindOptions(5))) == said(exact)
    assert len(built) == 1
    folder = file.path.with_name("g.gallery.index")
    assert [path.suffix for path in folder.iterdir()] == [".index"]


def test_the_index_can_be_built_before_anybody_asks(large):
    file, exact, built = large
    gallery = Gallery(file)
    gallery.prepare()
    assert len(built) == 1
    assert said(gallery.find(ASKED, FindOptions(5))) == said(exact)
    assert len(built) == 1


def test_a_few_more_photos_do_not_build_it_again(large, record):
    file, exact, built = large
    Gallery(file).find(ASKED)
    near = ASKED.vectors[0] + np.float32(1e-3)
    file.write([record("Newcomer", "new", near)], [])
    first, *others = Gallery(file).find(ASKED, FindOptions(5))
    assert first[0].person.name == "Newcomer"
    assert said(others) == said(exact[1:])
    assert len(built) == 1
    rng = np.random.default_rng(2)
    file.write([record(f"N{at}", f"n{at}", rng.normal(size=8)) for at in range(1100)], [])
    Gallery(file).find(ASKED)
    assert len(built) == 2


def test_an_index_that_is_gone_damaged_or_anothers_is_built_again(large, create, record):
    file, exact, built = large
    Gallery(file).find(ASKED)
    folder = file.path.with_name("g.gallery.index")
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", whole[:-100] + bytes(100), b"x" * len(whole)):
        path.write_bytes(damaged)
        assert said(Gallery(file).find(ASKED, FindOptions(5))) == said(exact)
    shutil.rmtree(folder)
    assert said(Gallery(file).find(ASKED, FindOptions(5))) == said(exact)
    assert len(built) == 6


def test_a_condition_is_answered_exactly(large):
    file, _, _ = large
    where = "name < 'P0300'"
    (first, *_) = Gallery(file).find(ASKED, FindOptions(300, where=where))
    assert len(first) == 300
    columns = Gallery(file).columns(everyone=True)
    chosen = np.array([person.name < "P0300" for person in columns.people])[columns.groups]
    nearest = np.linalg.norm(columns.vectors[chosen] - ASKED.vectors[0], axis=1).min()
    assert first[0].distance == pytest.approx(float(nearest), rel=1e-5)

"""What a gallery is made of, counted by hand and by the database."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from lookalike.errors import GalleryInvalid
from lookalike.gallery import care
from lookalike.gallery.records import LedgerEntry, Reason
from lookalike.gallery.store import GalleryFile
from lookalike.gallery.summary import Spread, Tally, summarize


@pytest.fixture
def known(create, record):
    """Three people, six photos, some facts, two photos that are not used."""
    file = create()
    ada, alan = (
        {"gender": "female", "born": "1815-12-10", "occupations": ["writer", "mathematician"]},
        {"gender": ["male"], "born": "1912-06-23", "well_known": True, "occupations": "runner"},
    )
    facts = [{"age": 30, "year": 1845}, {"age": 30}, {"age": "no"}, {"age": 400, "year": 1}]
    records = [
        record("Ada", f"a{n}.jpg", None, ada, one, licence="CC0", source="book")
        for n, one in enumerate(facts)
    ]
    records += [record("Alan", "b.jpg", None, alan), record("名前", "c.jpg", None, {"born": "?"})]
    entries = [
        LedgerEntry(f"{n}.jpg", "s", "Ada", "", reason)
        for n, reason in enumerate((Reason.NO_FACE, Reason.NO_FACE, Reason.DUPLICATE))
    ]
    file.write(records, entries)
    return file


def test_everything_is_counted(known):
    summary = summarize(known)
    assert dict(summary.counts) == {
        "people": 3, "well_known": 1, "photos": 6, "faces": 6, "hidden": 0, "not_used": 3,
    }  # fmt: skip
    spreads, tallies = summary.spreads, summary.tallies
    assert spreads["photos_per_person"] == Spread((1, 4), (2, 1))
    assert spreads["born"] == Spread((1815, 1912), (1, 1), 1)
    assert spreads["age"] == Spread((30,), (2,), 4)
    assert spreads["year"] == Spread((1845,), (1,), 5)
    assert spreads["size_px"] == Spread((39,), (6,))  # 40.75 - 2.25 in whole pixels
    assert spreads["quality"].values == pytest.approx((0.62,), abs=0.011)
    assert spreads["score"] == Spread((0.875,), (6,))
    assert tallies["gender"] == Tally({"female": 1, "male": 1}, 1)
    assert tallies["occupations"] == Tally({"mathematician": 1, "runner": 1, "writer": 1}, 1)
    assert tallies["countries"] == Tally({}, 3)
    assert dict(tallies["reasons"].counts) == {"no face": 2, "duplicate": 1}
    assert tallies["sources"] == Tally({"book": 4}, 2)
    assert tallies["licences"] == Tally({"CC0": 4}, 2)
    assert summary.most_photographed == (("Ada", 4), ("Alan", 1), ("名前", 1))
    assert (summary.title, summary.encoder) == ("a test", known.header.space.encoder)


def test_years_before_christ_and_bare_years(create, record):
    file = create()
    births = ("-0068-01-18", "1950", 1951, True, "19511224")
    file.write([record(f"P{n}", f"{n}.jpg", None, {"born": b}) for n, b in enumerate(births)], [])
    assert summarize(file).spreads["born"] == Spread((-68, 1950, 1951), (1, 1, 1), 2)


def test_who_has_left_is_not_counted(known):
    care.erase(known, ["Alan"], forever=True)
    assert summarize(known).counts["people"] == 2
    first = summarize(known, {"ada"})
    assert first.counts["people"] == 1
    assert first.most_photographed == (("名前", 1),)


def test_hidden_faces_are_counted_as_such(known):
    with known.changing() as connection:
        connection.execute(text("UPDATE faces SET hidden = 1 WHERE photo IN (1, 2)"))
    summary = summarize(known)
    assert (summary.counts["faces"], summary.counts["hidden"]) == (4, 2)
    assert summary.spreads["photos_per_person"] == Spread((1, 2), (2, 1))


def test_bare_vectors_have_no_size(create, record):
    file = create()
    file.write([record("Ada", "a.jpg")], [])
    with file.changing() as connection:
        connection.execute(text("UPDATE faces SET x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = 0"))
    spreads = summarize(file).spreads
    assert spreads["size_px"].unknown == spreads["score"].unknown == 1


def test_an_empty_gallery(create):
    summary = summarize(create())
    assert set(summary.counts.values()) == {0}
    assert not summary.most_photographed
    assert math.isnan(summary.spreads["age"].median)
    assert math.isnan(summary.spreads["age"].mean)


def test_nothing_is_written(known):
    before = known.generation
    known.close()
    digest = known.path.read_bytes()
    summarize(GalleryFile(known.path))
    assert known.path.read_bytes() == digest
    assert GalleryFile(known.path).generation == before


def test_damaged_attributes_are_said_to_be_so(known):
    with known.changing() as connection:
        connection.execute(text("UPDATE people SET attributes = '{broken'"))
    with pytest.raises(GalleryInvalid):
        summarize(known)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40))
def test_medians_and_means_are_numpys(numbers):
    values, counts = np.unique(numbers, return_counts=True)
    spread = Spread.of(zip(values.tolist(), counts.tolist(), strict=True))
    assert spread.median == np.median(numbers)
    assert spread.mean == pytest.approx(np.mean(numbers))
    assert spread.known == len(numbers)

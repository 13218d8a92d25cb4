"""A gallery goes from one format to the next and comes back as it was, whoever is in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.gallery.csv_files import read_csv, write_csv
from lookalike.gallery.parquet_file import parquet_header, read_parquet, write_parquet
from lookalike.gallery.records import FaceRecord, Header
from lookalike.gallery.store import GalleryFile
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Face, Person, Photo, person_id

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
NAMES = TEXT.filter(str.strip)
FACTS = st.dictionaries(
    TEXT,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=4,
    ),
    max_size=3,
)  # fmt: skip
VECTORS = st.lists(
    st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=8, max_size=8
)
PEOPLE = st.lists(
    st.tuples(NAMES, FACTS, FACTS, VECTORS, TEXT), min_size=1, max_size=4,
    unique_by=lambda one: person_id(one[0]),
)  # fmt: skip


def records(people):
    for at, (name, known, facts, vector, credit) in enumerate(people):
        yield FaceRecord(
            Person(person_id(name), name, known),
            Photo(f"{at:064x}", f"{at}/{name}", "CC0", credit, "https://p", "s", facts),
            "stamp",
            Face(np.array([1, 2, 30, 41], np.float32), np.full((5, 2), at, np.float32), 0.875),
            np.array(vector, np.float32),
            b"",
            None,
            0.625,
            (640, 480),
        )


def said(file):
    """Return what every format keeps."""
    return [(one.person, one.photo, one.vector.tolist()) for one in file.records()]


@settings(max_examples=15)
@given(PEOPLE)
def test_from_a_file_through_csv_and_parquet_and_back(people):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stores = [
            GalleryFile.create(folder / f"{at}.gallery", Header(FAKE_SPACE, "fake-32", 1))
            for at in range(3)
        ]
        first, second, third = stores
        first.write(list(records(people)), [])
        write_csv(first, folder / "csv")
        read_csv(second, folder / "csv")
        assert said(second) == said(first)
        write_parquet(second, folder / "p.parquet")
        assert parquet_header(folder / "p.parquet") == second.header
        read_parquet(third, folder / "p.parquet")
        assert said(third) == said(first)
        for store in stores:
            store.close()

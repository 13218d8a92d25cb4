"""People in a space where who is who is known, and raw scores of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lookalike.gallery.records import Columns, Header
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Person, Photo


@pytest.fixture(scope="session")
def header() -> Header:
    return Header(FAKE_SPACE, "fake-32", 1, title="crowd")


@pytest.fixture(scope="session")
def crowd() -> Callable[..., Columns]:
    """Return a function that makes a gallery of people around their own middles."""

    def make(counts, seed=0, apart=1.0, within=0.45, attributes=lambda _at: {}) -> Columns:
        rng = np.random.default_rng(seed)
        counts = np.asarray(counts, np.int64)
        groups = np.repeat(np.arange(len(counts)), counts)
        middles = rng.normal(0, apart, (len(counts), 8))
        vectors = middles[groups] + rng.normal(0, within, (len(groups), 8))
        order = rng.permutation(len(groups))
        people = tuple(Person(f"p{at}", f"P {at}", attributes(at)) for at in range(len(counts)))
        photos = tuple(Photo(f"{at:064x}", f"{at}.jpg") for at in range(len(groups)))
        return Columns(
            people, photos, groups[order], vectors[order].astype(np.float32),
            np.arange(1, len(groups) + 1),
        )  # fmt: skip

    return make

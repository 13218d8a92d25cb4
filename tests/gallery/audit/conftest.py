"""People made of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from lookalike.gallery.records import Columns
from lookalike.types import Person, Photo

DIM = 32


@pytest.fixture
def crowd() -> Callable[..., Columns]:
    """Return a maker of galleries: people as different as celebrities are, a seed decides."""

    def make(
        sizes: Sequence[int],
        names: Sequence[str] = (),
        really: dict[int, int] | None = None,
    ) -> Columns:
        """Make people of these sizes; `really` says who is the same person as whom."""
        rng = np.random.default_rng(0)
        groups = np.repeat(np.arange(len(sizes)), sizes)
        # Within a person 0.42 on average, between people 0.82: what the default encoder does.
        people = rng.normal(0, 0.09, (len(sizes), DIM))
        for one, other in (really or {}).items():
            people[one] = people[other]
        vectors = people[groups] + rng.normal(0, 0.05, (len(groups), DIM)) + 0.05
        named = [
            names[k] if k < len(names) else f"Person {chr(65 + k)}x" for k in range(len(sizes))
        ]
        return Columns(
            tuple(Person.named(name) for name in named),
            tuple(Photo(f"{at:064x}", f"{at}.jpg") for at in range(len(groups))),
            groups.astype(np.int64),
            vectors.astype(np.float32),
            np.arange(101, 101 + len(groups)),
        )

    return make

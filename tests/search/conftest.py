"""Vectors to search in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


@pytest.fixture(scope="session")
def vectors() -> Callable[..., NDArray[np.float32]]:
    """Return a maker of random rows, alike ones if a common `center` and a small `spread` are."""

    def make(n: int, d: int, seed: int, center: float = 0.0, spread: float = 1.0):
        middle = np.random.default_rng(99).normal(size=d) * center
        return (middle + spread * np.random.default_rng(seed).normal(size=(n, d))).astype("f4")

    return make


@pytest.fixture(scope="session")
def labelled() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return photos of people, an uneven number of each, in no order, two people with only one."""
    rng = np.random.default_rng(5)
    counts = [1, 9, 2, 14, 1, 5, 3, 8]
    groups = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    people = rng.normal(size=(len(counts), 6))
    mixing = rng.normal(size=(6, 6)) * 0.3
    noise = rng.normal(size=(len(groups), 6)) @ mixing
    return (people[groups] + noise).astype(np.float32), groups

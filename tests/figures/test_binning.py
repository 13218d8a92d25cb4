"""Bins: nothing is lost, everything is where its label says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.figures.binning import Bins, doubling, even, piling, scale_ticks

COUNTS = st.integers(1, 1000)


def whole(least: int, most: int):
    return st.dictionaries(st.integers(least, most), COUNTS, min_size=1, max_size=60)


def check(bins: Bins, found: dict[float, int]) -> None:
    assert sum(bins.counts) == sum(found.values())
    assert len(bins.labels) == len(bins.counts) == len(bins.edges) - 1
    assert all(low < high for low, high in pairwise(bins.edges))
    assert bins.edges[0] <= min(found) + 1e-6
    assert bins.edges[-1] >= max(found)
    assert all(0 <= at <= len(bins.counts) for at, _ in bins.ticks)
    assert bins.ticks
    for number, total in enumerate(bins.counts):
        inside = [count for value, count in found.items() if bins.bin_of(value + 1e-9) == number]
        assert sum(inside) == total


@given(whole(-300, 2100))
def test_even_whole_numbers(found):
    bins = even(tuple(sorted(found)), tuple(found[value] for value in sorted(found)))
    check(bins, found)
    assert len(bins.counts) <= 23


@given(whole(0, 100))
def test_even_parts_of_one(found):
    values = sorted(found)
    parts = tuple(value / 100 for value in values)
    bins = even(parts, tuple(found[value] for value in values), whole=False, most=1.0)
    check(bins, dict(zip(parts, (found[value] for value in values), strict=True)))
    assert bins.edges[-1] <= 1.0 + 1e-9 or len(bins.counts) == 1


@given(whole(1, 20_000))
def test_doubling_sizes(found):
    values = sorted(found)
    check(doubling(values, [found[value] for value in values]), found)


@given(whole(1, 50_000))
def test_piling_counts(found):
    values = sorted(found)
    bins = piling(values, [found[value] for value in values])
    check(bins, found)
    assert len(bins.counts) <= 18


def test_labels_say_what_is_inside():
    assert even((1, 3), (2, 4)).labels == ("1", "2", "3")
    assert even((1943, 2004), (1, 1)).labels[:2] == ("1940–1944", "1945–1949")
    assert even((0.83, 1.0), (1, 1), whole=False, most=1.0).labels[-1] == "0.99–1.00"
    assert doubling((64, 100, 128), (1, 1, 1)).labels == ("64–90", "91–127", "128–180")
    assert piling((1, 2, 5, 150), (1, 1, 1, 1)).labels == (
        "1", "2", "3", "4–5", "6–10", "11–20", "21–50", "51–100", "101–200",
    )  # fmt: skip
    assert piling((13, 14), (1, 1)).labels == ("13", "14")


@pytest.mark.parametrize("most", [0, 1, 3, 7, 99, 100, 4839, 10**6])
def test_an_axis_ends_beyond_the_largest_count(most):
    ticks = scale_ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert 2 <= len(ticks) <= 7
    assert len({b - a for a, b in pairwise(ticks)}) == 1

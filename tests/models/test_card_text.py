"""A card that is written can be read, whatever it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.models.card import Card, built_in
from lookalike.models.card_text import card_text
from lookalike.models.odds import Odds
from lookalike.models.parts import InputSpec, Licence, Published, Threshold, WeightsFile

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.sampled_from(["a", "small-1", "net.v2.onnx", "2x"])
HASH = st.binary(min_size=32, max_size=32).map(bytes.hex)
COUNTS = st.integers(1, 2**53)

FILES = st.builds(
    WeightsFile, name=NAMES, path=PLAIN, bytes=st.integers(0, 2**53), sha256=HASH,
    package=TEXT, urls=st.lists(PLAIN.map("https://{}/é ?".format), max_size=2).map(tuple),
)  # fmt: skip
# Where they were measured is said once for all of them.
THRESHOLDS = st.builds(Threshold, TEXT, COUNTS, NUMBERS, NUMBERS, st.just("strangers \n \x7f é"))
ODDS = st.builds(
    Odds, TEXT, COUNTS, NUMBERS, NUMBERS, st.floats(-100, 0), st.floats(0, 100), NUMBERS,
    st.lists(st.tuples(NUMBERS, NUMBERS, COUNTS), max_size=3).map(tuple), st.just("others"),
)  # fmt: skip
CARDS = st.builds(
    Card, name=PLAIN, task=st.just("encode"), summary=TEXT, architecture=TEXT, converter=TEXT,
    dimension=COUNTS, files=st.lists(FILES, min_size=1, max_size=2).map(tuple),
    input=st.builds(
        InputSpec, size=st.integers(1, 4096), channels=st.sampled_from(["rgb", "bgr"]),
        mean=st.tuples(NUMBERS, NUMBERS, NUMBERS), scale=NUMBERS, template=PLAIN,
    ),
    licence=st.builds(
        Licence, code=TEXT, weights=TEXT, commercial=st.sampled_from(["yes", "no", "ask"])
    ),
    origin=TEXT, training_data=TEXT, paper=TEXT,
    calibration=st.lists(THRESHOLDS, max_size=2).map(tuple),
    odds=st.lists(ODDS, max_size=2).map(tuple),
    published=st.lists(st.builds(Published, NUMBERS, TEXT), max_size=2).map(tuple),
    bits=st.sampled_from([32, 8]), metric=st.sampled_from(["euclidean", "cosine"]),
)  # fmt: skip


@settings(max_examples=30)
@given(CARDS)
def test_any_card_comes_back_as_it_was(card):
    assert Card.parse(card_text(card), "a.toml") == card


@pytest.mark.parametrize("name", sorted(built_in()))
def test_our_own_cards_come_back_as_they_were(name):
    card = replace(built_in()[name], origin='"quoted" \\ and\nmore')
    assert Card.parse(card_text(card), "a.toml") == card

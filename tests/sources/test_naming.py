"""Names of people, taken from names of files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.sources.naming import owner_of, without_number


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("Aaron_Eckhart_0001", "Aaron_Eckhart"),
        ("Adele (2)", "Adele"),
        ("Adele(12)", "Adele"),
        ("Adele-3", "Adele"),
        ("Adele 4", "Adele"),
        ("名前_01", "名前"),
        ("50_Cent", "50_Cent"),
        ("1984", "1984"),
        ("12 34", "12 34"),
        ("(2)", "(2)"),
        ("Adele2", "Adele2"),
        ("Adele", "Adele"),
        ("", ""),
    ],
)
def test_a_last_number_is_taken_away(stem, name):
    assert without_number(stem) == name


@given(st.text())
def test_something_of_a_name_always_stays(stem):
    assert without_number(stem) or not stem
    assert stem.startswith(without_number(stem))


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "stem", ["a" + " " * 60_000 + "x", "a" * 60_000 + "1", "a_" * 30_000 + "(1", "1" * 60_000]
)
def test_a_long_name_does_not_take_long(stem):
    assert without_number(stem) == stem


@pytest.mark.parametrize(
    ("parts", "layout", "owner"),
    [
        (["x.jpg"], "auto", "X"),
        (["Adele", "x.jpg"], "auto", "Adele"),
        (["Adele", "x.jpg"], "people", "Adele"),
        (["x.jpg"], "people", ""),
        (["Adele", "J.Lo.jpg"], "flat", "J.Lo"),
        (["___", "x.jpg"], "auto", ""),
    ],
)
def test_layouts_say_what_names_a_person(parts, layout, owner):
    assert owner_of(parts, layout) == owner

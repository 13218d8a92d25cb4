from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.types import Person, person_id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("George W. Bush", "george-w-bush"),
        ("George_W_Bush", "george-w-bush"),
        ("  george   w  bush ", "george-w-bush"),
        ("Sinéad O'Connor", "sinéad-o-connor"),
        ("Beyonce\u0301", "beyoncé"),
        ("BEYONCÉ", "beyoncé"),
        ("50 Cent", "50-cent"),
        ("\uff15\uff10 Cent", "50-cent"),
        ("Weiß", "weiss"),
        ("Фёдор", "фёдор"),
        ("名前", "名前"),
        ("نجيب محفوظ", "نجيب-محفوظ"),
        ("नरेन्द्र मोदी", "नरेन्द्र-मोदी"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "unnamed"),
        ("...", "unnamed"),
        ("☺\ufe0f", "unnamed"),
    ],
)
def test_id_of_a_name(name, expected):
    assert person_id(name) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("Müller", "Muller"), ("मोदी", "मादा"), ("An Na", "Anna"), ("Bob 1", "Bob 2")],
)
def test_different_names_stay_different(one, other):
    assert person_id(one) != person_id(other)


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_the_id_is_safe_in_a_path_whatever_the_name(name):
    found = person_id(name)
    assert found
    assert not set(found) & set("/\\._ \n\0:")


@given(st.text(st.characters(max_codepoint=0x2FF, categories=["L", "N", "Zs"]), max_size=12))
def test_the_id_does_not_depend_on_how_accents_are_stored(name):
    found = person_id(name)
    assert person_id(unicodedata.normalize("NFD", name)) == found
    assert person_id(name.replace(" ", "_")) == found
    assert person_id(found) == found


def test_a_person_keeps_the_name_as_written():
    person = Person.named("Beyoncé Knowles", born=1981)
    assert (person.id, person.name) == ("beyoncé-knowles", "Beyoncé Knowles")
    assert person.attributes == {"born": 1981}


def test_a_person_can_be_in_a_set_with_attributes():
    assert len({Person.named("A", tags=["x"]), Person.named("A", tags=["x"])}) == 1

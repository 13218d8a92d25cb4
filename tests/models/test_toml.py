"""TOML that anybody may have written."""

from __future__ import annotations

import tomllib

import pytest

from lookalike.models.toml import read_toml


def test_what_is_plain_is_as_the_standard_library_reads_it():
    text = 'a = 1\nb = [[1.5, -2], [true]]\n["a table"]\nc = "é\\n"\n[[d]]\ne = 9223372036854775807'
    assert read_toml(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "Invalid value"),
        (f"a = {'9' * 4400}", "digits"),
        (f"a = 0x{'f' * 17}", "a number has too many digits"),
        ("a = [1, {b = 9223372036854775808}]", "a number has too many digits"),
        ("a = nan", "a number is nan"),
        ("a = [-inf]", "a number is -inf"),
        (f"a = {'[' * 5000}", "too deep"),
        (f"a = {'[' * 9}1{']' * 9}", "too deep"),
        (f"{'a.' * 20}a = 1", "too deep"),
        ('"a\\nb" = 1', r"'a\\nb' cannot be the name"),
        ('a = {"\\u0000" = 1}', "cannot be the name"),
        (f"a = 1 # {' ' * (1 << 20)}", "over 1,048,576 characters"),
    ],
)
def test_what_cannot_be_shown_again_is_refused_in_one_line(text, said):
    with pytest.raises(ValueError, match=said) as caught:
        read_toml(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200

"""Monograms in many scripts."""

import pytest

from lookalike.figures.initials import initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Grace Hopper", "GH"),
        ("Cher", "C"),
        ("Leonardo da Vinci", "LV"),
        ("Ludwig van Beethoven", "LB"),
        ("Katherine Elizabeth Montgomery-Windsor of Saxe-Coburg", "KS"),
        ("Robert Downey Jr.", "RD"),
        ("Henry Louis Gates III", "HG"),
        ("Malcolm X", "MX"),
        ("George_W_Bush", "GB"),
        ("50 Cent", "5C"),
        ("bell hooks", "BH"),
        ("k.d. lang", "KL"),
        ("A$AP Rocky", "AR"),
        ('"Weird Al" Yankovic', "WY"),
        ("José Ángel Óñate", "JÓ"),
        ("ßtraße", "S"),
        ("Владимир Познер", "ВП"),
        ("Ελένη Παπαδοπούλου", "ΕΠ"),
        ("ნინო ბურჯანაძე", "ნბ"),
        ("名前", "名"),
        ("山田 太郎", "山"),
        ("한국어", "한"),
        ("عربي محمد", "ع"),
        ("हिन्दी", "हि"),
        ("Jackie 成龍", "J"),
        ("  ", ""),
        ("", ""),
        ("… ?!", ""),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_decomposed_letters_keep_their_accents() -> None:
    assert initials("E\u0301dith Piaf") == "ÉP"

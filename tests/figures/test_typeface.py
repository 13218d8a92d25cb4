"""Glyphs that are there, and those that are not."""

import logging
import warnings

import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from lookalike.errors import OptionError
from lookalike.figures.typeface import Typeface, clean

TEXTS = ["Grace Hopper", "Владимир", "عربي محمد", "名前", "한국어", "हिन्दी", "😀 ok", "A$AP $x$"]


@pytest.fixture
def typeface() -> Typeface:
    return Typeface("DejaVu Sans")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("bold", [False, True])
def test_no_text_warns_or_logs(
    typeface: Typeface, text: str, bold: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        font = typeface.font(text, 12, bold=bold)
        assert typeface.width(text, 12, bold=bold) > 0
        figure = Figure()
        figure.text(0.1, 0.5, text, fontproperties=font, parse_math=False)
        figure.draw_without_rendering()
    assert not caplog.records


@pytest.mark.parametrize("text", ["名前", "Grace 名"])
def test_without_a_font_of_last_resort_a_box_stands_in(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = [entry for entry in fontManager.ttflist if entry.name == "DejaVu Sans"]
    monkeypatch.setattr(fontManager, "ttflist", only)
    typeface = Typeface("DejaVu Sans")
    assert not typeface.draws(text)
    legible = typeface.legible(text)
    assert typeface.draws(legible)
    assert len(legible) == len(text)
    assert "□" in legible


def test_an_installed_font_stands_in_for_what_the_typeface_lacks() -> None:
    typeface = Typeface("cmr10")
    assert typeface.draws("Владимир")
    assert typeface.font("Владимир", 10).get_family() == ["cmr10", "DejaVu Sans"]
    assert typeface.font("Abc", 10).get_family() == ["cmr10"]


def test_bold_only_if_every_family_has_it(typeface: Typeface) -> None:
    assert typeface.font("Grace", 10, bold=True).get_weight() == 700
    assert typeface.font("Grace", 10).get_weight() == 400
    assert Typeface("cmr10").font("Grace", 10, bold=True).get_weight() == 400


def test_widths_grow_with_size_and_weight(typeface: Typeface) -> None:
    assert typeface.width("Grace", 20) == pytest.approx(2 * typeface.width("Grace", 10))
    assert typeface.width("Grace", 10, bold=True) > typeface.width("Grace", 10)
    assert typeface.width("", 10) == 0


def test_ink_of_letters(typeface: Typeface) -> None:
    x1, y1, x2, y2 = typeface.ink("H", 100)
    assert 0 < x1 < x2 < 100
    assert y1 == pytest.approx(0, abs=1)
    assert 70 < y2 < 76


def test_a_missing_family() -> None:
    with pytest.raises(OptionError, match="Papyrus Nova"):
        Typeface("Papyrus Nova")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Grace\n\tHopper ", "Grace Hopper"),
        ("Gr\x00ace\ud800", "Grace"),
        ("\u202eGrace\u202c", "Grace"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("❤\ufe0f", "❤"),
        ("x" * 10_000, "x" * 300),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned

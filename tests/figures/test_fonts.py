"""Fonts of packages: asked for what the machine lacks, and only then."""

from __future__ import annotations

import pytest
from matplotlib.font_manager import fontManager

from lookalike.figures import fonts, typeface
from lookalike.figures.typeface import Typeface


@pytest.fixture
def bare(monkeypatch):
    """Take all fonts from matplotlib but its own."""
    own = [entry for entry in fontManager.ttflist if "mpl-data" in str(entry.fname)]
    monkeypatch.setattr(fontManager, "ttflist", own)
    fonts.packaged_fonts.cache_clear()
    yield
    fonts.packaged_fonts.cache_clear()


@pytest.mark.parametrize("name", ["宮崎 あおい", "박찬욱", "पंकज त्रिपाठी", "ธงไชย"])
def test_names_of_every_script_are_drawn_with_the_extra(bare, name):
    pytest.importorskip("manimgx_fonts", reason="no fonts: pip install 'lookalike[fonts]'")
    assert Typeface("DejaVu Sans").draws(name)


def test_nothing_is_looked_for_while_all_letters_are_there(bare, monkeypatch):
    def fail():
        raise AssertionError("asked for packaged fonts")

    monkeypatch.setattr(typeface, "packaged_fonts", fail)
    assert Typeface("DejaVu Sans").draws("Zoë Дмитрий")


def test_without_the_extra_names_are_boxes(bare, monkeypatch):
    monkeypatch.setattr(fonts, "find_spec", lambda _package: None)
    assert fonts.packaged_fonts() == ()
    assert not Typeface("DejaVu Sans").draws("宮崎")

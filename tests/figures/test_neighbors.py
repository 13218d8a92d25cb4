"""Rows of known people and whom they resemble."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.image import AxesImage
from matplotlib.text import Text

from lookalike.figures import Tile, save
from lookalike.figures.neighbors import WORDING, Resemblance, resemblances
from lookalike.types import Match, Person, Photo

HARD = ("Katherine Elizabeth Montgomery-Windsor of Saxe-Coburg", "名前", "عربي", "", "A$AP $x$")


def resemblance(name: str, others, portrait=None) -> Resemblance:
    tiles = tuple(
        Tile(Match(Person.named(other), 0.4 + n / 10, n + 1), portrait)
        for n, other in enumerate(others)
    )
    return Resemblance(Person.named(name), portrait, tiles)


def said(figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


def test_names_distances_and_initials():
    rows = [resemblance("Ada Lovelace", ("Alan Turing", "Cher"))]
    found = said(resemblances(rows, replace(WORDING, metric="Cosine distance")))
    for words in ("Who looks like whom", "Ada Lovelace", "AL", "AT", "C", "0.400", "0.500"):
        assert words in found
    assert any("Cosine distance" in words for words in found)


def test_portraits_and_their_credit(hopper):
    photo = Photo("a", "a.jpg", "CC BY 4.0", "Jane Doe")
    tile = Tile(Match(Person.named("Alan"), 0.4, 1, (photo,)), hopper)
    figure = resemblances([Resemblance(Person.named("Ada"), hopper, (tile,))])
    assert len(figure.findobj(AxesImage)) == 2
    assert "Jane Doe · CC BY 4.0" in said(figure)


@pytest.mark.parametrize(("rows", "others"), [(1, 1), (1, 12), (5, 5), (20, 3)])
def test_any_number_of_rows_is_inside(rows, others):
    names = [f"Other Person{n}" for n in range(others)]
    figure = resemblances([resemblance(f"Person {n}", names) for n in range(rows)])
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    for text in figure.findobj(Text):
        if text.get_text():
            box = text.get_window_extent()
            assert box.x0 >= 0
            assert box.y0 >= 0
            assert box.x1 <= width
            assert box.y1 <= height
    assert sum(words.startswith("Person ") for words in said(figure)) == rows


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_hard_names_in_every_format(suffix, tmp_path):
    rows = [resemblance(name, HARD) for name in HARD]
    save(resemblances(rows), tmp_path / f"hard.{suffix}", dpi=30)

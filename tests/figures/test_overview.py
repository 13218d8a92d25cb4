"""Charts: as high as the counts, readable, and never off the sheet."""

from __future__ import annotations

import warnings

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.text import Text

from lookalike.errors import OptionError
from lookalike.figures import save
from lookalike.figures.binning import even, piling
from lookalike.figures.charts import Bars, Columns, chart_height
from lookalike.figures.overview import Headline, overview
from lookalike.figures.palette import theme
from lookalike.figures.poster import Wording

AGES = Columns(
    "Ages", "median 35", even((10, 35, 60), (5, 10, 20)), "age in years", "photos", marked=5
)
PHOTOS = Columns("Photos per person", "", piling((1, 2), (7, 1)), "photos", "people")
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3
WORDS = Bars("Gender", "of 10", (("female", 6), (LONG, 3), ("名前 $x$ \x00", 1), ("", 1)))


@pytest.fixture(autouse=True)
def _no_warning(caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    assert not caplog.records


def boxes(figure, ending: str):
    return {
        artist.get_gid(): artist.get_path().get_extents()
        for artist in figure.findobj()
        if (artist.get_gid() or "").endswith(ending) or f"{ending}-" in (artist.get_gid() or "")
        if hasattr(artist, "get_path")
    }


def texts(figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


def inside(figure) -> bool:
    with mpl.rc_context({"text.hinting": "none"}):
        figure.draw_without_rendering()
        width, height = figure.bbox.size
        found = [t.get_window_extent() for t in figure.findobj(Text) if t.get_text()]
    return all(b.x0 >= 0 and b.y0 >= 0 and b.x1 <= width and b.y1 <= height for b in found)


def test_columns_are_as_high_as_the_counts():
    figure = overview([], [AGES], Wording("Title"))
    columns = [box for gid, box in boxes(figure, "column").items() if gid]
    heights = sorted(box.height for box in columns)
    # What is below the base line is cut off: the round lower corners.
    assert (heights[2] - 2.5) / (heights[0] - 2.5) == pytest.approx(20 / 5)
    assert len(columns) == 3


def test_bars_are_as_long_as_the_counts():
    figure = overview([], [WORDS], Wording("Title"))
    widths = {gid: box.width for gid, box in boxes(figure, "bar").items()}
    assert widths["chart-0-bar-0"] / widths["chart-0-bar-1"] == pytest.approx(2)
    assert "6 · 55%" in texts(figure)


def test_what_is_counted_is_said():
    said = texts(overview([Headline("1,462", "photos")], [AGES, PHOTOS], Wording("My gallery")))
    for words in ("My gallery", "1,462", "photos", "Ages", "median 35", "age in years", "people"):
        assert words in said
    assert {"5", "10", "20"} <= set(said)


def test_the_median_stands_out():
    figure = overview([], [AGES], Wording(""))
    colors = {
        artist.get_gid(): artist.get_facecolor()
        for artist in figure.findobj()
        if "column-" in (artist.get_gid() or "")
    }
    accent = mpl.colors.to_rgba(theme("light").accent)
    assert [gid for gid, color in colors.items() if color == accent] in (
        [], ["chart-0-column-5"],
    )  # fmt: skip
    light = [np.mean(color[:3]) for color in colors.values()]
    assert max(light) - min(light) < 0.6


@pytest.mark.parametrize("charts", [0, 1, 2, 3, 4, 7, 13])
def test_any_number_of_charts(charts, tmp_path):
    chosen = [(AGES, WORDS, PHOTOS)[number % 3] for number in range(charts)]
    figure = overview([Headline("3", "people")], chosen, Wording("T", "s", "f"))
    assert inside(figure)
    cards = [box for gid, box in boxes(figure, "").items() if gid and gid.count("-") == 1]
    cards = [box for box in cards if box.height > 80]
    for a, one in enumerate(cards):
        for two in cards[a + 1 :]:
            apart = one.x1 <= two.x0 or two.x1 <= one.x0 or one.y1 <= two.y0 or two.y1 <= one.y0
            assert apart
    if charts in (0, 4):
        save(figure, tmp_path / "o.png", dpi=40)


def test_nothing_at_all(tmp_path):
    save(overview([], [], Wording("", "", "")), tmp_path / "nothing.svg")


def test_too_many_words_become_others():
    many = Bars("Countries", "", tuple((f"Country {n}", 100 - n) for n in range(40)))
    assert len(many.shortened()) == 7
    assert many.shortened()[-1] == ("34 others", sum(100 - n for n in range(6, 40)))
    assert chart_height(many) == chart_height(Bars("", "", many.rows[:7]))


def test_parts_of_a_whole():
    assert Bars("", "", (("a", 1), ("b", 3))).share(1) == "25%"
    assert Bars("", "", (("a", 1),), total=1000).share(1) == "< 1%"


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_hard_words_in_every_format(suffix, tmp_path):
    chart = Columns(LONG, LONG, even((1, 2), (10**7, 1)), LONG[:60], "people")
    figure = overview([Headline(LONG, LONG)], [WORDS, chart], Wording(LONG, LONG, LONG))
    save(figure, tmp_path / f"hard.{suffix}", dpi=40)


def test_dark_and_unknown_themes(tmp_path):
    save(overview([], [AGES], Wording("Dark", theme="dark")), tmp_path / "dark.png", dpi=30)
    pixels = mpl.image.imread(tmp_path / "dark.png")
    assert pixels[..., :3].mean() < 0.3
    with pytest.raises(OptionError):
        overview([], [], Wording("", theme="sepia"))  # type: ignore[arg-type]

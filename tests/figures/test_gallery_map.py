"""Maps: everybody is on them, no portrait lies on another, and names do not collide."""

from __future__ import annotations

import warnings
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.image import AxesImage
from matplotlib.text import Text

from lookalike.errors import ArrayError
from lookalike.figures import save
from lookalike.figures.canvas import Box
from lookalike.figures.gallery_map import Marker, gallery_map
from lookalike.figures.legend import Legend
from lookalike.figures.poster import Wording
from lookalike.figures.room import Room, by_importance, spread_out

WORDS = Wording("A map", "of people")


@pytest.fixture(autouse=True)
def _no_warning(caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    assert not caplog.records


def crowd(count: int, face=None, **more) -> list[Marker]:
    rng = np.random.default_rng(3)
    places = rng.normal(size=(count, 2))
    places /= max(np.abs(places).max(), 1e-9)
    return [
        Marker(f"Person Number{n}", float(x), float(y), float(1 + n % 4), portrait=face, **more)
        for n, (x, y) in enumerate(places)
    ]


def names(figure) -> list[Text]:
    return [t for t in figure.findobj(Text) if (t.get_gid() or "").startswith("name-")]


def discs(figure) -> np.ndarray:
    images = [image.get_extent() for image in figure.findobj(AxesImage)]
    return np.array([((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1) for x1, x2, y1, y2 in images])


def boxes_of(figure) -> list:
    with mpl.rc_context({"text.hinting": "none"}):
        figure.draw_without_rendering()
        return [text.get_window_extent() for text in names(figure)]


@pytest.mark.parametrize("count", [1, 2, 40, 400])
def test_every_dot_is_there(count):
    figure = gallery_map(crowd(count), WORDS)
    dots = figure.findobj(PathCollection)
    assert sum(len(d.get_offsets()) for d in dots) == count
    where = np.concatenate([d.get_offsets() for d in dots])
    width, height = figure.get_size_inches() * 72
    assert (where > 40).all()
    assert (where < [width - 40, height - 40]).all()


@pytest.mark.parametrize("count", [1, 5, 60, 130])
def test_portraits_do_not_lie_upon_each_other(count, hopper):
    figure = gallery_map(crowd(count, hopper), WORDS)
    found = discs(figure)
    assert len(found) == count
    for one, two in combinations(found, 2):
        assert np.hypot(*(one[:2] - two[:2])) >= (one[2] + two[2]) / 2 - 1
    assert len({text.get_gid().split("-")[1] for text in names(figure)}) >= 0.95 * count


@pytest.mark.parametrize("pictured", [False, True])
def test_names_do_not_collide(pictured, hopper):
    figure = gallery_map(crowd(80, hopper if pictured else None), WORDS)
    found = boxes_of(figure)
    assert len(found) >= 40
    for one, two in combinations(found, 2):
        wide = min(one.x1, two.x1) - max(one.x0, two.x0)
        high = min(one.y1, two.y1) - max(one.y0, two.y0)
        assert wide <= 1 or high <= 4


def test_those_who_count_most_are_named():
    middle = [Marker(f"Nobody {n}", 0.001 * n, 0, 1) for n in range(60)]
    star = Marker("A Star", 0.03, 0.0, 50)
    said = [t.get_text() for t in names(gallery_map([*middle, star], WORDS))]
    assert "A Star" in said
    assert len(said) < 61


def test_kinds_differ_in_color_and_shape():
    markers = [Marker("", n / 10, 0, kind=n % 3 - 1) for n in range(10)]
    figure = gallery_map(markers, WORDS, Legend("Gender", ("female", "male")))
    groups = {d.get_gid(): d for d in figure.findobj(PathCollection) if d.get_gid()}
    assert {gid: len(d.get_offsets()) for gid, d in groups.items()} == {
        "dots": 4, "dots-0": 3, "dots-1": 3,
    }  # fmt: skip
    looks = {(tuple(d.get_facecolor()[0]), len(d.get_paths()[0])) for d in groups.values()}
    assert len(looks) == 3
    said = [t.get_text() for t in figure.findobj(Text)]
    assert {"Gender", "female (3)", "male (3)", "not known (4)"} <= set(said)


def test_steps_go_from_dark_to_light():
    for count in range(1, 6):
        looks = Legend("Born", tuple(map(str, range(count))), ordered=True).looks
        light = [sum(mpl.colors.to_rgb(look.color)) for look in looks]
        assert light == sorted(light)
        assert len(set(light)) == count
    with pytest.raises(ArrayError):
        Legend("", tuple("abcdefg"))


def test_a_larger_dot_for_more_photos():
    figure = gallery_map([Marker("a", -1, 0, 1), Marker("b", 1, 0, 4)], WORDS)
    (dots,) = figure.findobj(PathCollection)
    assert len(set(dots.get_sizes())) == 2


HARD = ["", "名前", "عربي", "A$AP $x$", "x" * 200, "\x00\ud800", "Владимир " * 9]


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
@pytest.mark.parametrize("pictured", [False, True])
def test_hard_names_in_every_format(suffix, pictured, hopper, tmp_path):
    face = hopper if pictured else None
    markers = [Marker(name, n / 7, (-1) ** n / 3, portrait=face) for n, name in enumerate(HARD)]
    save(gallery_map(markers, WORDS), tmp_path / f"hard.{suffix}", dpi=40)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_all_at_one_place(count, hopper, tmp_path):
    for face in (None, hopper):
        markers = [Marker("Same", 0.0, 0.0, portrait=face)] * count
        save(gallery_map(markers, WORDS), tmp_path / "same.png", dpi=30)


def test_the_same_bytes(hopper, tmp_path):
    for name in ("a", "b"):
        save(gallery_map(crowd(12, hopper), WORDS), tmp_path / f"{name}.png", dpi=40)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_making_way_moves_nobody_who_stands_alone():
    frame = Box(0, 0, 1000, 1000, 0)
    places = np.array([[100.0, 100.0], [900, 900], [500, 500], [510, 500]])
    moved = spread_out(places, (50, 60), frame)
    assert np.abs(moved[:2] - places[:2]).max() < 1
    apart = np.abs(moved[2] - moved[3]) / (50, 60)
    assert apart.max() > 0.99
    assert np.abs(moved[2:].mean(axis=0) - [505, 500]).max() < 1


def test_room_is_given_once():
    room = Room(Box(0, 0, 100, 40, 0))
    spots = [room.place((50, 20), 4, (40, 10)) for _ in range(9)]
    taken = [spot for spot in spots if spot]
    assert len(set(taken)) == len(taken) >= 2
    assert spots[-1] is None
    assert room.place((50, 20), 4, (400, 10)) is None


def test_who_stands_alone_is_named_before_others():
    places = np.array([[0.0, 0], [1, 0], [50, 0]])
    assert by_importance(places, np.ones(3))[0] == 2
    assert by_importance(places, np.array([1.0, 5, 1]))[0] == 1
    assert by_importance(places[:1], np.ones(1)).tolist() == [0]

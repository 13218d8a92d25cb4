"""Who is on screen when, drawn."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import OptionError
from lookalike.figures import save
from lookalike.figures.timeline import MOST_ROWS, Presence, clock, timeline
from lookalike.types import Person

ADA = Person.named("Ada Lovelace")


def boxes(figure, color: str) -> list[tuple[float, float]]:
    """Return left and right ends of all shapes of a color, in points."""
    from matplotlib.colors import to_hex
    from matplotlib.patches import PathPatch

    found = []
    for artist in figure.axes[0].get_children():
        if isinstance(artist, PathPatch) and to_hex(artist.get_facecolor()) == color:
            extent = artist.get_path().get_extents()
            found.append((extent.x0, extent.x1))
    return found


def texts(figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def test_bars_stand_where_the_time_is():
    rows = [Presence(ADA, ((0.0, 10.0), (30.0, 40.0))), Presence(None, ((20.0, 40.0),))]
    figure = timeline(rows, 40.0, "talk.mp4")
    (first, second), (stranger,) = boxes(figure, "#0b5f78"), boxes(figure, "#8fa9b3")
    (track, _) = boxes(figure, "#ece6db")
    whole = track[1] - track[0]
    assert first == pytest.approx((track[0], track[0] + whole / 4))
    assert second == pytest.approx((track[0] + 0.75 * whole, track[1]))
    assert stranger[0] == pytest.approx(track[0] + whole / 2)
    said = texts(figure)
    assert {"talk.mp4", "Ada Lovelace", "unknown", "0:20", "0:00", "0:40"} <= set(said)


def test_a_moment_can_be_seen_and_no_moment_counts_twice():
    figure = timeline([Presence(ADA, ((5.0, 5.01),))], 7200.0, "long")
    ((left, right),) = boxes(figure, "#0b5f78")
    assert right - left >= 1.5
    assert Presence(ADA, ((0, 5), (3, 6), (10, 12))).total_s == 8
    assert Presence(ADA, ()).total_s == 0


def test_many_people_are_summed_up_and_nobody_is_fine(tmp_path):
    rows = [
        Presence(Person.named(f"Person {at}"), ((at, at + 9.0 - 0.1 * at),))
        for at in range(MOST_ROWS + 7)
    ]
    figure = timeline(rows, 60.0, "crowd", "dark")
    assert f"Person {MOST_ROWS - 1}" in texts(figure)
    assert f"Person {MOST_ROWS}" not in texts(figure)
    assert "and 7 more, who are shorter on screen" in texts(figure)
    portrait = np.full((60, 60, 3), 99, np.uint8)
    save(timeline([Presence(ADA, ((0, 1),), portrait)], 1.0, "x"), tmp_path / "one.png")
    save(timeline([], 0.0, ""), tmp_path / "none.svg")
    assert (tmp_path / "one.png").stat().st_size > 5000
    with pytest.raises(OptionError):
        timeline([], 1.0, "", "sepia")


def test_clocks():
    assert [clock(time_s) for time_s in (0, 59.6, 61, 3599.9, 36_000)] == [
        "0:00", "1:00", "1:01", "1:00:00", "10:00:00"]  # fmt: skip

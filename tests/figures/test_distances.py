"""Bars that do not lie."""

import math

import pytest

from lookalike.figures.distances import Scale


def test_bars_start_at_zero_and_share_one_scale() -> None:
    scale = Scale.of([0.3, 0.6, 0.45])
    assert scale.comparable
    assert scale.share(0.6) == 1.0
    assert scale.share(0.3) == pytest.approx(scale.share(0.6) / 2)
    assert scale.share(0.0) == 0.0


@pytest.mark.parametrize("distances", [[], [0.4], [0.0, 0.0], [math.inf, 0.4], [math.nan]])
def test_no_bars_where_they_would_say_nothing(distances: list[float]) -> None:
    scale = Scale.of(distances)
    assert not scale.comparable
    assert math.isfinite(scale.top)


def test_what_is_no_number_is_no_bar() -> None:
    scale = Scale.of([0.2, 0.4, math.inf])
    assert scale.share(math.inf) == 0.0
    assert scale.share(math.nan) == 0.0
    assert scale.text(math.nan) == "—"
    assert scale.top == 0.4


@pytest.mark.parametrize(
    ("top", "distance", "text"),
    [
        (0.6, 0.41234, "0.412"),
        (14.2, 9.876, "9.88"),
        (123.0, 99.96, "100.0"),
        (5000.0, 1234.5, "1234"),
        (0.6, -1e-9, "0.000"),
        (0.002, 0.00123, "1.23e-03"),
    ],
)
def test_digits_follow_the_largest(top: float, distance: float, text: str) -> None:
    assert Scale(top, comparable=True).text(distance) == text


def test_never_a_percentage() -> None:
    assert "%" not in Scale.of([0.1, 0.2]).text(0.1)

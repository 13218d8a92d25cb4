"""Colors that can be read."""

import pytest

from lookalike.errors import OptionError
from lookalike.figures.palette import Theme, theme, tint
from lookalike.types import person_id


def luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=["light", "dark"])
def colors(request: pytest.FixtureRequest) -> Theme:
    return theme(request.param)


def test_text_has_the_contrast_that_wcag_asks_for(colors: Theme) -> None:
    for ground in (colors.panel, colors.paper):
        assert contrast(colors.ink, ground) >= 7
        assert contrast(colors.quiet, ground) >= 4.5
    assert contrast(colors.on_accent, colors.accent) >= 4.5
    assert all(contrast(shade.ink, shade.disc) >= 4.5 for shade in colors.tints)


def test_the_best_bar_differs_in_lightness_not_only_in_hue(colors: Theme) -> None:
    assert contrast(colors.accent, colors.bar) >= 1.9
    assert contrast(colors.bar, colors.track) >= 1.9


def test_tint_follows_from_the_id_alone(colors: Theme) -> None:
    assert tint("grace-hopper", colors) is tint("grace-hopper", colors)
    # The value is pinned: it must be the same in every process and release.
    assert colors.tints.index(tint("grace-hopper", colors)) == 3
    people = [person_id(f"Person {number}") for number in range(60)]
    assert {tint(person, colors) for person in people} == set(colors.tints)


def test_odd_ids_have_a_tint_too(colors: Theme) -> None:
    assert tint("", colors) in colors.tints
    assert tint("\ud800", colors) in colors.tints


def test_unknown_theme() -> None:
    with pytest.raises(OptionError, match="sepia") as caught:
        theme("sepia")
    assert "light, dark" in caught.value.hint

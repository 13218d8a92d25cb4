"""The colors of the figures, light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias

from lookalike.errors import OptionError

ThemeName: TypeAlias = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Tint:
    """Two colors that belong together.

    Parameters
    ----------
    disc : str
        The ground, ``#rrggbb``.
    ink : str
        Readable on `disc`.
    """

    disc: str
    ink: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What a figure is painted with, all ``#rrggbb``.

    Parameters
    ----------
    paper, panel, hairline, track : str
        Grounds: the sheet, the card of a face, thin lines, the empty part of a bar.
    ink, quiet : str
        Text: strong and subdued, both with a contrast of at least 4.5 on `panel` and `paper`.
    accent, on_accent, bar : str
        The best match, text on it, and the filled part of the other bars.
    tints : tuple of Tint
        The grounds of monograms.
    """

    paper: str
    panel: str
    hairline: str
    track: str
    ink: str
    quiet: str
    accent: str
    on_accent: str
    bar: str
    tints: tuple[Tint, ...]


# Paul Tol's "pale" and "dark" schemes: made as grounds for text, distinct under every form of
# color blindness, and each pale hue has its dark one (personal.sron.nl/~pault).
_PALE_AND_DARK = (
    ("#bbccee", "#222255"),
    ("#cceeff", "#225555"),
    ("#ccddaa", "#225522"),
    ("#eeeebb", "#666633"),
    ("#ffcccc", "#663333"),
    ("#dddddd", "#555555"),
)

# Ink, accent and ground differ in lightness first, so that nothing rests on telling hues apart.
_THEMES: dict[str, Theme] = {
    "light": Theme(
        paper="#f5f1ea",
        panel="#fffdfa",
        hairline="#e6dfd3",
        track="#ece6db",
        ink="#23262d",
        quiet="#6a6760",
        accent="#0b5f78",
        on_accent="#ffffff",
        bar="#8fa9b3",
        tints=tuple(Tint(pale, dark) for pale, dark in _PALE_AND_DARK),
    ),
    "dark": Theme(
        paper="#111418",
        panel="#1a1e24",
        hairline="#2c323b",
        track="#2c323b",
        ink="#f3eee5",
        quiet="#a2a6ad",
        accent="#f0b35e",
        on_accent="#1a1e24",
        bar="#7d8590",
        tints=tuple(Tint(dark, pale) for pale, dark in _PALE_AND_DARK),
    ),
}


def theme(name: str) -> Theme:
    """Return the theme of this name.

    Parameters
    ----------
    name : {"light", "dark"}
        Which one.

    Returns
    -------
    Theme
        Its colors.

    Raises
    ------
    OptionError
        If there is no such theme.
    """
    if name not in _THEMES:
        raise OptionError(f"there is no theme {name!r}", "the themes are: " + ", ".join(_THEMES))
    return _THEMES[name]


def tint(person_id: str, colors: Theme) -> Tint:
    """Return the tint of a person, the same in every figure and on every machine.

    Parameters
    ----------
    person_id : str
        The stable id; a person who is renamed keeps the tint.
    colors : Theme
        The theme to choose from.

    Returns
    -------
    Tint
        One of ``colors.tints``.
    """
    digest = sha256(person_id.encode("utf-8", "surrogatepass")).digest()
    return colors.tints[digest[0] % len(colors.tints)]


def mixed(color: str, ground: str, share: float) -> str:
    """Return a color laid thinly over a ground; real transparency would burden PDF viewers.

    Parameters
    ----------
    color, ground : str
        ``#rrggbb``.
    share : float
        How thickly, 0 to 1.

    Returns
    -------
    str
        ``#rrggbb``.
    """
    pairs = ((int(color[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)

"""Finding glyphs, and measuring what is written with them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from lookalike.errors import OptionError
from lookalike.figures.fonts import packaged_fonts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.font_manager import FontProperties

REGULAR, BOLD = 400, 700

# Longer names than this are noise, and would make measuring slow.
_LONGEST = 300

# Asked in this order for what the typeface lacks: the free fonts of Linux distributions, then
# what macOS and Windows bring along. Matplotlib cannot draw color emoji, so none is here.
_FALLBACKS = (
    "DejaVu Sans",
    "Noto Sans",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans CJK KR",
    "Noto Sans JP",
    "Noto Sans SC",
    "Noto Sans KR",
    "Source Han Sans",
    "IPAGothic",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "NanumGothic",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Hiragino Sans",
    "Hiragino Sans GB",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Geeza Pro",
    "Kohinoor Devanagari",
    "Thonburi",
    "Arial Unicode MS",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Nirmala UI",
    "Leelawadee UI",
    "Segoe UI",
    "Segoe UI Symbol",
    "Unifont",
)
# Holds a box for every character, marked with the script that it belongs to.
_LAST_RESORT = "Last Resort High-Efficiency"
_BOX = "\u25a1"


def clean(text: str) -> str:
    """Return a text as one line of characters that can be drawn.

    Parameters
    ----------
    text : str
        As it was found.

    Returns
    -------
    str
        Without control characters, lone surrogates, direction marks and runs of white space.
    """
    line = " ".join(text[: 4 * _LONGEST].split())
    return "".join(letter for letter in line if _drawable(letter))[:_LONGEST]


def _drawable(letter: str) -> bool:
    # Zero-width joiners shape Indic and Persian letters, so they stay.
    if letter in "\u200c\u200d":
        return True
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs") and not (
        "\ufe00" <= letter <= "\ufe0f"
    )


def _installed() -> dict[str, set[int]]:
    """Return the weights of every family that matplotlib knows."""
    from matplotlib.font_manager import fontManager, weight_dict

    weights: dict[str, set[int]] = {}
    for entry in fontManager.ttflist:
        weight = entry.weight
        if isinstance(weight, str):
            weight = weight_dict.get(weight, REGULAR)
        weights.setdefault(entry.name, set()).add(weight)
    return weights


class Typeface:
    """A font family and what stands in for the glyphs that it lacks.

    Matplotlib warns or logs about every glyph, family and weight that it does not find, so
    families are looked up here first and asked for only if they are installed.

    Parameters
    ----------
    family : str
        An installed family.

    Raises
    ------
    OptionError
        If it is not installed.
    """

    def __init__(self, family: str) -> None:
        self._weights = _installed()
        if not self._has(family, REGULAR):
            raise OptionError(
                f"the font {family!r} is not installed", "leave it out to use DejaVu Sans"
            )
        self._family = family
        self._holds: dict[tuple[str, str], bool] = {}

    def _has(self, family: str, weight: int) -> bool:
        return weight in self._weights.get(family, ())

    def _covers(self, family: str, letter: str) -> bool:
        key = family, letter
        if key not in self._holds:
            from matplotlib.font_manager import FontProperties, findfont, get_font

            font = get_font(findfont(FontProperties(family=[family], weight=REGULAR)))
            self._holds[key] = font.get_char_index(ord(letter)) != 0
        return self._holds[key]

    def _families(self, text: str) -> tuple[list[str], set[str]]:
        """Return the families that `text` needs, and the characters that none of them has."""
        families = [self._family]
        missing = {c for c in text if not c.isspace() and not self._covers(self._family, c)}
        for family in self._fallbacks() if missing else ():
            if missing and self._has(family, REGULAR):
                found = {letter for letter in missing if self._covers(family, letter)}
                families += [family] if found else []
                missing -= found
        return families, missing

    def _fallbacks(self) -> Iterator[str]:
        """Return what to ask for a letter; what packages bring is looked for only at the end."""
        yield from _FALLBACKS
        packaged = packaged_fonts()
        self._weights = _installed()
        yield from packaged

    def draws(self, text: str) -> bool:
        """Say whether some installed font has every glyph of a text.

        Parameters
        ----------
        text : str
            What to draw.

        Returns
        -------
        bool
            False if any character would be a mere box.
        """
        return not self._families(text)[1]

    def legible(self, text: str) -> str:
        """Return a text that can be drawn without a warning.

        Parameters
        ----------
        text : str
            What to draw.

        Returns
        -------
        str
            The same text where matplotlib brings its font of last resort (3.11 does), and a box
            in place of every character without a glyph where it does not.
        """
        missing = self._families(text)[1]
        if not missing or self._has(_LAST_RESORT, REGULAR):
            return text
        return "".join(_BOX if letter in missing else letter for letter in text)

    def font(self, text: str, size: float, *, bold: bool = False) -> FontProperties:
        """Return the font to draw a text with.

        Parameters
        ----------
        text : str
            What to draw.
        size : float
            In points.
        bold : bool, default False
            Bold if all the families needed have it, else the whole text is regular.

        Returns
        -------
        FontProperties
            Names installed families only, in a weight that they have.
        """
        from matplotlib.font_manager import FontProperties

        families, missing = self._families(text)
        if missing and self._has(_LAST_RESORT, REGULAR):
            families.append(_LAST_RESORT)
        strong = bold and all(self._has(family, BOLD) for family in families)
        return FontProperties(
            family=families,
            size=size,
            weight=BOLD if strong else REGULAR,
            style="normal",
            variant="normal",
            stretch="normal",
        )

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a text is.

        Parameters
        ----------
        text : str
            What to draw.
        size : float
            In points.
        bold : bool, default False
            As `font` takes it.

        Returns
        -------
        float
            In points.
        """
        from matplotlib.textpath import text_to_path

        if not text:
            return 0.0
        font = self.font(text, size, bold=bold)
        return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])

    def ink(self, text: str, size: float) -> tuple[float, float, float, float]:
        """Return the box that the bold glyphs of a text fill.

        Parameters
        ----------
        text : str
            What to draw; not empty.
        size : float
            In points.

        Returns
        -------
        tuple of float
            ``x1 y1 x2 y2`` in points from the start of the base line, y up.
        """
        from matplotlib.path import Path
        from matplotlib.textpath import text_to_path

        font = self.font(text, size, bold=True)
        vertices, codes = text_to_path.get_text_path(font, text)
        if not len(vertices):
            return 0.0, 0.0, 0.0, 0.0
        box = Path(vertices, codes).get_extents()
        # The path is set at a fixed size of its own.
        scale = size / text_to_path.FONT_SCALE
        return box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale

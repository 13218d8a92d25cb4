"""Breaking a text into the lines that there is room for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    Measure: TypeAlias = Callable[[str, float], float]

ELLIPSIS = "…"
_JOINER = "\u200d"

# A line may end after white space, after a hyphen, and beside every Chinese, Japanese or Korean
# character: their names are written without spaces.
_EAST_ASIAN = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_PIECES = re.compile(rf"[{_EAST_ASIAN}]|[^\s\-{_EAST_ASIAN}]*-+|[^\s\-{_EAST_ASIAN}]+|\s+")


@dataclass(frozen=True, slots=True)
class Room:
    """The room for a text.

    Parameters
    ----------
    width : float
        Of a line, in points.
    lines : int
        How many there may be.
    sizes : tuple of float
        The font sizes in points that may be tried, the best one first.
    """

    width: float
    lines: int
    sizes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text that fits.

    Parameters
    ----------
    lines : tuple of str
        From top to bottom; none for an empty text.
    size : float
        The font size in points at which they fit.
    """

    lines: tuple[str, ...]
    size: float


def fit(text: str, room: Room, measure: Measure) -> Fitted:
    """Set a text as large as it fits without breaking a word; if none fits, cut it short.

    Parameters
    ----------
    text : str
        One paragraph.
    room : Room
        What there is room for.
    measure : callable
        Takes a text and a font size in points, returns the width in points.

    Returns
    -------
    Fitted
        The lines and their size. A text that does not fit even at the smallest size ends in an
        ellipsis.
    """
    for size in room.sizes:
        lines = _set(text, room, size, measure)
        if lines is not None:
            return Fitted(lines, size)
    return Fitted(_cut_short(text, room, measure), room.sizes[-1])


def _set(text: str, room: Room, size: float, measure: Measure) -> tuple[str, ...] | None:
    """Return the lines if whole words fit at this size."""
    lines: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if measure((line + piece).rstrip(), size) <= room.width:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        line = piece.lstrip()
        if len(lines) >= room.lines or measure(line, size) > room.width:
            return None
    return (*lines, line.strip()) if line.strip() else tuple(lines)


def _cut_short(text: str, room: Room, measure: Measure) -> tuple[str, ...]:
    """Fill the lines at the smallest size, inside a word where need be."""
    size = room.sizes[-1]
    lines: list[str] = []
    rest = text.strip()
    while len(lines) < room.lines - 1 and measure(rest, size) > room.width:
        end = _longest(rest, "", room.width, lambda part: measure(part, size))
        whole = _at_word_end(rest, end)
        lines.append(rest[:whole].rstrip())
        rest = rest[whole:].lstrip()
    if measure(rest, size) > room.width:
        end = _longest(rest, ELLIPSIS, room.width, lambda part: measure(part, size))
        rest = rest[:end].rstrip() + ELLIPSIS
    return (*lines, rest)


def _longest(text: str, tail: str, width: float, measure: Callable[[str], float]) -> int:
    """Return how many characters fit on a line together with `tail`; at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle].rstrip() + tail) <= width:
            low = middle
        else:
            high = middle - 1
    # Marks stay with their letter, and joined emoji with each other.
    while 1 < low < len(text) and _belongs(text, low):
        low -= 1
    return low


def _belongs(text: str, at: int) -> bool:
    """Say whether the character at `at` is one with the character before it."""
    here, before = text[at], text[at - 1]
    return unicodedata.category(here).startswith("M") or _JOINER in (here, before)


def _at_word_end(text: str, end: int) -> int:
    """Return the last place up to `end` where a line may end, or `end` if there is none."""
    best = 0
    for piece in _PIECES.finditer(text):
        if piece.end() > end:
            # White space that hangs over the edge takes no room.
            return piece.start() if piece.start() > 0 else end
        best = piece.end()
    return best or end

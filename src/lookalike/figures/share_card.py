"""The card that people share: both faces, the name, how rare it is, and whose photo it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from lookalike.errors import ArrayError, OptionError
from lookalike.figures.canvas import CAPITALS, RIM, Box, Canvas, Pen
from lookalike.figures.monogram import draw_monogram
from lookalike.figures.palette import ThemeName, theme
from lookalike.figures.rarity_words import one_in
from lookalike.figures.saving import rendered
from lookalike.figures.shared import SharedCard
from lookalike.figures.typeface import Typeface, clean
from lookalike.figures.wrapping import Fitted, Room, fit
from lookalike.types._check import check_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.figures.palette import Theme
    from lookalike.figures.rows import Tile

CardSize: TypeAlias = Literal["portrait", "wide"]

_LEADING: Final = 1.2
_FOOTER: Final = "lookalike · for fun, never for identification"


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where everything of a card goes, in points; two pixels are one point."""

    size: tuple[float, float]
    margin: float
    face: tuple[float, float]
    gap: float
    faces_top: float
    text: Box
    title: float
    names: tuple[float, ...]
    name_lines: int
    number: float
    small: tuple[float, ...]
    credit_lines: int
    credits: tuple[float, ...]


_PLANS: Final[dict[str, _Plan]] = {
    # 1080 x 1350, what feeds of photos show highest.
    "portrait": _Plan(
        (540.0, 675.0), 40.0, (225.0, 290.0), 10.0, 84.0, Box(40, 386, 460, 0, 0), 20.0,
        (44.0, 39.0, 34.0, 29.0, 25.0, 22.0, 19.0), 3, 26.0, (14.0, 13.0, 12.0), 3,
        (9.0, 8.5, 8.0, 7.0),
    ),
    # 1200 x 630, what pages are previewed with.
    "wide": _Plan(
        (600.0, 315.0), 30.0, (158.0, 176.0), 7.0, 61.0, Box(378, 61, 192, 176, 0), 16.0,
        (27.0, 24.0, 21.0, 18.5, 16.0, 14.0, 12.5), 4, 18.5, (10.5, 10.0, 9.5), 2,
        (8.0, 7.5, 7.0),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class CardContent:
    """What a share card says.

    Parameters
    ----------
    visitor : ndarray of shape (S, S, 3), uint8
        RGB, the visitor's face.
    tile : Tile
        The match and its portrait; without one there is a monogram.
    stands_out : bool, optional
        Whether the match is nearer than the best of as many strangers; None if nobody knows.
    explained : str, default ""
        Which parts make the two alike.
    among : int, default 0
        How many people the match is the nearest of; said where nobody knows how rare that is.
        0 if it is not the nearest, or that is not known.
    title : str, default "Who do I look like?"
        Above everything.
    """

    visitor: NDArray[np.uint8]
    tile: Tile
    stands_out: bool | None = None
    explained: str = ""
    among: int = 0
    title: str = "Who do I look like?"

    def __post_init__(self) -> None:
        """Check the face."""
        check_array("CardContent.visitor", self.visitor, ("H", "W", 3), np.uint8)
        if self.visitor.size == 0:
            raise ArrayError("CardContent.visitor must hold at least one pixel")

    @property
    def name(self) -> str:
        """How the match is called."""
        person = self.tile.match.person
        return clean(person.name) or clean(person.id)

    @property
    def credit(self) -> str:
        """Whose photo the portrait is; empty if there is none, or nobody to name."""
        found = clean(self.tile.credit)
        return f"Photo: {found}" if found else ""

    @property
    def rarity(self) -> tuple[str, str]:
        """How rare it is that a stranger is as near: a large phrase, and what it means."""
        rarity = self.tile.match.rarity
        if rarity is None:
            return "", f"the nearest of {self.among:,} people" if self.among > 1 else ""
        words = one_in(rarity)
        if self.stands_out is False:
            return words, "strangers is as near, so nobody here stands out"
        return words, "strangers looks this much alike"


def share_card(
    content: CardContent, size: CardSize = "portrait", colors: ThemeName = "light"
) -> SharedCard:
    """Draw the card that people share.

    Parameters
    ----------
    content : CardContent
        What it says.
    size : {"portrait", "wide"}, default "portrait"
        1080 x 1350 or 1200 x 630 pixels.
    colors : {"light", "dark"}, default "light"
        The theme.

    Returns
    -------
    SharedCard
        Pixels, and words for those who cannot see them.

    Raises
    ------
    OptionError
        If there is no such size or theme.

    Examples
    --------
    >>> from lookalike.figures import Tile
    >>> from lookalike.figures.share_card import CardContent, share_card
    >>> from lookalike.types import Match, Person
    >>> face = np.full((150, 150, 3), 200, np.uint8)
    >>> card = share_card(CardContent(face, Tile(Match(Person.named("Ada Lovelace"), 0.4, 1))))
    >>> card.pixels.shape, card.alt
    ((1350, 1080, 3), 'Two faces side by side: a visitor, and a monogram for Ada Lovelace.')
    """
    if size not in _PLANS:
        raise OptionError(f"there is no card size {size!r}", "the sizes are: portrait, wide")
    plan, chosen = _PLANS[size], theme(colors)
    canvas = Canvas(*plan.size, chosen.paper, Typeface("DejaVu Sans"))
    _Drawing(canvas, plan, chosen).draw(content)
    return SharedCard(rendered(canvas.figure), alt_text(content), content.credit)


def alt_text(content: CardContent) -> str:
    """Return what a card shows, for those who cannot see it.

    Parameters
    ----------
    content : CardContent
        What it says.

    Returns
    -------
    str
        Whole sentences.
    """
    pictured = content.tile.portrait is not None
    other = content.name if pictured else f"a monogram for {content.name}"
    sentences = [f"Two faces side by side: a visitor, and {other}."]
    number, meaning = content.rarity
    if meaning:
        said = f"{number} {meaning}".strip()
        sentences.append(f"{said[0].upper()}{said[1:]}.")
    if content.explained:
        sentences.append(clean(content.explained).rstrip(".") + ".")
    if content.credit:
        sentences.append(content.credit.rstrip(".") + ".")
    return " ".join(sentences)


class _Drawing:
    """A card while it is drawn."""

    def __init__(self, canvas: Canvas, plan: _Plan, colors: Theme) -> None:
        self._canvas, self._plan, self._colors = canvas, plan, colors

    def draw(self, content: CardContent) -> None:
        """Draw everything, from top to bottom."""
        plan, colors = self._plan, self._colors
        width, height = plan.size
        inset = plan.margin * 0.4
        ground = Box(inset, inset, width - 2 * inset, height - 2 * inset, 22.0)
        self._canvas.box(ground, colors.panel, colors.hairline, "card")
        title = self._fitted(content.title, plan.size[0] - 2 * plan.margin, 1, (plan.title,))
        base = (plan.faces_top + inset) / 2 + plan.title * CAPITALS / 2 + 2
        self._lines(title, (plan.margin, base), Pen(0, colors.ink, bold=True), "title")
        self._draw_faces(content)
        foot = self._draw_foot(content.credit)
        self._draw_words(content, foot)

    def _draw_faces(self, content: CardContent) -> None:
        plan, colors, canvas = self._plan, self._colors, self._canvas
        width, height = plan.face
        left = Box(plan.margin, plan.faces_top, width, height, width * 0.1)
        right = Box(left.x + width + plan.gap, left.y, width, height, left.radius)
        canvas.picture(content.visitor, left, colors.hairline, "visitor")
        if content.tile.portrait is None:
            draw_monogram(canvas, content.tile.match.person, right, colors, "monogram")
        else:
            canvas.picture(content.tile.portrait, right, colors.hairline, "portrait")
        # A seam between the two that says: about equal.
        radius = width * 0.095
        x, y = left.x + width + plan.gap / 2, left.y + height / 2
        ring = radius + 3.5
        canvas.box(Box(x - ring, y - ring, 2 * ring, 2 * ring, ring), colors.panel)
        disc = Box(x - radius, y - radius, 2 * radius, 2 * radius, radius)
        canvas.box(disc, colors.accent, name="seam")
        sign, size = "≈", radius * 1.35
        x1, y1, x2, y2 = canvas.typeface.ink(sign, size)
        pen = Pen(size, colors.on_accent, bold=True)
        canvas.write(sign, (x - (x1 + x2) / 2, y + (y1 + y2) / 2), pen, name="seam-sign")

    def _draw_words(self, content: CardContent, foot: float) -> None:
        """Write the name, what it means and why, in the middle of the room for them."""
        plan, colors, width = self._plan, self._colors, self._plan.text.width
        number, meaning = content.rarity
        name = self._fitted(content.name, width, plan.name_lines, plan.names, bold=True)
        big = self._fitted(number, width, 1, (plan.number, plan.number * 0.8), bold=True)
        small = self._fitted(meaning, width, 2, plan.small)
        why = self._fitted(content.explained, width, 3, plan.small)
        blocks = [
            (name, Pen(0, colors.ink, bold=True), "name", 0.0),
            (big, Pen(0, colors.accent, bold=True), "rarity", plan.number * 1.05),
            (small, Pen(0, colors.quiet), "meaning", plan.number * (0.36 if number else 0.95)),
            (why, Pen(0, colors.ink), "why", plan.number * (0.62 if meaning else 0.95)),
        ]
        blocks = [block for block in blocks if block[0].lines]
        whole = sum(_height(words) + gap for words, _, _, gap in blocks)
        # Without a height of their own, words have the room down to the foot.
        below = plan.text.y + plan.text.height if plan.text.height else foot
        y = plan.text.y + max((below - plan.text.y - whole) / 2, 0.0)
        for words, pen, name_of, gap in blocks:
            y += gap
            self._lines(words, (plan.text.x, y + words.size * CAPITALS), pen, name_of)
            y += _height(words)

    def _draw_foot(self, credit: str) -> float:
        """Write whose photo it is, and what this is; return where that begins."""
        plan, colors, canvas = self._plan, self._colors, self._canvas
        width = plan.size[0] - 2 * plan.margin
        bottom = plan.size[1] - plan.margin * 0.4 - 15.0
        size = plan.credits[0]
        canvas.write(_FOOTER, (plan.margin, bottom), Pen(size, colors.quiet), name="footer")
        words = self._fitted(credit, width, plan.credit_lines, plan.credits)
        top = bottom - size * CAPITALS - (_height(words) + 7.0 if words.lines else 0.0)
        self._lines(words, (plan.margin, top + words.size * CAPITALS), Pen(0, colors.quiet),
                    "credit")  # fmt: skip
        canvas.box(Box(plan.margin, top - 11.0, width, RIM, 0.0), colors.hairline)
        return top - 11.0

    def _fitted(
        self, text: str, width: float, lines: int, sizes: tuple[float, ...], *, bold: bool = False
    ) -> Fitted:
        def measure(part: str, size: float) -> float:
            return self._canvas.typeface.width(part, size, bold=bold)

        return fit(clean(text), Room(width, lines, sizes), measure)

    def _lines(self, words: Fitted, at: tuple[float, float], pen: Pen, name: str) -> None:
        for number, line in enumerate(words.lines):
            base = at[0], at[1] + number * words.size * _LEADING
            styled = Pen(words.size, pen.color, pen.bold)
            self._canvas.write(line, base, styled, name=f"{name}-{number}")


def _height(words: Fitted) -> float:
    lines = len(words.lines)
    return words.size * ((lines - 1) * _LEADING + CAPITALS) if lines else 0.0

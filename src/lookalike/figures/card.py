"""The card of one match: portrait or monogram, credit, name, distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.figures.canvas import CAPITALS, Box, Pen
from lookalike.figures.layout import CREDIT_STEP, NAME_STEP, TO_NAME
from lookalike.figures.monogram import draw_monogram

if TYPE_CHECKING:
    from lookalike.figures.canvas import Canvas
    from lookalike.figures.distances import Scale
    from lookalike.figures.layout import Extent, Layout
    from lookalike.figures.palette import Theme
    from lookalike.figures.rows import Tile
    from lookalike.figures.wrapping import Fitted

CREDIT_SIZE = 6.0
NAME_SIZES = (12.5, 11.5, 10.5)
_DISTANCE_SIZE = 9.5
_RANK_SIZE = 9.0
_BADGE = 19.0
BAR = 4.0
_RADIUS = 16.0


@dataclass(frozen=True, slots=True)
class Style:
    """What all cards of a figure share.

    Parameters
    ----------
    colors : Theme
        What to paint with.
    scale : Scale
        How to show distances.
    layout : Layout
        Where things go.
    metric : str
        What the distances are.
    """

    colors: Theme
    scale: Scale
    layout: Layout
    metric: str


@dataclass(frozen=True, slots=True)
class Card:
    """A tile whose texts have been fitted.

    Parameters
    ----------
    tile : Tile
        The match and its portrait.
    name, credit : Fitted
        In lines.
    """

    tile: Tile
    name: Fitted
    credit: Fitted


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card goes.

    Parameters
    ----------
    x, y : float
        Its top left.
    extent : Extent
        How many lines the texts of the cards beside it take.
    gid : str
        The card's name, from which those of its parts follow.
    """

    x: float
    y: float
    extent: Extent
    gid: str


def draw_card(canvas: Canvas, card: Card, spot: Spot, style: Style) -> None:
    """Draw the card of one match.

    Parameters
    ----------
    canvas : Canvas
        Where to draw.
    card : Card
        What to draw.
    spot : Spot
        Where.
    style : Style
        How.
    """
    match, colors, side = card.tile.match, style.colors, style.layout.side
    frame, bottom = Box(spot.x, spot.y, side, side, _RADIUS), spot.y + side
    if card.tile.portrait is None:
        draw_monogram(canvas, match.person, frame, colors, f"{spot.gid}-monogram")
    else:
        canvas.picture(card.tile.portrait, frame, colors.hairline, f"{spot.gid}-portrait")
    _draw_rank(canvas, match.rank, frame, colors, f"{spot.gid}-rank")
    for number, line in enumerate(card.name.lines):
        at = spot.x, bottom + TO_NAME + number * NAME_STEP
        pen = Pen(card.name.size, colors.ink, bold=True)
        canvas.write(line, at, pen, name=f"{spot.gid}-name-{number}")
    _draw_distance(canvas, card.tile, spot, style)
    for number, line in enumerate(card.credit.lines):
        at = spot.x, bottom + spot.extent.credit_drop + number * CREDIT_STEP
        pen = Pen(card.credit.size, colors.quiet)
        canvas.write(line, at, pen, name=f"{spot.gid}-credit-{number}")


def _draw_rank(canvas: Canvas, rank: int, frame: Box, colors: Theme, gid: str) -> None:
    """Draw the rank on the corner of the portrait; the first one stands out."""
    text = str(rank)
    fill, ink = (colors.accent, colors.on_accent) if rank == 1 else (colors.panel, colors.ink)
    width = max(_BADGE, canvas.typeface.width(text, _RANK_SIZE, bold=True) + 10)
    badge = Box(frame.x + 7, frame.y + 7, width, _BADGE, _BADGE / 2)
    canvas.box(badge, fill)
    middle = badge.x + width / 2, badge.y + _BADGE / 2 + _RANK_SIZE * CAPITALS / 2
    canvas.write(text, middle, Pen(_RANK_SIZE, ink, bold=True), "center", gid)


def _draw_distance(canvas: Canvas, tile: Tile, spot: Spot, style: Style) -> None:
    """Draw the distance: a bar from zero and its number, or the number alone."""
    distance, colors, side = tile.match.distance, style.colors, style.layout.side
    pen, base = Pen(_DISTANCE_SIZE, colors.quiet), spot.y + side + spot.extent.distance_drop
    text = style.scale.text(distance)
    if not style.scale.comparable:
        named = f"{style.metric} {text}".strip()
        fits = canvas.typeface.width(named, pen.size) <= side
        canvas.write(named if fits else text, (spot.x, base), pen, name=f"{spot.gid}-distance")
        return
    canvas.write(text, (spot.x + side, base), pen, "right", f"{spot.gid}-distance")
    # Digits are all of one width, so every bar leaves the same room for its number.
    room = canvas.typeface.width(style.scale.text(style.scale.top), pen.size) + 8
    middle = base - _DISTANCE_SIZE * CAPITALS / 2
    draw_bar(
        canvas,
        Box(spot.x, middle - BAR / 2, side - room, BAR, BAR / 2),
        style.scale.share(distance),
        (colors.track, colors.accent if tile.match.rank == 1 else colors.bar),
        f"{spot.gid}-bar",
    )


def draw_bar(
    canvas: Canvas, track: Box, share: float, colors: tuple[str, str], gid: str = ""
) -> None:
    """Draw a bar on its track.

    Parameters
    ----------
    canvas : Canvas
        Where to draw.
    track : Box
        The whole length.
    share : float
        How much of it is filled, 0 to 1.
    colors : tuple of str
        Of the track and of the filled part.
    gid : str, default ""
        The name of the filled part.
    """
    canvas.box(track, colors[0])
    if share > 0:
        # Shorter than it is high, a round end would bulge out of the track.
        width = max(track.width * share, track.height)
        canvas.box(Box(track.x, track.y, width, track.height, track.radius), colors[1], name=gid)

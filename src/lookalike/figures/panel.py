"""The panel of one face: the visitor on the left, the matches on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.figures.canvas import CAPITALS, RIM, Box, Pen
from lookalike.figures.card import Card, Spot, draw_card
from lookalike.figures.layout import PAD, REASON, SPLIT, TO_LABEL, VISITOR
from lookalike.figures.monogram import draw_silhouette
from lookalike.figures.palette import Tint
from lookalike.figures.typeface import clean
from lookalike.figures.wrapping import Room, fit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lookalike.figures.canvas import Canvas
    from lookalike.figures.card import Style
    from lookalike.figures.rows import Reason

_PANEL_RADIUS = 26.0
_FACE_RADIUS = 22.0
_MESSAGE_SIZES = (15.0, 13.5, 12.0)
_LABEL_SIZES = (10.5, 9.5)
_REASON_SIZES = (13.5, 12.0, 10.5, 9.5)
_KEY = "Orange makes them alike, purple sets them apart."


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """What one panel holds.

    Parameters
    ----------
    row : int
        Which face it is, from 0.
    visitor : ndarray of shape (S, S, 3), uint8, or None
        RGB; None draws a silhouette.
    label : str
        What to write under the visitor.
    cards : tuple of Card
        The matches.
    message : str
        What to write if there are none.
    reason : Reason, optional
        Why the best match looks alike.
    """

    row: int
    visitor: NDArray[np.uint8] | None
    label: str
    cards: tuple[Card, ...]
    message: str
    reason: Reason | None = None

    @property
    def gid(self) -> str:
        """Its name in the figure, from which those of its parts follow."""
        return f"row-{self.row}"


def draw_panel(canvas: Canvas, panel: Panel, at: tuple[float, float], style: Style) -> None:
    """Draw the panel of one face.

    Parameters
    ----------
    canvas : Canvas
        Where to draw.
    panel : Panel
        What to draw.
    at : tuple of float
        ``x y`` of the top left of the first panel.
    style : Style
        How.
    """
    layout, colors = style.layout, style.colors
    left, top, height = layout.panel(panel.row)
    ground = Box(at[0] + left, at[1] + top, layout.panel_width, height, _PANEL_RADIUS)
    canvas.box(ground, colors.panel, colors.hairline, panel.gid)
    _draw_visitor(canvas, panel, ground, style)
    middle = ground.x + PAD + VISITOR + SPLIT / 2
    above = height - layout.extents[panel.row].reason
    canvas.box(Box(middle, ground.y + PAD + 6, RIM, above - 2 * PAD - 12, 0), colors.hairline)
    for number, card in enumerate(panel.cards):
        x, y = layout.tile(panel.row, number)
        extent, gid = layout.extents[panel.row], f"{panel.gid}-tile-{number}"
        draw_card(canvas, card, Spot(ground.x + x, ground.y + y, extent, gid), style)
    if not panel.cards:
        _draw_message(canvas, panel, ground, style)
    if panel.reason is not None:
        _draw_reason(canvas, panel.reason, ground, style, panel.gid)


def _draw_visitor(canvas: Canvas, panel: Panel, ground: Box, style: Style) -> None:
    """Draw the visitor in the middle of the panel's height, with the label below."""
    colors, gid = style.colors, f"{panel.gid}-visitor"
    extent = style.layout.extents[panel.row]
    top = ground.y + (ground.height - extent.reason - extent.visitor) / 2
    frame = Box(ground.x + PAD, top, VISITOR, VISITOR, _FACE_RADIUS)
    if panel.visitor is None:
        canvas.box(frame, colors.paper, colors.hairline)
        draw_silhouette(canvas, frame, Tint(colors.track, colors.bar), gid)
    else:
        canvas.picture(panel.visitor, frame, colors.hairline, gid)
    fitted = fit(clean(panel.label), Room(VISITOR, 1, _LABEL_SIZES), canvas.typeface.width)
    for line in fitted.lines:
        at = frame.x + VISITOR / 2, top + VISITOR + TO_LABEL - 3
        canvas.write(line, at, Pen(fitted.size, colors.quiet), "center", f"{panel.gid}-label")


def _draw_message(canvas: Canvas, panel: Panel, ground: Box, style: Style) -> None:
    """Write why there is nobody, in the middle of the room for the matches."""
    left = PAD + VISITOR + SPLIT
    room = Room(ground.width - left - PAD, 3, _MESSAGE_SIZES)
    fitted = fit(clean(panel.message), room, canvas.typeface.width)
    step = fitted.size * 1.4
    top = ground.y + ground.height / 2 - (len(fitted.lines) - 1) * step / 2
    for number, line in enumerate(fitted.lines):
        at = ground.x + left, top + number * step + fitted.size * CAPITALS / 2
        pen = Pen(fitted.size, style.colors.quiet)
        canvas.write(line, at, pen, name=f"{panel.gid}-message-{number}")


def _draw_reason(canvas: Canvas, reason: Reason, ground: Box, style: Style, gid: str) -> None:
    """Draw both faces with the map over them, and say what it means, below everything else."""
    colors, width = style.colors, ground.width - 2 * PAD
    top = ground.y + ground.height - REASON
    canvas.box(Box(ground.x + PAD, top, width, RIM, 0.0), colors.hairline)
    side = REASON - 2 * PAD + 6
    for number, face in enumerate(reason.faces):
        frame = Box(ground.x + PAD + number * (side + 8), top + PAD - 6, side, side, 14.0)
        canvas.picture(face, frame, colors.hairline, f"{gid}-reason-{number}")
    left = ground.x + PAD + 2 * side + 8 + 18
    _write_reason(canvas, reason, Box(left, top, ground.x + ground.width - PAD - left, REASON, 0),
                  style, gid)  # fmt: skip


def _write_reason(canvas: Canvas, reason: Reason, frame: Box, style: Style, gid: str) -> None:
    """Write whom it is about, the sentence, and what the colors mean, in the middle."""
    colors, measure = style.colors, canvas.typeface.width
    texts = (
        (reason.title, 1, _LABEL_SIZES, Pen(0, colors.quiet), "title"),
        (reason.sentence, 4, _REASON_SIZES, Pen(0, colors.ink), "words"),
        (_KEY, 3, (8.5, 8.0), Pen(0, colors.quiet), "key"),
    )
    fitted = [fit(clean(text), Room(frame.width, most, sizes), measure)
              for text, most, sizes, _, _ in texts]  # fmt: skip
    height = sum(len(words.lines) * words.size * 1.35 + 5 for words in fitted if words.lines)
    y = frame.y + (frame.height - height) / 2
    for words, (_, _, _, pen, name) in zip(fitted, texts, strict=True):
        for number, line in enumerate(words.lines):
            y += words.size * 1.35
            styled = Pen(words.size, pen.color)
            canvas.write(line, (frame.x, y), styled, name=f"{gid}-reason-{name}-{number}")
        y += 5 if words.lines else 0

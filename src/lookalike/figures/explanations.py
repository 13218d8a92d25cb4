"""What makes two faces alike, as a figure: a map over both, and a bar for each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import ArrayError
from lookalike.figures.canvas import CAPITALS, RIM, Box, Canvas, Pen
from lookalike.figures.heat import ALIKE, APART, heat_faces
from lookalike.figures.palette import mixed
from lookalike.figures.poster import Poster
from lookalike.figures.typeface import clean
from lookalike.figures.wrapping import Room, fit
from lookalike.types._check import check_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.explain import Explanation, PartWeight
    from lookalike.figures.palette import Theme
    from lookalike.figures.poster import Wording

_PAD: Final = 24.0
_FACE: Final = 216.0
_GAP: Final = 12.0
_SPLIT: Final = 36.0
_WORDS: Final = 320.0
_LABEL: Final = 24.0
_ROW_GAP: Final = 18.0
_SENTENCES: Final = (15.0, 13.5, 12.0)
_STEP: Final = 20.0
_NAME: Final = 72.0
_LEGEND: Final = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class ExplainedPair:
    """Two faces and what makes them alike.

    Parameters
    ----------
    explanation : Explanation
        What was measured.
    faces : ndarray of shape (2, S, S, 3), uint8
        The two crops that were explained, RGB.
    labels : tuple of str, default ("", "")
        What to write under each.
    """

    explanation: Explanation
    faces: NDArray[np.uint8]
    labels: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        """Check the faces."""
        check_array("ExplainedPair.faces", self.faces, (2, "S", "S", 3), np.uint8)


def explanations(pairs: Sequence[ExplainedPair], wording: Wording) -> Figure:
    """Draw what makes faces alike.

    Parameters
    ----------
    pairs : sequence of ExplainedPair
        At least one; each has a row.
    wording : Wording
        What stands around them.

    Returns
    -------
    matplotlib.figure.Figure
        It belongs to no window; `save` writes it to a file.

    Raises
    ------
    ArrayError
        If there is nothing to draw.
    OptionError
        If there is no such theme or the typeface is not installed.
    """
    if not pairs:
        raise ArrayError("there is no explanation to draw")
    width = 2 * _PAD + 2 * _FACE + _GAP + _SPLIT + _WORDS
    row = 2 * _PAD + _FACE + _LABEL
    height = len(pairs) * (row + _ROW_GAP) - _ROW_GAP + _LEGEND
    poster = Poster(wording, width, height)
    canvas = Canvas(*poster.size, poster.colors.paper, poster.typeface)
    poster.write_on(canvas)
    left, top = poster.origin
    for number, pair in enumerate(pairs):
        ground = Box(left, top + number * (row + _ROW_GAP), width, row, 26.0)
        _draw_pair(canvas, pair, ground, poster.colors, f"pair-{number}")
    _draw_scale(canvas, (left, top + height), width, poster.colors)
    return canvas.figure


def _draw_pair(canvas: Canvas, pair: ExplainedPair, ground: Box, colors: Theme, gid: str) -> None:
    canvas.box(ground, colors.panel, colors.hairline, gid)
    x, y = ground.x + _PAD, ground.y + _PAD
    heated = heat_faces(pair.explanation, pair.faces)
    for side, (face, label) in enumerate(zip(heated, pair.labels, strict=True)):
        frame = Box(x + side * (_FACE + _GAP), y, _FACE, _FACE, 22.0)
        canvas.picture(face, frame, colors.hairline, f"{gid}-face-{side}")
        fitted = fit(clean(label), Room(_FACE, 1, (10.5, 9.5, 8.5)), canvas.typeface.width)
        for line in fitted.lines:
            at = frame.x + _FACE / 2, y + _FACE + 18
            pen = Pen(fitted.size, colors.quiet)
            canvas.write(line, at, pen, "center", f"{gid}-label-{side}")
    right = Box(x + 2 * _FACE + _GAP + _SPLIT, y, _WORDS, _FACE, 0.0)
    _draw_words(canvas, pair.explanation, right, colors, gid)


def _draw_words(
    canvas: Canvas, explanation: Explanation, frame: Box, colors: Theme, gid: str
) -> None:
    """Write the sentence, then a bar for each part, then how far to believe it."""

    def bold(part: str, size: float) -> float:
        return canvas.typeface.width(part, size, bold=True)

    words = fit(explanation.sentence, Room(frame.width, 3, _SENTENCES), bold)
    y = frame.y + words.size * CAPITALS
    for number, line in enumerate(words.lines):
        pen = Pen(words.size, colors.ink, bold=True)
        canvas.write(
            line, (frame.x, y + number * words.size * 1.25), pen, name=f"{gid}-why-{number}"
        )
    bars = frame.y + 66.0
    changes = [0.0, *(part.change for part in explanation.parts)]
    # Zero moves to the right as far as there are bars to the left of it.
    lowest, room = min(changes), frame.width - _NAME - 52.0
    span = max(max(changes) - lowest, 1e-9)
    zero = frame.x + _NAME + room * (-lowest / span)
    for number, part in enumerate(explanation.parts):
        _draw_part(canvas, part, (frame.x, bars + number * _STEP), (zero, room / span), colors)
    edge = Box(zero - RIM / 2, bars - 2, RIM, len(explanation.parts) * _STEP, 0.0)
    canvas.box(edge, colors.quiet)
    text = (
        f"{explanation.metric} distance {explanation.distance:.3g} · "
        f"stability {explanation.stability:.2f}"
    )
    canvas.write(text, (frame.x, frame.y + frame.height + 18), Pen(9.5, colors.quiet),
                 name=f"{gid}-numbers")  # fmt: skip


def _draw_part(
    canvas: Canvas,
    part: PartWeight,
    at: tuple[float, float],
    scale: tuple[float, float],
    colors: Theme,
) -> None:
    """Draw how much a part counts, to the right for alike and to the left for apart."""
    base = at[1] + 8.0 + 9.5 * CAPITALS / 2
    canvas.write(part.name, (at[0], base), Pen(9.5, colors.ink), name=f"part-{part.name}")
    zero, each = scale
    length = abs(part.change) * each
    x = zero if part.change >= 0 else zero - length
    fill = ALIKE if part.change >= 0 else APART
    if length > 0:
        canvas.box(Box(x, at[1] + 3.0, length, 10.0, 2.5), fill, name=f"bar-{part.name}")
    text = f"{part.change:+.3f}" if abs(part.change) < 10 else f"{part.change:+.1f}"
    canvas.write(text, (max(x + length, zero) + 6, base), Pen(8.5, colors.quiet))


def _draw_scale(canvas: Canvas, at: tuple[float, float], width: float, colors: Theme) -> None:
    """Draw what the colors mean, at the right of the line below the rows."""
    base, steps, key = at[1] - 4.0, 24, 132.0
    words = ("sets them apart", "makes them alike")
    widths = [canvas.typeface.width(text, 9.5) for text in words]
    x = at[0] + width - widths[1]
    canvas.write(words[1], (x, base), Pen(9.5, colors.quiet), name="legend-alike")
    x -= key + 8
    for step in range(steps):
        share = abs(2 * (step + 0.5) / steps - 1)
        fill = mixed(ALIKE if 2 * step >= steps else APART, colors.track, share)
        canvas.box(Box(x + step * key / steps, base - 8, key / steps + 0.3, 9, 0.0), fill)
    canvas.write(words[0], (x - 8, base), Pen(9.5, colors.quiet), "right", "legend-apart")

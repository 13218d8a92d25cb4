"""Who stands in for a portrait that there is none of: a person's initials on a tinted disc."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.figures.canvas import Box, Pen
from lookalike.figures.initials import initials
from lookalike.figures.palette import mixed, tint
from lookalike.figures.typeface import clean

if TYPE_CHECKING:
    from lookalike.figures.canvas import Canvas
    from lookalike.figures.palette import Theme, Tint
    from lookalike.types import Person

# How much of a tint the ground behind the disc takes on.
_GROUND = 0.42
_DISC = 0.34


def draw_monogram(canvas: Canvas, person: Person, frame: Box, colors: Theme, gid: str) -> None:
    """Draw a person's initials; a silhouette if no installed font can write them.

    Parameters
    ----------
    canvas : Canvas
        Where to draw.
    person : Person
        Whose initials; the tint follows from the id.
    frame : Box
        The square that a portrait would fill.
    colors : Theme
        What to paint with.
    gid : str
        The name of the disc, from which that of the letters follows.
    """
    shade = tint(person.id, colors)
    canvas.box(frame, mixed(shade.disc, colors.panel, _GROUND), colors.hairline)
    letters = initials(clean(person.name))
    if not letters or not canvas.typeface.draws(letters):
        draw_silhouette(canvas, frame, shade, gid)
        return
    disc = _disc(frame)
    canvas.box(disc, shade.disc, name=gid)
    size = disc.radius * (0.78 if len(letters) > 1 else 0.92)
    # Scripts differ in where their letters stand on the line; the ink is what the eye centers.
    x1, y1, x2, y2 = canvas.typeface.ink(letters, size)
    base = disc.x + disc.radius - (x1 + x2) / 2, disc.y + disc.radius + (y1 + y2) / 2
    canvas.write(letters, base, Pen(size, shade.ink, bold=True), name=f"{gid}-initials")


def draw_silhouette(canvas: Canvas, frame: Box, shade: Tint, gid: str) -> None:
    """Draw a head and shoulders on a disc.

    Parameters
    ----------
    canvas : Canvas
        Where to draw.
    frame : Box
        The square that a portrait would fill.
    shade : Tint
        The colors of the disc and of the figure on it.
    gid : str
        The name of the disc.
    """
    disc = _disc(frame)
    x, y, unit = disc.x + disc.radius, disc.y + disc.radius, disc.radius
    canvas.box(disc, shade.disc, name=gid)
    canvas.box(_round(x, y - unit * 0.2, unit * 0.32), shade.ink, name=f"{gid}-silhouette")
    canvas.box(_round(x, y + unit * 0.86, unit * 0.62), shade.ink, within=disc)


def _disc(frame: Box) -> Box:
    return _round(frame.x + frame.width / 2, frame.y + frame.height / 2, frame.width * _DISC)


def _round(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, 2 * radius, 2 * radius, radius)

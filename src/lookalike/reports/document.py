"""A report before it is written: headings, words, tables, pictures; the same for all formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lookalike.reports.cards import Picture


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows.

    Parameters
    ----------
    headings : tuple of str
        Of the columns.
    rows : tuple of tuple of str
        Their cells; the first of each row says what it is of.
    caption : str
        What it shows, in one sentence.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn figure.

    Parameters
    ----------
    light, dark : bytes
        The same as SVG, for light and dark pages.
    words : str
        What it shows, for those who cannot see it.
    """

    light: bytes
    dark: bytes
    words: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos beside each other.

    Parameters
    ----------
    one, other : Picture
        The photos.
    words : str
        Why they are shown.
    """

    one: Picture
    other: Picture
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report.

    Parameters
    ----------
    key : str
        A word that a link can lead to.
    heading : str
        What it is about.
    words : tuple of str
        What to know before reading the figures, in paragraphs.
    tables : tuple of Table
        The figures.
    charts : tuple of Chart
        The same drawn.
    pairs : tuple of Pair
        Photos.
    """

    key: str
    heading: str
    words: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A report.

    Parameters
    ----------
    title : str
        What was measured.
    facts : tuple of str
        How much of it, in a few words each.
    sections : tuple of Section
        Its parts.
    origin : tuple of (str, str)
        With what, on what and when it was measured.
    data : mapping
        All figures as JSON values.
    """

    title: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    origin: tuple[tuple[str, str], ...]
    data: Mapping[str, Any]

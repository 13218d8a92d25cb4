"""What stands on a page of suggestions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo to show.

    Parameters
    ----------
    number : int
        What to ask for its thumbnail.
    name : str
        Whom it is filed under.
    uri : str
        Where it came from.
    initials : str
        What to show if there is no thumbnail.
    licence : str
        Empty if not known.
    credit : str
        Whom to name, empty if not known.
    page : str
        The address of the page it was published on, empty if not known.
    """

    number: int
    name: str
    uri: str
    initials: str = ""
    licence: str = ""
    credit: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """Photos that belong together.

    Parameters
    ----------
    caption : str
        What they are.
    pictures : tuple of Picture
        Some of them.
    more : int
        How many are not shown.
    """

    caption: str
    pictures: tuple[Picture, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """One suggestion.

    Parameters
    ----------
    kind : str
        The section it belongs to: a key of `lookalike.reports.audit.SECTIONS`.
    heading : str
        Whom it is about.
    why : str
        The reason, in one sentence.
    confidence : float
        0 to 1.
    sides : tuple of Side
        What to compare, from left to right.
    questioned : Side, optional
        The faces it is about, shown large; a whole person is not.
    accept : bool, default False
        Whether it is accepted already.
    """

    kind: str
    heading: str
    why: str
    confidence: float
    sides: tuple[Side, ...]
    questioned: Side | None = None
    accept: bool = False


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What a page says.

    Parameters
    ----------
    title : str
        What was audited.
    cards : tuple of Card
        One for each decision, in the order of the decisions.
    facts : tuple of str
        What was looked at, in a few words each.
    decisions : str
        The file of decisions as JSON: an object with a list ``decisions``, whose entries have a
        field ``accept``.
    file_name : str
        What the saved file is called.
    scale : str, default ""
        What the numbers in the reasons mean.
    """

    title: str
    cards: tuple[Card, ...]
    facts: tuple[str, ...]
    decisions: str
    file_name: str = "decisions.json"
    scale: str = ""

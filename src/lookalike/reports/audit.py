"""The page of an audit: every suggestion as a card, with a box to accept it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final

from lookalike.reports.rendering import linkable, render
from lookalike.reports.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.reports.cards import AuditPage

#: How many cards get pictures: about 50 KB each. The rest is in words.
_ILLUSTRATED: Final = 400

#: For each kind of suggestion: its heading, and what accepting does.
SECTIONS: Final = {
    "relabel": (
        "Filed under the wrong person",
        "Accept to move the photo to the person after the arrow.",
    ),
    "merge": (
        "One person under two names",
        "Accept to put the photos of both under the name after the arrow.",
    ),
    "split": (
        "Two people under one name",
        "Accept to move the photos that go to a new person, whom you can rename.",
    ),
    "drop": (
        "Not this person, and nobody known",
        "Accept to leave the photo out. Some show the right person, in costume or behind glasses.",
    ),
    "duplicate": (
        "The same picture under two names",
        "Accept to leave out the copy in question; the other one stays.",
    ),
}

#: Words for a confidence, from the surest down.
_WORDS: Final = (
    (0.95, "almost certain"),
    (0.85, "very likely"),
    (0.7, "likely"),
    (0.5, "more likely than not"),
    (0.0, "a guess"),
)


def in_words(confidence: float) -> str:
    """Put a confidence into words.

    Parameters
    ----------
    confidence : float
        0 to 1.

    Returns
    -------
    str
        For example ``very likely``.

    Examples
    --------
    >>> in_words(0.97), in_words(0.6)
    ('almost certain', 'more likely than not')
    """
    return next(words for least, words in _WORDS if confidence >= least)


def audit_page(page: AuditPage, thumbnail: Callable[[int], bytes]) -> str:
    """Write the page of an audit.

    Parameters
    ----------
    page : AuditPage
        What it says.
    thumbnail : callable
        Returns the JPEG of a face by its number; empty bytes if there is none.

    Returns
    -------
    str
        HTML that works from a file: pictures, style and script are inside. It loads nothing.
    """
    thumbnails = Thumbnails(thumbnail)
    counts = Counter(card.kind for card in page.cards)
    numbered = list(enumerate(page.cards))
    sections = [
        {
            "kind": kind,
            "title": title,
            "advice": advice,
            "cards": [(at, card) for at, card in numbered if card.kind == kind],
        }
        for kind, (title, advice) in SECTIONS.items()
        if counts[kind]
    ]
    return render(
        "audit.html",
        "audit.js",
        page=page,
        sections=sections,
        decisions=json.loads(page.decisions),
        in_words=in_words,
        large=thumbnails.large,
        small=thumbnails.small,
        illustrated=_ILLUSTRATED,
        almost_certain=_WORDS[0][0],
        linkable=linkable,
    )

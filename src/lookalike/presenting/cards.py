"""The share card of a match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lookalike.alignment import portraits
from lookalike.errors import OptionError
from lookalike.figures.rows import Tile
from lookalike.figures.share_card import CardContent, share_card

if TYPE_CHECKING:
    from lookalike.figures.palette import ThemeName
    from lookalike.figures.share_card import CardSize
    from lookalike.figures.shared import SharedCard
    from lookalike.pipeline import Finder
    from lookalike.types import Found, Match

_VISITOR_PX: Final = 640


def card_of_match(
    finder: Finder,
    found: Found,
    which: tuple[int, int] = (0, 0),
    size: CardSize = "portrait",
    theme: ThemeName = "light",
    explained: str = "",
) -> SharedCard:
    """Draw the share card of a face and one of its matches.

    Parameters
    ----------
    finder : Finder
        What found it.
    found : Found
        What was found.
    which : tuple of int, default (0, 0)
        The visitor's face and the match, both from 0.
    size : {"portrait", "wide"}, default "portrait"
        1080 x 1350 or 1200 x 630 pixels.
    theme : {"light", "dark"}, default "light"
        The colors.
    explained : str, default ""
        Which parts make the two alike, see `explain_match`.

    Returns
    -------
    SharedCard
        Pixels, alternative text, credit.

    Raises
    ------
    OptionError
        If there is no such face, match, size or theme.
    """
    face, number = which
    if not 0 <= face < len(found) or not 0 <= number < len(found.matches[face]):
        raise OptionError(
            f"there is no match {number + 1} of face {face + 1}", "nobody was found for it"
        )
    match: Match = found.matches[face][number]
    analysis = found.analysis
    visitor = portraits(analysis.image, analysis.faces, _VISITOR_PX)[face]
    tile = Tile(match, finder.gallery.portrait(match))
    # Of the second and third it was never asked whether they stand out.
    stands_out, among = (found.stands_out(face), found.among) if number == 0 else (None, 0)
    content = CardContent(visitor, tile, stands_out, explained, among)
    return share_card(content, size, theme)

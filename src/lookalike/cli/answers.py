"""A finding as people and as machines read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from lookalike.cli.output import out
from lookalike.fields import face_fields, guess_fields, match_fields, photo_fields, three_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.gallery.asking.probe import Guess
    from lookalike.gallery.asking.ranking import FindOptions
    from lookalike.pipeline import Finder
    from lookalike.types import Found, Match, Rarity


def found_fields(found: Found, guesses: Sequence[Guess] = ()) -> list[dict[str, Any]]:
    """Return the faces of a photo and their look-alikes for machines.

    Parameters
    ----------
    found : Found
        What was found.
    guesses : sequence of Guess, optional
        What was guessed of each face, if anything was.

    Returns
    -------
    list of dict
        One for each face; boxes and landmarks in pixels of the upright file.
    """
    times = found.analysis.image.reduction
    return [
        {
            **face_fields(face, times),
            "matches": [match_and_photos(match) for match in matches],
            "stands_out": found.stands_out(number),
            "guess": guess_fields(guesses[number]) if guesses else None,
        }
        for number, (face, matches) in enumerate(zip(found.analysis.faces, found, strict=True))
    ]


def head_fields(finder: Finder, options: FindOptions) -> dict[str, Any]:
    """Say for machines what was asked of what.

    Parameters
    ----------
    finder : Finder
        What answers.
    options : FindOptions
        The question.

    Returns
    -------
    dict
        The gallery, the space and the ranking.
    """
    header = finder.gallery.header
    return {
        "gallery": header.title or finder.gallery.file.name,
        "encoder": header.space.encoder,
        "space": header.space.digest,
        "views": header.views,
        "metric": options.metric,
        "rank": options.rank,
    }


def match_and_photos(match: Match) -> dict[str, Any]:
    """Return a look-alike for machines, with where its photos lie.

    Parameters
    ----------
    match : Match
        Who, how near, and by which photos.

    Returns
    -------
    dict
        JSON values.
    """
    photos = [
        {**photo_fields(photo), "source": photo.source, "uri": photo.uri} for photo in match.photos
    ]
    return {**match_fields(match), "photos": photos}


def print_found(
    photo: str, found: Found, metric: str, guesses: Sequence[Guess] = (), sure: float = 1.0
) -> None:
    """Print the look-alikes of a photo as tables.

    Parameters
    ----------
    photo : str
        Its name.
    found : Found
        What was found.
    metric : str
        The distance's name.
    guesses : sequence of Guess, optional
        What was guessed of each face, if anything was.
    sure : float, default 1.0
        How sure a guess had to be to count.
    """
    if len(found) == 0:
        out.print(f"{photo}: no face was found", highlight=False, markup=False, soft_wrap=True)
        return
    for number, matches in enumerate(found, 1):
        which = f", face {number} of {len(found)}" if len(found) > 1 else ""
        out.print(f"{photo}{which}", style="bold", highlight=False, markup=False, soft_wrap=True)
        if guesses:
            words = guess_in_words(guesses[number - 1], sure)
            out.print(words, style="dim", highlight=False, markup=False)
        table = Table(box=None)
        table.add_column("", justify="right", style="dim")
        table.add_column("looks like", style="cyan")
        table.add_column(f"{metric} distance", justify="right")
        table.add_column("strangers as near", justify="right")
        if not matches:
            out.print("  there is nobody of whom this holds", style="dim")
            continue
        for match in matches:
            said = rarity_in_words(match.rarity)
            table.add_row(str(match.rank), escape(match.person.name), f"{match.distance:.3f}", said)
        out.print(table)
        if found.stands_out(number - 1) is False:
            words = f"Nobody here stands out: the best of {found.among:,} strangers is as near."
            out.print(words, style="dim", highlight=False)


def guess_in_words(guess: Guess, sure: float) -> str:
    """Say what was guessed of a face, and what follows.

    Parameters
    ----------
    guess : Guess
        The guess.
    sure : float
        How sure it had to be to count.

    Returns
    -------
    str
        One sentence.
    """
    words = f"{guess.attribute}: {guess.value}, {guess.confidence:.0%} sure"
    rightly = f"such guesses are right for {guess.accuracy:.0%} of people"
    if guess.confidence < sure:
        return f"{words} ({rightly}): not sure enough, everybody is ranked"
    return f"{words} ({rightly}): only those are ranked"


def rarity_in_words(rarity: Rarity | None) -> str:
    """Say how rare a distance is.

    Parameters
    ----------
    rarity : Rarity or None
        What it means, if that is known.

    Returns
    -------
    str
        A few words; empty if it is not known.
    """
    return "" if rarity is None else f"1 in {three_digits(rarity.one_in):,.0f}"

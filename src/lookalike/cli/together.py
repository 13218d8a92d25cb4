"""``lookalike find --together``: several photos of one visitor, one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from lookalike.cli.answers import (
    guess_in_words,
    head_fields,
    match_and_photos,
    rarity_in_words,
)
from lookalike.cli.output import out, print_json
from lookalike.errors import ImageError
from lookalike.fields import error_fields, face_fields, guess_fields, share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lookalike.gallery.asking.probe import Guess
    from lookalike.gallery.asking.ranking import FindOptions
    from lookalike.pipeline import Finder
    from lookalike.types import FoundTogether, VisitorPhoto

TogetherOption = Annotated[
    bool,
    typer.Option(
        "--together",
        help="All photos show one person: give one answer, and say how stable it is.",
    ),
]

#: Measured: how often five other photos of the same person named the same first, by stability.
_STABLE: Final = ((0.8, "stable"), (0.6, "fairly stable"), (0.0, "not stable"))


def answer_together(
    finder: Finder,
    photos: Sequence[Path],
    options: FindOptions,
    output: Path | None,
    *,
    as_json: bool,
) -> None:
    """Find the look-alikes of one visitor, and say, print or draw them.

    Parameters
    ----------
    finder : Finder
        What answers.
    photos : sequence of Path
        Of one person.
    options : FindOptions
        The question.
    output : Path or None
        Where to draw.
    as_json : bool
        Whether to answer machines.

    Raises
    ------
    ImageError, NoFace
        If no photo can be used.
    """
    found = finder.find_together(photos, options)
    guesses: list[Guess] = []
    if options.like_me:
        guesses = finder.gallery.guess(found.visitor.faces.mean(), options.like_me)
    if output is not None:
        from lookalike.cli.figure import draw_together

        draw_together(output, found, finder.gallery, options.metric)
    if as_json:
        print_json({**head_fields(finder, options), "together": _fields(photos, found, guesses)})
        return
    _print(photos, found, options, guesses)
    if output is not None:
        out.print(f"drawn: {output}", highlight=False, markup=False)


def _fields(
    photos: Sequence[Path], found: FoundTogether, guesses: Sequence[Guess]
) -> dict[str, Any]:
    return {
        "photos": [
            _photo_fields(path, photo)
            for path, photo in zip(photos, found.visitor.photos, strict=True)
        ],
        "used": len(found.visitor.faces),
        "agree": found.visitor.agree,
        "matches": [
            {**match_and_photos(match), "stability": share(match.stability)} for match in found
        ],
        "stability": share(found.stability),
        "stands_out": found.stands_out(),
        "guess": guess_fields(guesses[0]) if guesses else None,
    }


def _photo_fields(path: Path, photo: VisitorPhoto) -> dict[str, Any]:
    fields: dict[str, Any] = {"photo": str(path), "outcome": photo.outcome}
    if isinstance(photo.look, ImageError):
        return {**fields, "faces": 0, "face": None, "error": error_fields(photo.look)}
    face = None
    if photo.face is not None:
        (face,) = photo.look.faces.take([photo.face])
    where = None if face is None else face_fields(face, photo.look.image.reduction)
    return {**fields, "faces": len(photo.look), "face": where}


def _print(
    photos: Sequence[Path], found: FoundTogether, options: FindOptions, guesses: Sequence[Guess]
) -> None:
    used = len(found.visitor.faces)
    out.print(f"{used} of {len(photos)} photos together", style="bold", highlight=False)
    for path, photo in zip(photos, found.visitor.photos, strict=True):
        if photo.outcome != "used":
            said = f"  {path}: {_in_words(photo)}, passed over"
            out.print(said, style="yellow", highlight=False, markup=False, soft_wrap=True)
    if not found.visitor.agree:
        out.print(
            "The photos seem to show different people: give photos of one person.",
            style="yellow",
        )
    if guesses:
        out.print(guess_in_words(guesses[0], options.sure), style="dim", highlight=False)
    if not found.matches:
        out.print("  there is nobody of whom this holds", style="dim")
        return
    out.print(_table(found, options.metric))
    if found.stability is not None:
        _print_stability(found.stability, used)
    if found.stands_out() is False:
        words = f"Nobody here stands out: the best of {found.among:,} strangers is as near."
        out.print(words, style="dim", highlight=False)


def _table(found: FoundTogether, metric: str) -> Table:
    table = Table(box=None)
    table.add_column("", justify="right", style="dim")
    table.add_column("looks like", style="cyan")
    for title in (f"{metric} distance", "strangers as near", "stability"):
        table.add_column(title, justify="right")
    for match in found:
        stability = "" if match.stability is None else f"{match.stability:.0%}"
        said = rarity_in_words(match.rarity)
        rank, distance = str(match.rank), f"{match.distance:.3f}"
        table.add_row(rank, escape(match.person.name), distance, said, stability)
    return table


def _print_stability(stability: float, used: int) -> None:
    word = next(word for least, word in _STABLE if stability >= least)
    half = f"any {used // 2} of the {used} photos" if used > 3 else "any single one of them"
    words = (
        f"{word.capitalize()}: by {half}, the same person comes first in {stability:.0%} of cases."
    )
    out.print(words, style="dim", highlight=False)


def _in_words(photo: VisitorPhoto) -> str:
    if isinstance(photo.look, ImageError):
        return photo.look.message
    return {
        "somebody else": "seems to show somebody else",
        "no face": "no face was found",
    }[photo.outcome]

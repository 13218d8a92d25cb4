"""Why faces are alike, as commands say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from lookalike.cli.output import out

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.pipeline import Analyst, Finder
    from lookalike.presenting import Explained
    from lookalike.protocols import Metric
    from lookalike.types import Found
    from lookalike.visitors.largest import LargestFace

ExplainOption = Annotated[
    bool,
    typer.Option("--explain", help="Say which parts of the face make the two alike."),
]

#: What is said where the gallery keeps no picture to hide parts of.
_NO_PICTURE: Final = "the gallery keeps no picture of it to explain by"


def best_reasons(finder: Finder, found: Found, metric: str) -> list[Explained | None]:
    """Explain the best match of every face of a photo.

    Parameters
    ----------
    finder : Finder
        What found them.
    found : Found
        What was found.
    metric : str
        The distance.

    Returns
    -------
    list of Explained or None
        One for each face; None where there is no match, or no picture of it.
    """
    from lookalike.presenting import explain_match

    return [
        explain_match(finder, found, number, matches[0], metric) if matches else None
        for number, matches in enumerate(found)
    ]


def print_reasons(found: Found, reasons: list[Explained | None]) -> None:
    """Print why each face resembles its best match.

    Parameters
    ----------
    found : Found
        What was found.
    reasons : list of Explained or None
        As `best_reasons` gave them.
    """
    # Without --explain there is nothing to say.
    for matches, reason in zip(found, reasons, strict=False):
        if matches:
            said = _NO_PICTURE if reason is None else reason.explanation.sentence
            words = f"why {matches[0].person.name}: {said}"
            out.print(words, highlight=False, markup=False, soft_wrap=True)


def add_reasons(fields: list[dict[str, Any]], reasons: list[Explained | None]) -> None:
    """Add why each face resembles its best match to the answer for machines.

    Parameters
    ----------
    fields : list of dict
        One for each face; ``explanation`` is added to each.
    reasons : list of Explained or None
        As `best_reasons` gave them.
    """
    for face, reason in zip(fields, reasons, strict=True):
        face["explanation"] = None if reason is None else reason.fields()


def explain_two(
    analyst: Analyst,
    faces: tuple[LargestFace, LargestFace],
    labels: tuple[str, str],
    metric: str | Metric,
    output: Path | None = None,
    *,
    quiet: bool = False,
) -> dict[str, Any]:
    """Explain two photos: say it, and draw it if there is a file to draw it into.

    Parameters
    ----------
    analyst : Analyst
        What looked at them.
    faces : tuple of LargestFace
        The two.
    labels : tuple of str
        What they are called in the figure.
    metric : str or Metric
        The distance.
    output : Path, optional
        The figure's file.
    quiet : bool, default False
        Say nothing.

    Returns
    -------
    dict of str to JSON value
        The same for machines.

    Raises
    ------
    OptionError
        If the file cannot be written.
    """
    from lookalike.presenting import explain_photos

    explained = explain_photos(analyst, *faces, metric)
    if not quiet:
        out.print(explained.explanation.sentence, highlight=False, markup=False, soft_wrap=True)
    if output is not None:
        from lookalike.figures import save
        from lookalike.figures.explanations import ExplainedPair, explanations
        from lookalike.figures.poster import Wording

        pair = ExplainedPair(explained.explanation, explained.faces.pixels, labels)
        footer = f"{analyst.space.encoder}. For fun, never for identification."
        save(explanations([pair], Wording("What makes them alike", footer=footer)), output)
        if not quiet:
            out.print(f"drawn: {output}", highlight=False, markup=False)
    return explained.fields()

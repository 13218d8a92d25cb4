"""What a report says of identification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.evaluation.agreement import Agreement, agreement
from lookalike.evaluation.drawing import draw_cmc, draw_scatter
from lookalike.evaluation.failures import Failure
from lookalike.evaluation.identification import identification
from lookalike.evaluation.wording import INTERVALS, number, rate
from lookalike.reports import Chart, Section, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.evaluation.album import Album
    from lookalike.evaluation.asked import Answers, Asked
    from lookalike.evaluation.identification import Identification
    from lookalike.evaluation.report_pairs import ReportOptions

QUESTIONS: Final = ("known", "look-alike")

_PROTOCOL: Final = (
    "Every photo asks, itself left out: its person is found by the other photos. Pooled "
    "Mahalanobis distance was fitted without the asking person (of large galleries: without a "
    "part of the people that the asking person is in), the model of each person without the "
    "asking photo. Of two people at one distance the wrong one counts as first."
)

_OPEN_SET: Final = (
    "Whoever asks may be unknown: then nobody should be named. Every photo also asks with its own "
    "person left out, as somebody unknown. The threshold lets that be named only so often (FPIR); "
    "the detection and identification rate (DIR) is how often somebody known is then named, and "
    "rightly."
)


def identification_sections(
    asked: Asked, options: ReportOptions
) -> tuple[list[Section], dict[str, Any]]:
    """Say how often the right person is found.

    Parameters
    ----------
    asked : Asked
        Raw.
    options : ReportOptions
        What to say.

    Returns
    -------
    sections : list of Section
        Closed set and open set.
    data : dict
        The same as JSON values.
    """
    figures = [identification(one, asked.cast, options.drawing) for one in asked.answers]
    first = figures[0]
    places = tuple(first.rates)
    closed = Table(
        ("metric, ranking", *(f"among the first {at}" if at > 1 else "first" for at in places)),
        tuple((one.key, *map(rate, found.rates.values())) for one, found in _zip(asked, figures)),
        f"{first.asked:,} photos of {first.people:,} people ask, among {first.among:,}",
    )
    nearest = [found for found in figures if found.rank in ("nearest", "model")]
    charts = (draw_cmc(nearest or figures),) if options.charts else ()
    words = (_PROTOCOL, INTERVALS)
    sections = [
        Section("closed", "Who is it? Everybody is known", words, (closed,), charts),
        Section(
            "open",
            "Who is it, if anybody?",
            (_OPEN_SET,),
            (_open_set(asked, figures),),
        ),
    ]
    return sections, {"identification": [_fields(one) for one in figures]}


def _zip(asked: Asked, figures: Sequence[Identification]) -> list[tuple[Answers, Identification]]:
    return list(zip(asked.answers, figures, strict=True))


def _open_set(asked: Asked, figures: Sequence[Identification]) -> Table:
    rates = [one.fpir for one in figures[0].detection]
    rows = tuple(
        (one.key, *(rate(point.dir) for point in found.detection))
        for one, found in _zip(asked, figures)
    )
    return Table(("metric, ranking", *(f"DIR at FPIR {100 * r:g} %" for r in rates)), rows)


def _fields(one: Identification) -> dict[str, Any]:
    return {
        "metric": one.metric,
        "rank": one.rank,
        "asked": one.asked,
        "people": one.people,
        "among": one.among,
        "rates": {str(at): found.fields() for at, found in one.rates.items()},
        "cmc": [round(found.value, 6) for found in one.curve],
        "open_set": [
            {
                "fpir": point.fpir,
                "threshold": round(point.threshold, 6) if np.isfinite(point.threshold) else None,
                "dir": point.dir.fields(),
                "named": point.named.fields(),
            }
            for point in one.detection
        ],
    }


def agreements(asked: Asked, options: ReportOptions) -> list[Agreement]:
    """Compare the first metric with every other one that ranks in the same way.

    Parameters
    ----------
    asked : Asked
        Raw.
    options : ReportOptions
        How people are drawn again.

    Returns
    -------
    list of Agreement
        For both questions, see `lookalike.evaluation.agreement`.
    """
    first = asked.answers[0]
    others = [one for one in asked.answers[1:] if one.rank in (first.rank, "model")]
    return [
        agreement(asked, first, other, question, options.drawing)
        for question in QUESTIONS
        for other in others
    ]


def agreement_table(found: Sequence[Agreement]) -> Table:
    """Return agreements as a table.

    Parameters
    ----------
    found : sequence of Agreement
        Of one first metric.

    Returns
    -------
    Table
        One row for each.
    """
    rows = tuple(
        (
            f"{one.other} ({one.question})",
            rate(one.first),
            rate(one.shared),
            number(one.kendall),
            number(one.spearman),
        )
        for one in found
    )
    headings = ("with", "same first person", "of the ten shared", "Kendall τ", "Spearman ρ")
    return Table(headings, rows, f"{found[0].one}, compared with others" if found else "")


def agreement_section(asked: Asked, options: ReportOptions) -> tuple[list[Section], dict[str, Any]]:
    """Say how often metrics name the same people.

    Parameters
    ----------
    asked : Asked
        Raw.
    options : ReportOptions
        What to say.

    Returns
    -------
    sections : list of Section
        One, or none if there is one metric.
    data : dict
        The same as JSON values.
    """
    found = agreements(asked, options)
    if not found:
        return [], {}
    first = asked.answers[0]
    charts: tuple[Chart, ...] = ()
    fitted = [
        one for one in asked.answers if one.metric == "mahalanobis" and one.rank == first.rank
    ]
    if options.charts and fitted and first.metric != "mahalanobis":
        charts = (draw_scatter(first, fitted[0]),)
    words = (
        (
            "Known: the asking photo's person is there, and both metrics mostly name that person. "
            "Look-alike: that person is left out, as nobody who plays with this is in the gallery. "
            "Rank correlations are those of the ten nearest by the first metric with the order of "
            "the same ten by the other."
        ),
    )
    section = Section("agreement", "Do metrics agree?", words, (agreement_table(found),), charts)
    return [section], {"agreement": [agreement_fields(one) for one in found]}


def agreement_fields(one: Agreement) -> dict[str, Any]:
    """Return an agreement as JSON values.

    Parameters
    ----------
    one : Agreement
        The agreement.

    Returns
    -------
    dict
        Its figures.
    """
    named = {name: getattr(one, name) for name in ("one", "other", "question", "asked", "among")}
    rates = {name: getattr(one, name) for name in ("first", "shared", "kendall", "spearman")}
    return {**named, **{name: each.fields() for name, each in rates.items()}}


def mistake_sections(asked: Asked, album: Album, options: ReportOptions) -> list[Section]:
    """Show photos for which somebody else was named first.

    Parameters
    ----------
    asked : Asked
        Raw.
    album : Album
        Its pictures.
    options : ReportOptions
        How many.

    Returns
    -------
    list of Section
        One, or none if there was no mistake.
    """
    first, cast = asked.answers[0], asked.cast
    wrong = np.flatnonzero(first.place > 1)
    worst = wrong[np.argsort((first.other - first.own)[wrong], kind="stable")][: options.worst]
    pairs = []
    for at in worst.tolist():
        named = next(int(one) for one in first.top[at] if one != cast.owners[at])
        shown = int(np.flatnonzero(cast.owners == named)[0])
        why = (
            f"named {cast.people[named].name} at {first.other[at]:.3f}; "
            f"the right person is at {first.own[at]:.3f}, rank {first.place[at]}"
        )
        pairs.append(album.pair(Failure(float(first.other[at]), (at, shown)), why))
    if not pairs:
        return []
    words = (
        (
            f"Photos for which {first.key} names somebody else first, the clearest mistakes first. "
            "On the left the photo that asks, on the right a photo of who was named."
        ),
    )
    return [Section("mistakes", "Mistakes", words, pairs=tuple(pairs))]

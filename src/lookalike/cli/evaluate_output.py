"""What the commands of ``lookalike evaluate`` share: printing figures, keeping raw scores."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from lookalike.cli.output import out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.evaluation.report_pairs import ReportOptions
    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.places import Place
    from lookalike.reports import Document

OwnMetricOption = Annotated[
    str | None,
    typer.Option(
        "--metric",
        "-m",
        help="euclidean, sqeuclidean or cosine. Default: by which the encoder's makers compare.",
        show_default=False,
    ),
]
ScoresOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Keep the raw scores here: .npz, or .json to read and compare.",
        show_default=False,
    ),
]
ByOption = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        help="Count errors group by group: gender, born, … Repeat for several.",
        show_default=False,
    ),
]
FmrOption = Annotated[
    float,
    typer.Option(min=0, max=1, help="The false-match rate whose threshold groups are judged at."),
]
ThresholdOption = Annotated[
    float | None,
    typer.Option(help="A distance to judge groups at instead.", show_default=False),
]
RepeatsOption = Annotated[
    int, typer.Option(min=20, help="How often people are drawn again for the intervals.")
]
SeedOption = Annotated[int, typer.Option(help="Which people are drawn.")]


def options_of(
    by: Sequence[str] | None = None,
    fmr: float = 1e-3,
    threshold: float | None = None,
    repeats: int = 1000,
    seed: int = 0,
) -> ReportOptions:
    """Return the options of a report that is printed: no figures are drawn.

    Parameters
    ----------
    by : sequence of str, optional
        Attributes.
    fmr : float, default 1e-3
        A false-match rate.
    threshold : float, optional
        A distance.
    repeats : int, default 1000
        How often people are drawn again.
    seed : int, default 0
        Which are drawn.

    Returns
    -------
    ReportOptions
        For `lookalike.evaluation.report.report`.
    """
    from lookalike.evaluation.bootstrap import Drawing
    from lookalike.evaluation.report_pairs import ReportOptions

    drawing = Drawing(repeats, seed)
    return ReportOptions(tuple(by or ()), fmr, threshold, 0, charts=False, drawing=drawing)


def name_of(gallery: Gallery, place: Place) -> str:
    """Return how a gallery is called in scores.

    Parameters
    ----------
    gallery : Gallery
        Opened.
    place : Path or Address
        Where it is.

    Returns
    -------
    str
        Its title, or what it is called there.
    """
    return gallery.header.title or place.stem


def show(document: Document, *, as_json: bool) -> None:
    """Print the figures of a report.

    Parameters
    ----------
    document : Document
        What it says.
    as_json : bool
        Whether to machines.
    """
    from rich.table import Table

    from lookalike.reports import as_json as to_json

    if as_json:
        sys.stdout.write(to_json(document))
        return
    out.print(" · ".join(document.facts), style="dim", highlight=False, markup=False)
    for section in document.sections:
        for one in section.tables:
            table = Table(box=None, title=escape(one.caption) or None, title_justify="left")
            for at, heading in enumerate(one.headings):
                table.add_column(
                    escape(heading), justify="left" if at == 0 else "right", overflow="fold"
                )
            for row in one.rows:
                table.add_row(*map(escape, row))
            out.print()
            out.print(table, highlight=False)

"""``lookalike gallery describe``, ``neighbors`` and ``map``: ways to look at a gallery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lookalike.cli.options import (
    EveryoneOption,
    FigureOption,
    GalleryArgument,
    MetricOption,
    RankOption,
)
from lookalike.cli.output import AsJson, out, print_json
from lookalike.cli.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.gallery.gallery import Gallery

CsvOption = Annotated[
    Path | None,
    typer.Option("--csv", help="Write all of it as a table into this file.", show_default=False),
]


def describe(
    gallery: GalleryArgument, output: FigureOption = None, as_json: AsJson = False
) -> None:
    """Say what a gallery is made of: people, photos, ages, sizes, quality, sources, licences."""
    from lookalike.cli.describing import draw_summary, print_summary, summary_fields
    from lookalike.figures import save
    from lookalike.gallery.opening import open_store
    from lookalike.gallery.opt_out import opted_out
    from lookalike.gallery.summary import summarize

    summary = summarize(open_store(gallery), opted_out())
    if output:
        save(draw_summary(summary), output)
    if as_json:
        print_json({"gallery": str(gallery), **summary_fields(summary)})
        return
    print_summary(summary)
    _say_written(output)


def neighbors(
    gallery: GalleryArgument,
    k: Annotated[int, typer.Option("-k", min=1, help="How many for each person.")] = 5,
    metric: MetricOption = "euclidean",
    rank: RankOption = "nearest",
    everyone: EveryoneOption = False,
    number: Annotated[
        int, typer.Option("-n", min=1, help="How many people to show, the most alike first.")
    ] = 20,
    person: Annotated[
        list[str] | None,
        typer.Option(
            "--person",
            help="Show this person, by name or id. May be given several times.",
            show_default=False,
        ),
    ] = None,
    output: FigureOption = None,
    csv: CsvOption = None,
    as_json: AsJson = False,
) -> None:
    """Show which known people look alike: for each one the nearest others."""
    from lookalike.cli.documents import write_csv_table
    from lookalike.cli.resembling import HEADING, neighbor_fields, neighbor_rows, print_neighbors
    from lookalike.gallery.asking.ranking import FindOptions
    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.neighbors import each_pair_once, meaning, neighborhoods

    options = FindOptions(k, metric, rank, everyone)  # type: ignore[arg-type]
    with Gallery.open(gallery) as opened:
        of = _ids(opened, person or ())
        columns = opened.columns(everyone=everyone)
        total = len(of) or len(columns.people)
        with progress_bar("comparing", total, hidden=as_json) as advance:
            found = neighborhoods(opened, options, of, advance)
        shown = found if person else each_pair_once(found)[:number]
        if csv:
            write_csv_table(csv, HEADING, neighbor_rows(found, columns))
        if output:
            from lookalike.cli.resembling import draw_neighbors
            from lookalike.figures import save

            save(draw_neighbors(shown, opened, columns, metric, meaning(options)), output)
        if as_json:
            print_json(
                {
                    "gallery": str(gallery),
                    "metric": metric,
                    "rank": rank,
                    "distance": meaning(options),
                    "people": neighbor_fields(shown, columns),
                }
            )
            return
        print_neighbors(shown, meaning(options), len(found) - len(shown))
    _say_written(output, csv)


def map_(
    gallery: GalleryArgument,
    output: FigureOption = None,
    method: Annotated[
        str, typer.Option(help="tsne: neighborhoods; pca: the largest differences.")
    ] = "tsne",
    of: Annotated[
        str, typer.Option("--of", help="What the points are: people, or faces for every photo.")
    ] = "people",
    color: Annotated[
        str,
        typer.Option(
            "--color", help="An attribute to color by, such as gender or born.", show_default=False
        ),
    ] = "",
    metric: Annotated[
        str, typer.Option("--metric", "-m", help="euclidean, sqeuclidean, cosine or mahalanobis.")
    ] = "euclidean",
    everyone: EveryoneOption = False,
    csv: CsvOption = None,
    as_json: AsJson = False,
) -> None:
    """Draw a map of a gallery: those who look alike are close together."""
    from lookalike.cli.documents import write_csv_table
    from lookalike.cli.kinds import kinds_of
    from lookalike.cli.mapping import HEADING, draw_map, facts_of, map_rows
    from lookalike.figures import save
    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.projection import MapOptions, draw_up

    options = MapOptions(method, of, metric, everyone)  # type: ignore[arg-type]
    if not (output or csv or as_json):
        # A map in words would be no map.
        output = Path(f"{gallery.stem}-map.png")
    with Gallery.open(gallery) as opened:
        if color:
            # Better to hear of a slip before the work than after it.
            kinds_of(facts_of(opened.columns(everyone=everyone), options.points), color)
        with progress_bar("arranging", None, hidden=as_json):
            found = draw_up(opened, options)
        if output:
            save(draw_map(opened, found, options, color), output)
    rows = map_rows(found)
    if csv:
        write_csv_table(csv, HEADING, rows)
    if as_json:
        points = [dict(zip(HEADING, row, strict=True)) for row in rows]
        print_json(
            {"gallery": str(gallery), "method": found.method, "metric": metric, "points": points}
        )
        return
    _say_written(output, csv)


def _ids(gallery: Gallery, names: Sequence[str]) -> list[str]:
    from lookalike.gallery.care import person_of

    with gallery.file.reading() as connection:
        return [person_of(connection, name).id for name in names]


def _say_written(*files: Path | None) -> None:
    for file in files:
        if file:
            out.print(f"written: {file}", highlight=False, markup=False, soft_wrap=True)

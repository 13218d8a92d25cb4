"""``lookalike find``: whom do the faces of these photos resemble?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from lookalike.cli.answers import found_fields, print_found
from lookalike.cli.options import (
    DetectorOption,
    EveryoneOption,
    FairOption,
    FigureOption,
    GalleryOption,
    KOption,
    LikeMeOption,
    MetricOption,
    ProviderOption,
    QualityOption,
    RankOption,
    SureOption,
    ThreadsOption,
    WhereOption,
)
from lookalike.cli.output import AsJson, error_fields, exit_code, out, print_json, say_error
from lookalike.cli.why import ExplainOption, add_reasons, best_reasons, print_reasons
from lookalike.errors import ImageError

if TYPE_CHECKING:
    from lookalike.gallery.ranking import Rank
    from lookalike.pipeline import Finder
    from lookalike.presenting import Explained
    from lookalike.types import Found


def find(
    photos: Annotated[list[Path], typer.Argument(help="Photos to look at.", show_default=False)],
    gallery: GalleryOption = None,
    k: KOption = 5,
    metric: MetricOption = "euclidean",
    rank: RankOption = "nearest",
    everyone: EveryoneOption = False,
    where: WhereOption = "",
    fair: FairOption = False,
    like_me: LikeMeOption = "",
    sure: SureOption = 0.9,
    min_quality: QualityOption = 0.0,
    output: FigureOption = None,
    explain: ExplainOption = False,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Say whom every face in the photos resembles most."""
    from lookalike.gallery.ranking import FindOptions
    from lookalike.pipeline import Finder

    chosen = cast("Rank", rank)  # checked there
    options = FindOptions(k, metric, chosen, everyone, min_quality, where, fair, like_me, sure)
    finder = Finder.open(gallery, detector=detector, provider=provider, threads=threads)
    answers: list[dict[str, Any]] = []
    drawn: list[tuple[str, Found, list[Explained | None]]] = []
    failure = 0
    for photo, found in zip(photos, finder.find_all(photos, options), strict=True):
        if isinstance(found, ImageError):
            failure = failure or exit_code(found)
            answers.append({"photo": str(photo), "error": error_fields(found)})
            if not as_json:
                say_error(found)
            continue
        guesses = finder.gallery.guess(found.analysis.embeddings, like_me) if like_me else []
        fields = found_fields(found, guesses)
        reasons = best_reasons(finder, found, metric) if explain else []
        if explain:
            add_reasons(fields, reasons)
        answers.append({"photo": str(photo), "faces": fields})
        drawn.append((photo.name, found, reasons))
        if not as_json:
            print_found(str(photo), found, metric, guesses, sure)
            print_reasons(found, reasons)
    if output is not None:
        _draw(output, drawn, finder, metric)
        if not as_json:
            out.print(f"drawn: {output}", highlight=False, markup=False)
    if as_json:
        _print_answers(answers, finder, options)
    if failure:
        raise typer.Exit(failure)


def _draw(
    output: Path,
    drawn: list[tuple[str, Found, list[Explained | None]]],
    finder: Finder,
    metric: str,
) -> None:
    from lookalike.cli.figure import draw_found

    draw_found(output, drawn, finder.gallery, metric)


def _print_answers(answers: list[dict[str, Any]], finder: Finder, options: Any) -> None:
    header = finder.gallery.header
    print_json(
        {
            "gallery": header.title or finder.gallery.file.path.name,
            "encoder": header.space.encoder,
            "space": header.space.digest,
            "views": header.views,
            "metric": options.metric,
            "rank": options.rank,
            "photos": answers,
        }
    )

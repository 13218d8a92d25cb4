"""``lookalike find``: whom do the faces of these photos resemble?"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from lookalike.cli.answers import found_fields, head_fields, print_found
from lookalike.cli.json_stream import JsonStream
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
from lookalike.cli.output import AsJson, check_figure, exit_code, out, say_error
from lookalike.cli.progress import progress_bar
from lookalike.cli.together import TogetherOption, answer_together
from lookalike.cli.why import ExplainOption, add_reasons, best_reasons, print_reasons
from lookalike.cli.workers import (
    LocalOption,
    PhotoTimeoutOption,
    SchedulerOption,
    TlsOption,
    crew_of,
    finder_of,
    workers_of,
)
from lookalike.errors import ImageError, OptionError
from lookalike.fields import error_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.cluster import Crew
    from lookalike.gallery.asking.ranking import FindOptions, Rank
    from lookalike.pipeline import Finder
    from lookalike.presenting import Explained
    from lookalike.types import Found


def find(
    photos: Annotated[
        list[Path],
        typer.Argument(help="Photos to look at, or folders of them.", show_default=False),
    ],
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
    together: TogetherOption = False,
    output: FigureOption = None,
    explain: ExplainOption = False,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    local: LocalOption = 0,
    scheduler: SchedulerOption = "",
    photo_timeout: PhotoTimeoutOption = 60.0,
    tls: TlsOption = None,
    as_json: AsJson = False,
) -> None:
    """Say whom every face in the photos resembles most."""
    from lookalike.gallery.asking.ranking import FindOptions
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Finder

    check_figure(output)
    chosen = cast("Rank", rank)  # checked there
    options = FindOptions(k, metric, chosen, everyone, min_quality, where, fair, like_me, sure)
    if together and explain:
        raise OptionError("several photos together are not explained", "explain one of them")
    workers = workers_of(local, scheduler, photo_timeout, tls)
    photos = list(_photos_of(photos))
    wanted = _Wanted(output, explain, as_json)
    if workers is not None:
        if together or explain or output is not None:
            raise OptionError(
                "workers keep the pictures: nothing is drawn, explained or taken together",
                "look at these photos without --local and --scheduler",
            )
        models = ModelOptions(detector, provider=provider)
        with crew_of(workers) as crew:
            finder = finder_of(cast("Crew", crew), gallery, models, min_quality)
            failure = _answer_each(finder, photos, replace(options, min_quality=0.0), wanted)
    else:
        finder = Finder.open(gallery, detector=detector, provider=provider, threads=threads)
        if together:
            answer_together(finder, photos, options, output, as_json=as_json)
            return
        failure = _answer_each(finder, photos, options, wanted)
    if failure:
        raise typer.Exit(failure)


def _photos_of(places: list[Path]) -> Iterator[Path]:
    """Return photos, and what may be photos in folders."""
    from lookalike.sources.walking import walk

    for place in places:
        if place.is_dir():
            yield from (found.path for found in walk(place))
        else:
            yield place


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How answers are given: drawn into a file, explained, for machines."""

    output: Path | None
    explain: bool
    as_json: bool


def _answer_each(finder: Finder, photos: list[Path], options: FindOptions, wanted: _Wanted) -> int:
    """Answer photo by photo, and return the exit code of the first that could not be read."""
    answers = JsonStream(head_fields(finder, options), "photos") if wanted.as_json else None
    drawn: list[tuple[str, Found, list[Explained | None]]] = []
    failure = 0
    with (
        answers or contextlib.nullcontext(),
        progress_bar("looking", len(photos), hidden=wanted.as_json, after_s=1) as advance,
    ):
        for photo, found in zip(photos, finder.find_all(photos, options), strict=True):
            if isinstance(found, ImageError):
                failure = failure or exit_code(found)
                if answers:
                    answers.add({"photo": str(photo), "error": error_fields(found)})
                else:
                    say_error(found)
            else:
                reasons = _answer_one(finder, (photo, found), options, wanted.explain, answers)
                if wanted.output is not None:
                    drawn.append((photo.name, found, reasons))
            advance()
        # Of photos that cannot be read there is nothing to show.
        if wanted.output is not None and drawn:
            _draw(wanted.output, drawn, finder, options.metric)
            if not wanted.as_json:
                out.print(f"drawn: {wanted.output}", highlight=False, markup=False)
    return failure


def _answer_one(
    finder: Finder,
    one: tuple[Path, Found],
    options: FindOptions,
    explain: bool,
    answers: JsonStream | None,
) -> list[Explained | None]:
    """Answer one photo, and return why its faces resemble whom they do, if that was asked."""
    photo, found = one
    like_me, faces = options.like_me, found.analysis.embeddings
    guesses = finder.gallery.guess(faces, like_me) if like_me else []
    reasons = best_reasons(finder, found, options.metric) if explain else []
    if answers is None:
        print_found(str(photo), found, options.metric, guesses, options.sure)
        print_reasons(found, reasons)
        return reasons
    fields = found_fields(found, guesses)
    if explain:
        add_reasons(fields, reasons)
    answers.add({"photo": str(photo), "faces": fields})
    return reasons


def _draw(
    output: Path,
    drawn: list[tuple[str, Found, list[Explained | None]]],
    finder: Finder,
    metric: str,
) -> None:
    from lookalike.cli.figure import draw_found

    draw_found(output, drawn, finder.gallery, metric)

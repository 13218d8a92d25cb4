"""``lookalike gallery build`` and ``add``: photos become a gallery."""

from __future__ import annotations

import contextlib
import shlex
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from lookalike.cli.options import (
    DetectorOption,
    GalleryArgument,
    Place,
    ProviderOption,
    QualityOption,
    ThreadsOption,
    gallery_place,
)
from lookalike.cli.output import INTERRUPTED, AsJson, err, out, print_json
from lookalike.cli.progress import progress_bar
from lookalike.cli.workers import (
    LocalOption,
    PhotoTimeoutOption,
    SchedulerOption,
    TlsOption,
    crew_of,
    workers_of,
)
from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from lookalike.cluster import Crew
    from lookalike.gallery.build import BuildOptions, BuildSummary
    from lookalike.gallery.seam import Store
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Analyst
    from lookalike.protocols import Source

    #: Adds a source to a gallery, and calls something after each photo.
    Filling: TypeAlias = Callable[[Store, Source, Callable[[str], None]], BuildSummary]

FacesOption = Annotated[
    str, typer.Option(help="Which face of a photo counts: dominant, largest, centered or only.")
]


def build(
    places: Annotated[
        list[str],
        typer.Argument(
            help="Folders with one folder of photos for each person (or one photo for each, named "
            "after the person), tables, archives, imdb.mat or wiki.mat, addresses (s3://…).",
            show_default=False,
        ),
    ],
    output: Annotated[
        Place | None,
        typer.Option(
            "--output",
            "-o",
            metavar="GALLERY",
            help="The gallery file, or postgresql://host/database?gallery=name. Default: a file "
            "named after the first place, here.",
            parser=gallery_place,
            show_default=False,
        ),
    ] = None,
    encoder: Annotated[
        str, typer.Option(help="The model that makes the vectors.")
    ] = "dlib-resnet-v1",
    views: Annotated[
        int, typer.Option(min=1, help="1: as is; 2: and mirrored; up to 32: and moved.")
    ] = 2,
    faces: FacesOption = "dominant",
    portraits: Annotated[
        bool, typer.Option(help="Keep the part of each photo around the face, for figures.")
    ] = True,
    min_quality: QualityOption = 0.0,
    layout: Annotated[
        str,
        typer.Option(help="What names people in folders and archives: auto, people or flat."),
    ] = "auto",
    numbered: Annotated[
        bool,
        typer.Option("--numbered", help="A number after a file's name only counts photos."),
    ] = False,
    images: Annotated[
        Path | None,
        typer.Option(help="Where the paths of a table or .mat file start.", show_default=False),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="The label map of a folder such as celeb_mini.", show_default=False),
    ] = None,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    local: LocalOption = 0,
    scheduler: SchedulerOption = "",
    photo_timeout: PhotoTimeoutOption = 60.0,
    tls: TlsOption = None,
    as_json: AsJson = False,
) -> None:
    """Build a gallery from photos, or go on with one that was interrupted."""
    from lookalike.gallery.build import BuildOptions
    from lookalike.gallery.opening import create_store
    from lookalike.gallery.opt_out import opted_out
    from lookalike.gallery.pictures import PORTRAIT_PX
    from lookalike.gallery.records import Header
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Analyst
    from lookalike.sources.opening import SourceOptions, open_source

    workers = workers_of(local, scheduler, photo_timeout, tls)
    reading = SourceOptions(layout, numbered, images, labels)  # type: ignore[arg-type]
    sources = [open_source([place], reading) for place in places]
    side = PORTRAIT_PX if portraits else 0
    options = BuildOptions(faces, side, min_quality, opted_out())  # type: ignore[arg-type]
    where = output or Path(f"{sources[0].name}.gallery")
    models = ModelOptions(detector, encoder, views, provider, threads)
    analyst = Analyst.open(models)
    header = Header(analyst.space, analyst.template, views, title=where.stem)
    with crew_of(workers) as crew:
        gallery = create_store(where, header)
        fill = _filling(analyst, options) if crew is None else _sharing(crew, models, options)
        _fill(gallery, sources, fill, as_json=as_json)


def add(
    gallery: GalleryArgument,
    who: Annotated[
        str, typer.Argument(metavar="PERSON", help="A name or an id.", show_default=False)
    ],
    photos: Annotated[list[Path], typer.Argument(help="Photos of them.", show_default=False)],
    licence: Annotated[str, typer.Option(help="Their licence.")] = "",
    credit: Annotated[str, typer.Option(help="Whom to name when one is shown.")] = "",
    page: Annotated[str, typer.Option(help="The page that they were published on.")] = "",
    faces: FacesOption = "dominant",
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Add photos of one person to a gallery."""
    from lookalike.errors import UnknownName
    from lookalike.gallery.build import BuildOptions
    from lookalike.gallery.care import person_of
    from lookalike.gallery.opening import open_store
    from lookalike.gallery.opt_out import opted_out
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Analyst
    from lookalike.sources.listed import ListedSource, Provenance
    from lookalike.types import Person

    file = open_store(gallery, writable=True)
    try:
        with file.reading() as connection:
            person = person_of(connection, who)
    except UnknownName:
        person = Person.named(who)
    header = file.header
    models = ModelOptions(detector, header.space.encoder, header.views, provider, threads)
    source = ListedSource(person, photos, Provenance(licence, credit, page))
    options = BuildOptions(faces, opted_out=opted_out())  # type: ignore[arg-type]
    _fill(file, [source], _filling(Analyst.open(models), options), as_json=as_json)


def _filling(analyst: Analyst, options: BuildOptions) -> Filling:
    """Return what adds a source by this process."""
    from lookalike.gallery.build import build as build_gallery

    def fill(file: Store, source: Source, on_photo: Callable[[str], None]) -> BuildSummary:
        return build_gallery(file, source, analyst, options, on_photo)

    return fill


def _sharing(crew: Crew, models: ModelOptions, options: BuildOptions) -> Filling:
    """Return what adds a source by workers."""
    from lookalike.cluster import build as build_gallery

    def fill(file: Store, source: Source, on_photo: Callable[[str], None]) -> BuildSummary:
        return build_gallery(file, source, crew, models, options, on_photo)

    return fill


def _fill(gallery: Store, sources: Sequence[Source], fill: Filling, *, as_json: bool) -> None:
    """Build from one source after the other and say what became of it."""
    from lookalike.gallery.build import BuildSummary
    from lookalike.sources.faults import Faults

    summary = BuildSummary()
    try:
        for source in sources:
            with progress_bar(source.name, _count(source), hidden=as_json) as advance:
                part = fill(gallery, source, lambda _uri: advance())
            summary.offered += part.offered
            summary.known += part.known
            summary.added += part.added
            summary.turned_down.update(part.turned_down)
        if summary.added:
            _learn(gallery, as_json=as_json)
    except KeyboardInterrupt as stop:
        kept = gallery.counts()["faces"]
        err.print(
            f"stopped; {kept:,} photos are in {gallery.place}. Run the same command to go on.",
            soft_wrap=True,
        )
        raise typer.Exit(INTERRUPTED) from stop
    finally:
        gallery.close()
    passed_over: Counter[str] = Counter()
    for source in sources:
        passed_over.update(getattr(source, "faults", Faults()).counts)
    _report(summary, gallery, passed_over, as_json=as_json)


def _learn(gallery: Store, *, as_json: bool) -> None:
    """Let the gallery learn how rare its distances are, where it has changed much."""
    from lookalike.gallery.asking.rarity import LEARNED
    from lookalike.gallery.gallery import Gallery

    opened = Gallery(gallery)
    with progress_bar("learning what distances mean", len(LEARNED), hidden=as_json) as advance:
        for metric in LEARNED:
            # Not every metric can be fitted on few photos; then there is nothing to learn.
            with contextlib.suppress(OptionError):
                opened.learn(metric)
            advance()


def _count(source: Source) -> int | None:
    """Return how many photos there are, unless to count them is to unpack them."""
    from lookalike.sources.tar_archive import TarSource

    return None if isinstance(source, TarSource) else sum(1 for _ in source)


def _report(
    summary: BuildSummary, gallery: Store, passed_over: Counter[str], *, as_json: bool
) -> None:
    counts = gallery.counts()
    turned_down = {str(reason): count for reason, count in summary.turned_down.most_common()}
    if as_json:
        answer: dict[str, Any] = {
            "gallery": str(gallery.place),
            "offered": summary.offered,
            "known_before": summary.known,
            "added": summary.added,
            "turned_down": turned_down,
            "passed_over": dict(passed_over),
            "totals": counts,
        }
        print_json(answer)
        return
    place = escape(str(gallery.place))
    out.print(f"[bold]{place}[/]: {counts['people']:,} people, {counts['faces']:,} photos")
    out.print(f"  {summary.added:,} added, {summary.known:,} known before", highlight=False)
    for words, count in passed_over.most_common():
        out.print(f"  {count:,} passed over: {words}", highlight=False, markup=False)
    for reason, count in turned_down.items():
        out.print(f"  {count:,} not used: {reason}", highlight=False)
    if turned_down:
        why = f"lookalike gallery info {shlex.quote(str(gallery.place))} --ledger"
        out.print(f"  why, photo by photo: {why}", highlight=False, markup=False, soft_wrap=True)

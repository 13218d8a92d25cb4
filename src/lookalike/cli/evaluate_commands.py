"""``lookalike evaluate pairs``, ``gallery``, ``agreement`` and ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from lookalike.cli.documents import write_text
from lookalike.cli.evaluate_output import (
    ByOption,
    FmrOption,
    OwnMetricOption,
    RepeatsOption,
    ScoresOption,
    SeedOption,
    ThresholdOption,
    name_of,
    options_of,
    show,
)
from lookalike.cli.options import GalleryArgument, Place, ProviderOption, ThreadsOption
from lookalike.cli.output import AsJson, out
from lookalike.cli.progress import progress_bar
from lookalike.errors import OptionError

if TYPE_CHECKING:
    from lookalike.evaluation.asked import Asked
    from lookalike.evaluation.scores import Scores

_LISTS: Final = frozenset({".csv", ".txt"})
_FORMATS: Final = frozenset({".html", ".htm", ".md", ".json"})

WhereOption = Annotated[
    str, typer.Option("--where", help='Only people of whom this holds: "born >= 1980".')
]
MetricsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        "-m",
        help="Repeat for several. Default: euclidean, cosine, mahalanobis, mahalanobis-person.",
        show_default=False,
    ),
]
RanksOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rank", help="nearest, mean or centroid; repeat for several.", show_default=False
    ),
]


def pairs(
    place: Annotated[
        Path,
        typer.Argument(
            help="A list of pairs (.csv: one,other,same; .txt: as LFW's), or a gallery: all its "
            "pairs.",
            show_default=False,
        ),
    ],
    photos: Annotated[
        Path | None,
        typer.Option(
            help="Where the photos of a list are. Default: beside it.", show_default=False
        ),
    ] = None,
    metric: OwnMetricOption = None,
    detector: Annotated[str, typer.Option(help="Of a list: what finds faces.")] = "mtcnn",
    encoder: Annotated[str, typer.Option(help="Of a list: what makes vectors.")] = "dlib-resnet-v1",
    views: Annotated[int, typer.Option(min=1, help="Of a list: views in each vector.")] = 2,
    where: WhereOption = "",
    by: ByOption = None,
    fmr: FmrOption = 1e-3,
    threshold: ThresholdOption = None,
    listed: Annotated[
        int,
        typer.Option(min=1, help="Of a gallery: pairs of strangers listed, not counted."),
    ] = 5_000_000,
    output: ScoresOption = None,
    repeats: RepeatsOption = 1000,
    seed: SeedOption = 0,
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Verification: one person or two, for a list of pairs or for all pairs of a gallery."""
    from lookalike.evaluation.report import report
    from lookalike.models.options import ModelOptions

    options = options_of(by, fmr, threshold, repeats, seed)
    if place.suffix.lower() in _LISTS:
        models = ModelOptions(detector, encoder, views, provider, threads)
        scores = _of_list(place, photos or place.parent, models, metric, as_json=as_json)
    else:
        scores = _of_gallery(place, metric, where, listed, as_json=as_json)
    if output is not None:
        scores.save(output)
    show(report([scores], options), as_json=as_json)


def _of_list(
    place: Path, folder: Path, models: Any, metric: str | None, *, as_json: bool
) -> Scores:
    from lookalike.evaluation.own_metric import own_metric
    from lookalike.evaluation.pairs import read_pairs
    from lookalike.evaluation.scores import Setting
    from lookalike.evaluation.verifying import measure
    from lookalike.pipeline import Analyst

    known = read_pairs(place)
    total = len({photo for pair in known for photo in (pair.one, pair.other)})
    chosen = metric or own_metric(models.encoder)
    setting = Setting(place.stem, models.detector, models.encoder, models.views, chosen)
    analyst = Analyst.open(models)
    with progress_bar("encoding", total, hidden=as_json) as advance:
        return measure(folder, known, analyst, setting, lambda _photo: advance())


def _of_gallery(
    place: Path, metric: str | None, where: str, listed: int, *, as_json: bool
) -> Scores:
    from lookalike.evaluation.all_pairs import PairOptions, blocks, measure_pairs
    from lookalike.evaluation.own_metric import own_metric
    from lookalike.gallery.gallery import Gallery
    from lookalike.search.metrics import ready_made

    with Gallery.open(place) as opened:
        measured = ready_made(metric or own_metric(opened.header.space.encoder))
        columns = opened.columns(everyone=True, where=where)
        options = PairOptions(name_of(opened, place), listed)
        with progress_bar("measuring", blocks(len(columns.photos)), hidden=as_json) as advance:
            return measure_pairs(columns, opened.header, measured, options, advance)


def gallery(
    place: GalleryArgument,
    metric: MetricsOption = None,
    rank: RanksOption = None,
    where: WhereOption = "",
    output: ScoresOption = None,
    repeats: RepeatsOption = 1000,
    seed: SeedOption = 0,
    as_json: AsJson = False,
) -> None:
    """Identification: every photo asks who it is, itself left out, known or unknown."""
    from lookalike.evaluation.asking import RANKS
    from lookalike.evaluation.report import report

    asked = _asked(place, metric or (), rank or RANKS, where, as_json=as_json)
    if output is not None:
        asked.save(output)
    show(report([asked], options_of(repeats=repeats, seed=seed)), as_json=as_json)


def _asked(place: Place, metrics: Any, ranks: Any, where: str, *, as_json: bool) -> Asked:
    from lookalike.evaluation.asking import measure_asked, steps, usual_metrics, ways
    from lookalike.gallery.gallery import Gallery

    with Gallery.open(place) as opened:
        columns = opened.columns(everyone=True, where=where)
        wanted = ways(metrics or usual_metrics(columns), ranks)
        with progress_bar("asking", steps(columns, wanted), hidden=as_json) as advance:
            data = name_of(opened, place)
            return measure_asked(columns, opened.header, wanted, data=data, on_block=advance)


def agreement(
    place: Annotated[
        Path,
        typer.Argument(help="A gallery, or raw scores of `evaluate gallery`.", show_default=False),
    ],
    metric: MetricsOption = None,
    rank: Annotated[str, typer.Option("--rank", help="nearest, mean or centroid.")] = "nearest",
    where: WhereOption = "",
    output: ScoresOption = None,
    repeats: RepeatsOption = 1000,
    seed: SeedOption = 0,
    as_json: AsJson = False,
) -> None:
    """How often metrics name the same first person, and the same ten, in which order.

    The first metric is compared with every other one.
    """
    from lookalike.evaluation.report import agreement_report, load
    from lookalike.evaluation.scores import Scores

    if place.suffix.lower() in (".npz", ".json"):
        asked = load(place)
        if isinstance(asked, Scores):
            raise OptionError(
                f"{place} holds scores of pairs", "ask for those of: lookalike evaluate gallery"
            )
    else:
        asked = _asked(place, metric or (), (rank,), where, as_json=as_json)
    if output is not None:
        asked.save(output)
    show(agreement_report(asked, options_of(repeats=repeats, seed=seed)), as_json=as_json)


def report(
    scores: Annotated[list[Path], typer.Argument(help="Files of raw scores.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The report: .html, .md or .json.")
    ] = Path("evaluation.html"),
    by: ByOption = None,
    fmr: FmrOption = 1e-3,
    threshold: ThresholdOption = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            help="The gallery, or the folder of photos, that was measured: shows the worst pairs.",
            show_default=False,
        ),
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="How many of the worst pairs.")] = 12,
    repeats: RepeatsOption = 1000,
    seed: SeedOption = 0,
) -> None:
    """Derive everything from stored scores, and write it as a page, as Markdown or as JSON."""
    from dataclasses import replace

    from lookalike.evaluation.report import cast_of, load
    from lookalike.evaluation.report import report as make
    from lookalike.reports import as_json, as_markdown

    form = output.suffix.lower()
    if form not in _FORMATS:
        raise OptionError(
            f"cannot tell the format of a report from {output.name!r}", "use .html, .md or .json"
        )
    with progress_bar("reading", len(scores), hidden=False) as advance:
        measured = []
        for path in scores:
            measured.append(load(path))
            advance()
    options = replace(
        options_of(by, fmr, threshold, repeats, seed), worst=worst, charts=form.startswith(".h")
    )
    with progress_bar("deriving", None, hidden=False), _album(pictures, cast_of(measured)) as album:
        document = make(measured, options, album)
        if form.startswith(".h"):
            from lookalike.reports import as_page

            text = as_page(document, album.picture) if album else as_page(document)
        else:
            text = as_markdown(document) if form == ".md" else as_json(document)
    write_text(output, text)
    out.print(str(output), highlight=False, soft_wrap=True, markup=False)


def _album(place: Path | None, cast: Any) -> Any:
    """Open what a report takes its pictures from."""
    from contextlib import nullcontext

    from lookalike.evaluation.album import Album, gallery_album

    if place is None or cast is None:
        return nullcontext()
    if place.is_dir():
        return nullcontext(Album.of_folder(cast, place))
    return gallery_album(cast, place)

"""``lookalike gallery``: make galleries, look into them, move them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lookalike.cli import care, copies
from lookalike.cli.options import (
    DetectorOption,
    GalleryFileArgument,
    ProviderOption,
    QualityOption,
    ThreadsOption,
)
from lookalike.cli.output import INTERRUPTED, AsJson, Command, err, out, print_json
from lookalike.cli.progress import progress_bar

if TYPE_CHECKING:
    from lookalike.gallery.build import BuildSummary
    from lookalike.gallery.store import GalleryFile

app = typer.Typer(help="Galleries of known people: one file each.", no_args_is_help=True)


@app.command(cls=Command)
def build(
    folder: Annotated[
        Path,
        typer.Argument(
            help="One folder of photos for each person, or one photo for each person named after "
            "the person.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The gallery file. Default: FOLDER.gallery here.",
            show_default=False,
        ),
    ] = None,
    encoder: Annotated[
        str, typer.Option(help="The model that makes the vectors.")
    ] = "dlib-resnet-v1",
    views: Annotated[
        int, typer.Option(min=1, help="1: as is; 2: and mirrored; up to 32: and moved.")
    ] = 2,
    faces: Annotated[
        str,
        typer.Option(help="Which face of a photo counts: dominant, largest, centered or only."),
    ] = "dominant",
    portraits: Annotated[
        bool, typer.Option(help="Keep a small portrait of each face for figures.")
    ] = True,
    min_quality: QualityOption = 0.0,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Build a gallery from a folder of photos, or go on with one that was interrupted."""
    from lookalike.gallery.build import BuildOptions
    from lookalike.gallery.build import build as build_gallery
    from lookalike.gallery.opt_out import opted_out
    from lookalike.gallery.pictures import PORTRAIT_PX
    from lookalike.gallery.records import Header
    from lookalike.gallery.store import GalleryFile
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Analyst
    from lookalike.sources.folder import FolderSource

    source = FolderSource(folder)
    side = PORTRAIT_PX if portraits else 0
    options = BuildOptions(faces, side, min_quality, opted_out())  # type: ignore[arg-type]
    path = output or Path(f"{source.name}.gallery")
    analyst = Analyst.open(ModelOptions(detector, encoder, views, provider, threads))
    header = Header(analyst.space, analyst.template, views, title=source.name)
    gallery = GalleryFile.create(path, header)
    try:
        total = sum(1 for _ in source)
        with progress_bar("building", total, hidden=as_json) as advance:
            summary = build_gallery(gallery, source, analyst, options, lambda _uri: advance())
    except KeyboardInterrupt as stop:
        kept = gallery.counts()["faces"]
        err.print(f"stopped; {kept:,} photos are in {path}. Run the same command to go on.")
        raise typer.Exit(INTERRUPTED) from stop
    finally:
        gallery.close()
    _report(path, summary, gallery, as_json=as_json)


def _report(path: Path, summary: BuildSummary, gallery: GalleryFile, *, as_json: bool) -> None:
    counts = gallery.counts()
    turned_down = {str(reason): count for reason, count in summary.turned_down.most_common()}
    if as_json:
        print_json(
            {
                "gallery": str(path),
                "offered": summary.offered,
                "known_before": summary.known,
                "added": summary.added,
                "turned_down": turned_down,
                "totals": counts,
            }
        )
        return
    out.print(f"[bold]{path}[/]: {counts['people']:,} people, {counts['faces']:,} photos")
    out.print(f"  {summary.added:,} added, {summary.known:,} known before", highlight=False)
    for reason, count in turned_down.items():
        out.print(f"  {count:,} not used: {reason}", highlight=False)
    if turned_down:
        out.print(f"  why, photo by photo: lookalike gallery info {path} --ledger", highlight=False)


@app.command(cls=Command)
def info(
    gallery: GalleryFileArgument,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="List every photo that was not used, and why.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is in a gallery, and which photos were not used and why."""
    from lookalike.gallery.store import GalleryFile

    file = GalleryFile(gallery)
    header, counts = file.header, file.counts()
    entries = file.ledger()
    reasons: dict[str, int] = {}
    for entry in entries:
        reasons[entry.reason] = reasons.get(entry.reason, 0) + 1
    if as_json:
        print_json(
            {
                "gallery": str(gallery),
                "title": header.title,
                "encoder": header.space.encoder,
                "dimension": header.space.dim,
                "space": header.space.digest,
                "template": header.template,
                "views": header.views,
                "counts": counts,
                "not_used": reasons,
                "ledger": [
                    {
                        "source": e.source,
                        "uri": e.uri,
                        "person": e.person,
                        "reason": e.reason,
                        "detail": e.detail,
                    }
                    for e in entries
                ]
                if ledger
                else None,
            }
        )
        return
    table = Table(box=None, show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("title", header.title)
    table.add_row("people", f"{counts['people']:,}")
    table.add_row("photos", f"{counts['photos']:,}")
    table.add_row("not used", f"{counts['ledger']:,}")
    for reason, count in reasons.items():
        table.add_row("", f"{count:,} {reason}")
    table.add_row("space", str(header.space))
    table.add_row("alignment", f"{header.template}, {header.views} views")
    out.print(table)
    if ledger:
        listing = Table(box=None)
        for heading in ("photo", "person", "reason", "detail"):
            listing.add_column(heading, overflow="fold")
        for entry in entries:
            listing.add_row(entry.uri, entry.person, entry.reason, entry.detail)
        out.print(listing)


for command in (
    care.merge,
    care.rename,
    care.annotate,
    care.remove,
    care.undo,
    care.history,
    copies.copy,
    copies.encode,
    copies.export,
    copies.import_,
    copies.upgrade,
):
    app.command(command.__name__.rstrip("_"), cls=Command)(command)

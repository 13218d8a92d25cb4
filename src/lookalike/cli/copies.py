"""``lookalike gallery copy``, ``encode``, ``export``, ``import``, ``upgrade``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lookalike.cli.options import GalleryFileArgument, ProviderOption, ThreadsOption
from lookalike.cli.output import AsJson, out, print_json
from lookalike.cli.progress import progress_bar
from lookalike.errors import OptionError

CsvOption = Annotated[
    Path | None,
    typer.Option("--csv", help="A folder for labels.csv and descriptors.csv.", show_default=False),
]
ParquetOption = Annotated[
    Path | None, typer.Option("--parquet", help="A Parquet file.", show_default=False)
]
TargetArgument = Annotated[Path, typer.Argument(help="The new file.", show_default=False)]


def copy(gallery: GalleryFileArgument, target: TargetArgument, as_json: AsJson = False) -> None:
    """Write a gallery to another file, also while it is in use."""
    from lookalike.gallery.copying import copy as copy_gallery
    from lookalike.gallery.store import GalleryFile

    copy_gallery(gallery, target)
    counts = GalleryFile(target).counts()
    if as_json:
        print_json({"gallery": str(target), "counts": counts})
    else:
        out.print(f"{target}: {counts['people']:,} people, {counts['faces']:,} photos",
                  highlight=False)  # fmt: skip


def encode(
    gallery: GalleryFileArgument,
    target: TargetArgument,
    encoder: Annotated[
        str, typer.Option(help="The model that makes the vectors.", show_default=False)
    ],
    views: Annotated[
        int, typer.Option(min=1, help="1: as is; 2: and mirrored; up to 32: and moved.")
    ] = 2,
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Write a gallery to another file with another model's vectors, without its photos."""
    from lookalike.gallery.copying import encode_again
    from lookalike.gallery.store import GalleryFile
    from lookalike.models.card import card
    from lookalike.models.runtime import Runtime
    from lookalike.registry import load

    total = GalleryFile(gallery).counts()["faces"]
    model = card(encoder)
    runtime = Runtime(provider, threads)
    opened = load("encoder", model.architecture).open(model, runtime, views)
    with progress_bar("encoding", total, hidden=as_json) as advance:
        count = encode_again(gallery, target, opened, advance)
    if as_json:
        print_json({"gallery": str(target), "encoder": encoder, "faces": count})
    else:
        out.print(f"{target}: {count:,} faces, encoded by {encoder}", highlight=False)


def export(
    gallery: GalleryFileArgument,
    csv: CsvOption = None,
    parquet: ParquetOption = None,
    as_json: AsJson = False,
) -> None:
    """Write a gallery's people and vectors as two CSV files, or all of it as one Parquet file."""
    from lookalike.gallery.csv_files import write_csv
    from lookalike.gallery.parquet_file import write_parquet
    from lookalike.gallery.store import GalleryFile

    file = GalleryFile(gallery)
    if csv is not None and parquet is None:
        people, rows = write_csv(file, csv)
        _say(csv, people, rows, "folder", as_json=as_json)
    elif parquet is not None and csv is None:
        rows = write_parquet(file, parquet)
        _say(parquet, file.counts()["people"], rows, "file", as_json=as_json)
    else:
        raise OptionError("say where to: --csv FOLDER or --parquet FILE")


def import_(
    gallery: GalleryFileArgument,
    csv: CsvOption = None,
    parquet: ParquetOption = None,
    encoder: Annotated[
        str, typer.Option(help="The model that the descriptors of CSV files come from.")
    ] = "dlib-resnet-v1",
    views: Annotated[
        int, typer.Option(min=1, help="Views averaged in each descriptor of CSV files.")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Make a gallery from two CSV files, or from a Parquet file that a gallery was written to."""
    from lookalike.gallery.csv_files import read_csv
    from lookalike.gallery.opt_out import opted_out
    from lookalike.gallery.parquet_file import parquet_header, read_parquet
    from lookalike.gallery.records import Header
    from lookalike.gallery.store import GalleryFile
    from lookalike.models.card import card

    if (csv is None) == (parquet is None):
        raise OptionError("say where from: --csv FOLDER or --parquet FILE")
    if parquet is not None:
        header = parquet_header(parquet)
    else:
        model = card(encoder)
        header = Header(model.space, model.input.template, views, title=gallery.stem)
    file = GalleryFile.create(gallery, header)
    try:
        if parquet is not None:
            rows = read_parquet(file, parquet, opted_out())
        else:
            rows = read_csv(file, csv or Path(), opted_out())[1]
        people = file.counts()["people"]
    finally:
        file.close()
    _say(gallery, people, rows, "gallery", as_json=as_json)


def upgrade(gallery: GalleryFileArgument, as_json: AsJson = False) -> None:
    """Bring a gallery of an older format up to date."""
    from lookalike.gallery.schema import FORMAT_VERSION
    from lookalike.gallery.upgrades import upgrade as upgrade_gallery

    before = upgrade_gallery(gallery)
    if as_json:
        print_json({"gallery": str(gallery), "from": before, "to": FORMAT_VERSION})
    elif before == FORMAT_VERSION:
        out.print(f"{gallery} is up to date: format {before}", highlight=False, soft_wrap=True)
    else:
        out.print(f"{gallery}: format {before} is now {FORMAT_VERSION}", highlight=False)


def _say(where: Path, people: int, rows: int, kind: str, *, as_json: bool) -> None:
    if as_json:
        print_json({kind: str(where), "people": people, "descriptors": rows})
    else:
        out.print(f"{where}: {people:,} people, {rows:,} descriptors", highlight=False)

"""``lookalike gallery copy``, ``encode``, ``export``, ``import``, ``upgrade``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lookalike.cli.options import (
    GalleryArgument,
    Place,
    ProviderOption,
    ThreadsOption,
    gallery_place,
)
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
TargetArgument = Annotated[
    Place,
    typer.Argument(
        metavar="TARGET",
        help="The new file, or postgresql://host/database?gallery=name.",
        parser=gallery_place,
        show_default=False,
    ),
]


def copy(gallery: GalleryArgument, target: TargetArgument, as_json: AsJson = False) -> None:
    """Write a gallery to another file or to a server, also while it is in use.

    A copy from or to a server that was interrupted goes on where it stopped.
    """
    from lookalike.gallery.opening import open_store
    from lookalike.gallery.transfer import transfer

    store = open_store(gallery)
    total = store.counts()["faces"]
    store.close()
    with progress_bar("copying", total, hidden=as_json) as advance:
        transfer(gallery, target, advance)
    store = open_store(target)
    counts = store.counts()
    store.close()
    if as_json:
        print_json({"gallery": str(target), "counts": counts})
    else:
        out.print(f"{target}: {counts['people']:,} people, {counts['faces']:,} photos",
                  highlight=False, markup=False, soft_wrap=True)  # fmt: skip


def encode(
    gallery: GalleryArgument,
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
    from lookalike.gallery.opening import open_store
    from lookalike.models.card import card
    from lookalike.models.runtime import Runtime
    from lookalike.registry import load

    if not isinstance(gallery, Path) or not isinstance(target, Path):
        raise OptionError(
            "vectors are made anew from file to file", "use lookalike gallery copy before and after"
        )
    total = open_store(gallery).counts()["faces"]
    model = card(encoder)
    runtime = Runtime(provider, threads)
    opened = load("encoder", model.architecture).open(model, runtime, views)
    with progress_bar("encoding", total, hidden=as_json) as advance:
        count = encode_again(gallery, target, opened, advance)
    if as_json:
        print_json({"gallery": str(target), "encoder": encoder, "faces": count})
    else:
        out.print(f"{target}: {count:,} faces, encoded by {encoder}", highlight=False, markup=False)


def export(
    gallery: GalleryArgument,
    csv: CsvOption = None,
    parquet: ParquetOption = None,
    as_json: AsJson = False,
) -> None:
    """Write a gallery's people and vectors as two CSV files, or all of it as one Parquet file."""
    from lookalike.gallery.csv_files import write_csv
    from lookalike.gallery.opening import open_store
    from lookalike.gallery.parquet_file import write_parquet

    file = open_store(gallery)
    if csv is not None and parquet is None:
        people, rows = write_csv(file, csv)
        _say(csv, people, rows, "folder", as_json=as_json)
    elif parquet is not None and csv is None:
        rows = write_parquet(file, parquet)
        _say(parquet, file.counts()["people"], rows, "file", as_json=as_json)
    else:
        raise OptionError("say where to: --csv FOLDER or --parquet FILE")


def import_(
    gallery: GalleryArgument,
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
    from lookalike.gallery.opening import create_store
    from lookalike.gallery.opt_out import opted_out
    from lookalike.gallery.parquet_file import parquet_header, read_parquet
    from lookalike.gallery.records import Header
    from lookalike.models.card import card

    if (csv is None) == (parquet is None):
        raise OptionError("say where from: --csv FOLDER or --parquet FILE")
    if parquet is not None:
        header = parquet_header(parquet)
    else:
        model = card(encoder)
        header = Header(model.space, model.input.template, views, title=gallery.stem)
    file = create_store(gallery, header)
    try:
        if parquet is not None:
            rows = read_parquet(file, parquet, opted_out())
        else:
            rows = read_csv(file, csv or Path(), opted_out())[1]
        people = file.counts()["people"]
    finally:
        file.close()
    _say(gallery, people, rows, "gallery", as_json=as_json)


def upgrade(gallery: GalleryArgument, as_json: AsJson = False) -> None:
    """Bring a gallery of an older format up to date."""
    from lookalike.gallery.opening import upgrade_store

    before, now = upgrade_store(gallery)
    if as_json:
        print_json({"gallery": str(gallery), "from": before, "to": now})
    elif before == now:
        out.print(
            f"{gallery} is up to date: format {before}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    else:
        out.print(
            f"{gallery}: format {before} is now {now}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def roles(gallery: GalleryArgument, as_json: AsJson = False) -> None:
    """Print the SQL that makes a reader and a writer of a gallery on a server, for its owner."""
    from lookalike.gallery.places import Address
    from lookalike.gallery.roles import roles_sql

    if not isinstance(gallery, Address):
        raise OptionError(f"{gallery} is a file: its permissions say who may read and write it")
    sql = roles_sql(gallery)
    if as_json:
        print_json({"gallery": str(gallery), "sql": sql})
    else:
        typer.echo(sql, nl=False)


def _say(where: Place, people: int, rows: int, kind: str, *, as_json: bool) -> None:
    if as_json:
        print_json({kind: str(where), "people": people, "descriptors": rows})
    else:
        out.print(
            f"{where}: {people:,} people, {rows:,} descriptors", highlight=False, markup=False
        )

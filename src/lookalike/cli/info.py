"""``lookalike gallery info``: what a gallery is, and what was not used for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from lookalike.cli.options import GalleryArgument
from lookalike.cli.output import AsJson, out, print_json

if TYPE_CHECKING:
    from lookalike.gallery.places import Place
    from lookalike.gallery.records import LedgerEntry
    from lookalike.gallery.seam import Store


def info(
    gallery: GalleryArgument,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="List every photo that was not used, and why.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is in a gallery, and which photos were not used and why."""
    from lookalike.gallery.opening import open_store

    file = open_store(gallery)
    entries = file.ledger()
    if as_json:
        _print_fields(gallery, file, entries, ledger)
        return
    header, counts = file.header, file.counts()
    table = Table(box=None, show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("title", escape(header.title))
    table.add_row("people", f"{counts['people']:,}")
    table.add_row("photos", f"{counts['photos']:,}")
    if counts["hidden"]:
        table.add_row("hidden faces", f"{counts['hidden']:,}")
    table.add_row("not used", f"{counts['ledger']:,}")
    for reason, count in Counter(entry.reason for entry in entries).most_common():
        table.add_row("", f"{count:,} {reason}")
    table.add_row("space", escape(str(header.space)))
    table.add_row("alignment", escape(f"{header.template}, {header.views} views"))
    out.print(table)
    if ledger:
        out.print(_listing(entries))


def _print_fields(gallery: Place, file: Store, entries: list[LedgerEntry], ledger: bool) -> None:
    header = file.header
    rows = [
        {
            "source": entry.source,
            "uri": entry.uri,
            "person": entry.person,
            "reason": entry.reason,
            "detail": entry.detail,
        }
        for entry in entries
    ]
    print_json(
        {
            "gallery": str(gallery),
            "title": header.title,
            "encoder": header.space.encoder,
            "dimension": header.space.dim,
            "space": header.space.digest,
            "template": header.template,
            "views": header.views,
            "counts": file.counts(),
            "not_used": dict(Counter(str(entry.reason) for entry in entries)),
            "ledger": rows if ledger else None,
        }
    )


def _listing(entries: list[LedgerEntry]) -> Table:
    listing = Table(box=None)
    for heading in ("photo", "person", "reason", "detail"):
        listing.add_column(heading, overflow="fold")
    for entry in entries:
        listing.add_row(*map(escape, (entry.uri, entry.person, entry.reason, entry.detail)))
    return listing

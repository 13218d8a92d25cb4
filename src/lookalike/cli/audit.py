"""``lookalike gallery audit`` and ``apply``: what is filed wrongly, and what to do about it."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from lookalike.cli.care import changing
from lookalike.cli.documents import write_text
from lookalike.cli.options import GalleryArgument
from lookalike.cli.output import AsJson, out, print_json
from lookalike.cli.progress import progress_bar
from lookalike.errors import OptionError

if TYPE_CHECKING:
    from lookalike.gallery.applying import Applied
    from lookalike.gallery.audit import Audit, Decision
    from lookalike.gallery.places import Place
    from lookalike.gallery.seam import Store

#: Suggestions that are printed; the page and the file have all.
_PRINTED: Final = 20


def audit(
    gallery: GalleryArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The page. Default: GALLERY-audit.html here.", show_default=False
        ),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out what is less sure.")
    ] = 0.5,
    as_json: AsJson = False,
) -> None:
    """Find photos under a wrong name, people under two names, and people who are two.

    Writes a page with the faces side by side, and beside it a file of decisions: say true to those
    that are right, on the page or in the file, and hand it to `gallery apply`.
    """
    from lookalike.gallery.audit import AuditOptions, decisions_of, write_decisions
    from lookalike.gallery.audit import audit as audit_columns
    from lookalike.gallery.opening import open_store

    file = open_store(gallery)
    options = AuditOptions(min_confidence)
    with progress_bar("auditing", None, hidden=as_json) as advance:
        columns = file.columns()
        found = audit_columns(columns, options, lambda _step: advance())
    title, generation = file.header.title or gallery.stem, file.generation
    page = output or Path(f"{gallery.stem}-audit.html")
    listed = page.with_suffix(".json")
    decisions = decisions_of(found, columns, gallery=title, generation=generation)
    _write_page(page, found, columns, file, title)
    write_decisions(listed, decisions)
    if as_json:
        print_json(
            {
                "gallery": str(gallery),
                "page": str(page),
                "decisions": str(listed),
                "counts": dict(found.counts()),
                "suggestions": [_fields(one) for one in decisions],
            }
        )
    else:
        _print(found, list(decisions), page, listed, gallery)


def apply(
    gallery: GalleryArgument,
    decisions: Annotated[Path, typer.Argument(help="The file of decisions.", show_default=False)],
    at_least: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Also follow what is as sure as this.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Do what was decided about an audit, as one step; `gallery undo` takes it back."""
    from lookalike.gallery.applying import apply as apply_decisions
    from lookalike.gallery.audit import read_decisions

    told = read_decisions(decisions)
    if at_least is not None:
        sure = [replace(one, accept=one.accept or one.confidence >= at_least) for one in told]
        told = replace(told, decisions=tuple(sure))
    wanted = told.accepted
    if not wanted:
        raise OptionError(
            f"nothing in {decisions} has been accepted",
            "write true behind accept, or say how sure is enough: --at-least 0.95",
        )
    with changing(gallery) as file:
        applied = apply_decisions(file, wanted)
    _print_applied(gallery, applied, as_json=as_json)


def _write_page(page: Path, found: Audit, columns: Any, file: Store, title: str) -> None:
    from lookalike.gallery.audit import audit_report
    from lookalike.gallery.pictures import portrait
    from lookalike.images import encode_jpeg

    def thumbnail(number: int) -> bytes:
        pixels = portrait(file, number)
        return b"" if pixels is None else encode_jpeg(pixels)

    html = audit_report(
        found,
        columns,
        thumbnail,
        gallery=title,
        generation=file.generation,
        file_name=page.with_suffix(".json").name,
    )
    write_text(page, html)


def _fields(one: Decision) -> dict[str, Any]:
    return {
        "action": one.action,
        "person": one.person,
        "to": one.to,
        "name": one.name,
        "photos": list(one.photos),
        "faces": list(one.faces),
        "confidence": one.confidence,
        "why": one.why,
    }


def _print(
    found: Audit, decisions: list[Decision], page: Path, listed: Path, gallery: Place
) -> None:
    if decisions:
        table = Table(box=None)
        for heading in ("what", "sure", "why"):
            table.add_column(heading, overflow="fold")
        for one in decisions[:_PRINTED]:
            table.add_row(one.action, f"{one.confidence:.0%}", escape(one.why))
        out.print(table)
        if len(decisions) > _PRINTED:
            out.print(f"and {len(decisions) - _PRINTED:,} more", style="dim", highlight=False)
    else:
        out.print(f"nothing looks wrong among {found.faces:,} faces", highlight=False)
    out.print(f"look at: {page}", highlight=False, soft_wrap=True, markup=False)
    command = f"lookalike gallery apply {shlex.quote(str(gallery))} {shlex.quote(str(listed))}"
    out.print(f"decide, then: {command}", highlight=False, soft_wrap=True, markup=False)


def _print_applied(gallery: Place, applied: Applied, *, as_json: bool) -> None:
    if as_json:
        skipped = [{**_fields(one), "reason": reason} for one, reason in applied.skipped]
        print_json({"gallery": str(gallery), "done": applied.done, "skipped": skipped})
        return
    undo = f"lookalike gallery undo {shlex.quote(str(gallery))}"
    out.print(f"{applied.done:,} done; {undo} takes them back",
              highlight=False, soft_wrap=True, markup=False)  # fmt: skip
    for one, reason in applied.skipped:
        out.print(f"passed over: {one.action} {one.person}: {reason}", highlight=False,
                  soft_wrap=True, markup=False)  # fmt: skip

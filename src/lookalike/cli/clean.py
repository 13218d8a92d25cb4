"""``lookalike clean``: what is wrong with a folder of photos, or a table of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.markup import escape
from rich.table import Table

from lookalike.cli.options import DetectorOption, ProviderOption, QualityOption, ThreadsOption
from lookalike.cli.output import INTERRUPTED, AsJson, err, out, print_json
from lookalike.cli.progress import progress_bar
from lookalike.errors import OptionError
from lookalike.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lookalike.cleaning import CleanOptions, Finding, Outcome, Report
    from lookalike.protocols import Detector


def clean(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|TABLE",
            help="A folder of photos, with a folder for each person or without; or a CSV table of "
            "photos.",
            show_default=False,
        ),
    ],
    apply: Annotated[
        bool,
        typer.Option(
            "--apply", help="Act: mend what can be mended, move the rest into quarantine."
        ),
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Put back everything that --apply has moved.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="Name every file that something is wrong with.")
    ] = False,
    faces: Annotated[bool, typer.Option(help="Look for faces, too.")] = True,
    several: Annotated[
        Literal["leave", "skip", "largest", "centered", "each"],
        typer.Option(
            help="A photo with several faces: leave it, skip it (quarantine), crop it to its "
            "largest or most centered face, or cut each face into a file in --output."
        ),
    ] = "leave",
    across: Annotated[
        Literal["leave", "quarantine"],
        typer.Option(help="One photo with different people: leave it, or quarantine all copies."),
    ] = "leave",
    near: Annotated[
        int,
        typer.Option(
            min=-1,
            max=64,
            help="How many of 256 bits may differ between near duplicates; -1 looks for none.",
        ),
    ] = 24,
    min_side: Annotated[
        int, typer.Option(min=1, help="The shortest side that a photo may have, in pixels.")
    ] = 64,
    min_quality: QualityOption = 0.0,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Where --several each puts the faces.", show_default=False
        ),
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(
            help="Of a table: the folder that its paths start from. Default: the table's own.",
            show_default=False,
        ),
    ] = None,
    encoding: Annotated[
        str, typer.Option(help="Of a table, if it is not UTF-8.", show_default=False)
    ] = "",
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with photos, and with --apply mend it. Nothing is ever deleted."""
    from lookalike.cleaning import CleanOptions

    if apply and undo:
        raise OptionError("--apply and --undo exclude each other", "give one of them")
    try:
        if undo:
            _undo(path, as_json=as_json)
        elif path.is_dir():
            options = CleanOptions(
                several, across, min_quality, min_side, near, output, workers=threads or 0
            )
            finder = _detector(detector, provider, threads) if faces else None
            _clean_folder(path, options, finder, apply=apply, listed=listed, as_json=as_json)
        else:
            table = (path, images, encoding, across)
            _clean_table(table, apply=apply, listed=listed, as_json=as_json)
    except KeyboardInterrupt as stop:
        err.print("stopped; nothing is lost, and the same command goes on with it")
        raise typer.Exit(INTERRUPTED) from stop


def _detector(name: str, provider: str, threads: int | None) -> Detector:
    from lookalike.detection.opening import open_detector
    from lookalike.models.runtime import Runtime

    return open_detector(name, Runtime(provider, threads))


def _clean_folder(
    folder: Path,
    options: CleanOptions,
    detector: Detector | None,
    *,
    apply: bool,
    listed: bool,
    as_json: bool,
) -> None:
    from lookalike.cleaning import apply as act
    from lookalike.cleaning import inspect, resume
    from lookalike.sources.naming import owner_of

    progress = partial(progress_bar, hidden=as_json)
    if apply:
        resume(folder)
    report = inspect(
        folder,
        options,
        detector=detector,
        owner=partial(owner_of, numbered=True),
        progress=progress,
    )
    outcome = act(report, progress=progress) if apply else None
    if as_json:
        counts = {"photos": report.photos, "sound": report.sound, "other_files": report.others}
        print_json({"folder": str(folder), **counts, **_fields(report.findings, outcome)})
        return
    out.print(
        f"[bold]{escape(str(folder))}[/]: {report.photos:,} photos, {report.sound:,} sound",
        highlight=False,
        soft_wrap=True,
    )
    _say(report.findings, outcome, listed=listed)
    _say_next(report, outcome)


def _clean_table(
    table: tuple[Path, Path | None, str, Any], *, apply: bool, listed: bool, as_json: bool
) -> None:
    from lookalike.cleaning.tables import apply_table, inspect_table
    from lookalike.sources.table_columns import Columns

    path, images, encoding, across = table
    report = inspect_table(
        path,
        lambda names: Columns.of(names).roles,
        images,
        encoding=encoding,
        across=across,
        progress=partial(progress_bar, hidden=as_json),
    )
    outcome = apply_table(report) if apply else None
    rows, kept = len(report.table.rows), len(report.kept)
    if as_json:
        counts = {"table": str(path), "rows": rows, "kept": kept}
        print_json(counts | _fields(report.findings, outcome))
        return
    words = f"[bold]{escape(str(path))}[/]: {rows:,} rows, {kept:,} to keep"
    out.print(words, highlight=False, soft_wrap=True)
    _say(report.findings, outcome, listed=listed)


def _undo(path: Path, *, as_json: bool) -> None:
    from lookalike.cleaning import undo

    folder, only = (path, "") if path.is_dir() else (path.parent, path.name)
    outcome = undo(folder, only, progress=partial(progress_bar, hidden=as_json))
    if as_json:
        print_json({"folder": str(folder), "put_back": outcome.done, **_problems(outcome)})
        return
    out.print(f"{outcome.done:,} files put back", highlight=False)
    _say_problems(outcome)


def _counts(findings: Iterable[Finding]) -> dict[tuple[str, str], int]:
    from lookalike.cleaning import Fault

    order = list(Fault)
    counts: dict[tuple[str, str], int] = {}
    for finding in sorted(findings, key=lambda one: (order.index(one.fault), one.action)):
        key = (finding.fault.value, finding.action.value)
        counts[key] = counts.get(key, 0) + 1
    return counts


def _fields(findings: tuple[Finding, ...], outcome: Outcome | None) -> dict[str, Any]:
    faults: dict[str, int] = {}
    for (fault, _), count in _counts(findings).items():
        faults[fault] = faults.get(fault, 0) + count
    return {
        "faults": faults,
        "findings": [
            {
                "path": one.path,
                "person": one.person,
                "fault": one.fault.value,
                "detail": one.detail,
                "action": one.action.value,
            }
            for one in findings
        ],
        "applied": None if outcome is None else outcome.done,
        **_problems(outcome),
    }


def _problems(outcome: Outcome | None) -> dict[str, Any]:
    problems = outcome.problems if outcome else []
    return {"problems": [{"path": path, "why": why} for path, why in problems]}


def _say(findings: tuple[Finding, ...], outcome: Outcome | None, *, listed: bool) -> None:
    if not findings:
        out.print("  nothing is wrong with them", highlight=False)
    else:
        summary = Table(box=None)
        summary.add_column("fault")
        summary.add_column("files", justify="right")
        summary.add_column("action")
        for (fault, action), count in _counts(findings).items():
            summary.add_row(fault, f"{count:,}", action)
        out.print(summary)
    if listed and findings:
        table = Table(box=None)
        for heading in ("file", "person", "fault", "detail", "action"):
            table.add_column(heading, overflow="fold")
        for one in findings:
            cells = (one.path, one.person, one.fault.value, one.detail, one.action.value)
            table.add_row(*(escape(printable(cell)) for cell in cells))
        out.print(table)
    if outcome is not None:
        out.print(f"  {outcome.done:,} dealt with", highlight=False)
        _say_problems(outcome)


def _say_next(report: Report, outcome: Outcome | None) -> None:
    folder = escape(str(report.folder))
    if outcome is None and report.steps:
        out.print(f"[dim]act on it: lookalike clean {folder} --apply[/]", soft_wrap=True)
    elif outcome is not None and outcome.done:
        out.print(f"[dim]take it back: lookalike clean {folder} --undo[/]", soft_wrap=True)


def _say_problems(outcome: Outcome) -> None:
    for path, why in outcome.problems:
        words = f"  left alone: {escape(printable(path))}: {escape(printable(why))}"
        out.print(words, highlight=False, soft_wrap=True)

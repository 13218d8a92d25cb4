"""How models are shown: as fields for machines, as a table and a progress bar for people."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from lookalike.cli.output import err
from lookalike.errors import LookalikeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lookalike.models.card import Card
    from lookalike.models.pull import Progress as PullProgress

_USES: Final = {
    "yes": "[green]every use[/]",
    "no": "[yellow]not commercial[/]",
    "ask": "[yellow]not settled[/]",
}
_STATES: Final = {
    "installed": "[green]installed[/]",
    "downloaded": "[green]downloaded[/]",
    "missing": "[dim]missing[/]",
    "licence not accepted": "[yellow]not accepted[/]",
}


def fields_of(card: Card, own: Mapping[str, Card]) -> dict[str, Any]:
    """Return a model as machines read it.

    Parameters
    ----------
    card : Card
        The model.
    own : mapping of str to Card
        The models that the user has added.

    Returns
    -------
    dict
        JSON values only.
    """
    from lookalike.models.licence import accepted, must_be_accepted
    from lookalike.models.store import state

    return {
        "name": card.name,
        "task": card.task,
        "summary": card.summary,
        "dimension": card.dimension,
        "template": card.input.template,
        "digest": _digest(card),
        "bytes": _bytes(card),
        "licence": {
            "code": card.licence.code,
            "weights": card.licence.weights,
            "commercial": card.licence.commercial,
            "accepted": accepted(card) if must_be_accepted(card) else None,
        },
        "origin": card.origin,
        "training_data": card.training_data,
        "paper": card.paper,
        "added": card.name in own,
        "weights": state(card),
        "hint": _hint(card),
    }


def table_of(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return models as people read them.

    Parameters
    ----------
    rows : sequence of mapping
        Made by `fields_of`.

    Returns
    -------
    Table
        Fits in 80 columns.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("name", overflow="fold")
    for heading in ("numbers", "size"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("may be put to", "weights"):
        table.add_column(heading, no_wrap=True)
    for task, title in (("detect", "find faces"), ("encode", "make vectors")):
        table.add_row(f"[bold]{title}[/]")
        for row in rows:
            if row["task"] != task:
                continue
            here = row["weights"] == "downloaded" and row["added"]
            table.add_row(
                f"  [cyan]{escape(row['name'])}[/]",
                str(row["dimension"] or ""),
                size_of(row["bytes"]),
                _USES[row["licence"]["commercial"]],
                "[green]your own[/]" if here else _STATES[row["weights"]],
            )
    return table


def size_of(count: int) -> str:
    """Return a number of bytes as people read it.

    Parameters
    ----------
    count : int
        Bytes; 0 if that is not known.

    Returns
    -------
    str
        In MB, or a question mark.
    """
    return f"{count / 1e6:,.1f} MB" if count else "?"


@contextmanager
def progress_of(model: str, *, quiet: bool) -> Iterator[Callable[[PullProgress], None]]:
    """Show how far downloads are, while the block runs.

    Parameters
    ----------
    model : str
        The model's name.
    quiet : bool
        Whether to show nothing; so it is too where nobody watches.

    Yields
    ------
    callable
        To be told how far a file is.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=quiet or not err.is_terminal,
    )
    tasks: dict[str, Any] = {}

    def show(progress: PullProgress) -> None:
        name = progress.file.name
        if name not in tasks:
            tasks[name] = bar.add_task(model, total=None)
        if progress.step == "downloading":
            bar.update(
                tasks[name], completed=progress.done, total=progress.total, description=model
            )
        else:
            said = {"waiting": "another process downloads", "checking": "checking"}[progress.step]
            bar.update(tasks[name], description=f"{model}: {said}")

    with bar:
        yield show


def _digest(card: Card) -> str | None:
    try:
        return card.digest
    except LookalikeError:
        return None


def _bytes(card: Card) -> int:
    from lookalike.models.store import locate

    total = 0
    for file in card.files:
        size = file.bytes
        if not size:
            try:
                size = locate(file).stat().st_size
            except LookalikeError:
                return 0
        total += size
    return total


def _hint(card: Card) -> str:
    from lookalike.models.licence import require
    from lookalike.models.store import locate

    try:
        for file in card.files:
            locate(file, card.name)
        require(card)
    except LookalikeError as error:
        return error.hint
    return ""

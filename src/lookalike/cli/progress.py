"""A progress bar for everything that takes longer than a second."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lookalike.cli.output import err

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress_bar(what: str, total: int | None, *, hidden: bool) -> Iterator[Callable[[], None]]:
    """Show a bar while the body runs.

    Parameters
    ----------
    what : str
        What is being done.
    total : int or None
        How many steps there will be, if that is known.
    hidden : bool
        Whether to show nothing. Nothing is shown either where nobody would see it move.

    Yields
    ------
    callable
        To be called at each step.
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=hidden or not err.is_terminal,
    )
    with bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)

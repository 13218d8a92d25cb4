"""A progress bar for everything that takes longer than a second."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lookalike.cli.output import err, out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress_bar(
    what: str, total: int | None, *, hidden: bool, after_s: float = 0.0
) -> Iterator[Callable[[], None]]:
    """Show a bar while the body runs.

    Parameters
    ----------
    what : str
        What is being done.
    total : int or None
        How many steps there will be, if that is known.
    hidden : bool
        Whether to show nothing. Nothing is shown either where nobody would see it move.
    after_s : float, default 0
        The bar comes up at the first step after so many seconds.

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
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=hidden or not err.is_terminal,
        # What goes into a file or a pipe must not end up beside the bar.
        redirect_stdout=out.is_terminal,
    )
    task = bar.add_task(what, total=total, rate="")
    began = time.monotonic()

    def step() -> None:
        bar.advance(task)
        speed = bar.tasks[0].speed
        bar.update(task, rate="" if not speed else f"{speed:,.1f}/s")
        if not bar.live.is_started and time.monotonic() - began > after_s:
            bar.start()

    try:
        if not after_s:
            bar.start()
        yield step
    finally:
        bar.stop()

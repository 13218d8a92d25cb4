"""Labeling as a command does: with a bar, a preview, and a clean stop at Ctrl-C."""

from __future__ import annotations

import re
import signal
import threading
import webbrowser
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape

from lookalike.cli.output import err, out
from lookalike.cli.progress import progress_bar
from lookalike.errors import OptionError, VideoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from lookalike.video.eyes import Looker
    from lookalike.video.footage import Footage
    from lookalike.video.heads import Head
    from lookalike.video.labeling import Labeling, Sink
    from lookalike.video.options import LabelOptions
    from lookalike.video.watching import Labeled

_TIME: Final = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?)")
#: So many people are listed; all are in the files.
_LISTED: Final = 12
#: Who was away for longer than this comes again, in seconds.
_GONE_S: Final = 5.0


def seconds(text: str) -> float | None:
    """Read a time as people write it.

    Parameters
    ----------
    text : str
        ``75``, ``1:15`` or ``1:02:03.5``; empty for none.

    Returns
    -------
    float or None
        In seconds.

    Raises
    ------
    OptionError
        If it is no time.
    """
    if not text:
        return None
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise OptionError(f"{text!r} is no time", "write 75, 1:15 or 1:02:03")
    hours, minutes, rest = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest)


def run_label(
    footage: Footage,
    networks: tuple[Looker, Head],
    sinks: Sequence[Sink],
    options: LabelOptions,
    *,
    show: bool,
    quiet: bool,
    seen: Callable[[Labeled], None] | None = None,
) -> Labeling:
    """Label footage, and stop cleanly at Ctrl-C; a second one throws away what was made.

    Parameters
    ----------
    footage : Footage
        What to label.
    networks : tuple of (Looker, Head)
        What finds and what names faces.
    sinks : sequence of Sink
        Where labeled frames go.
    options : LabelOptions
        How.
    show : bool
        Whether to show them in the browser.
    quiet : bool
        Whether to say nothing meanwhile.
    seen : callable, optional
        Called with every labeled frame.

    Returns
    -------
    Labeling
        Who is on screen when.
    """
    from lookalike.video.labeling import label
    from lookalike.video.preview import Preview

    everywhere = list(sinks)
    if show:
        preview = Preview()
        everywhere.append(preview)
        err.print(f"watch: {preview.address}", soft_wrap=True, markup=False)
        webbrowser.open(preview.address)
    total = round(footage.length_s * footage.rate) if footage.length_s else None
    with (
        stopping(footage.stop),
        progress_bar(f"labeling {footage.name}", total, hidden=quiet) as advance,
    ):

        def step(labeled: Labeled) -> None:
            advance()
            if seen is not None:
                seen(labeled)

        return label(footage, *networks, everywhere, options, step)


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """Let the first Ctrl-C set an event, and the second one interrupt.

    Parameters
    ----------
    stop : threading.Event
        Set at the first.

    Yields
    ------
    None
        Inside. Only the main thread hears signals; elsewhere nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handler(number: int, frame: Any) -> None:
        if stop.is_set():
            signal.default_int_handler(number, frame)
        stop.set()

    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def report(
    labeling: Labeling, output: Path | None, folder: Path | None, left_out: Sequence[str]
) -> None:
    """Say who is on screen, where the files are, and what was wrong.

    Parameters
    ----------
    labeling : Labeling
        What became of the footage.
    output : Path or None
        The labeled video.
    folder : Path or None
        The lists.
    left_out : sequence of str
        Streams that the format cannot hold.
    """
    from rich.table import Table

    from lookalike.figures.timeline import clock
    from lookalike.video.lists import presences

    rows = sorted((row for row in presences(labeling) if row.person), key=lambda row: -row.total_s)
    if rows:
        table = Table("who", "on screen", "first seen", box=None, header_style="dim")
        for row in rows[:_LISTED]:
            name = escape(row.person.name) if row.person else ""
            table.add_row(name, f"{row.total_s:.1f} s", clock(row.spans[0][0]))
        out.print(table)
        if len(rows) > _LISTED:
            out.print(f"and {len(rows) - _LISTED} more")
    else:
        out.print("nobody was named")
    if output is not None:
        out.print(f"labeled: {output}", highlight=False, markup=False, soft_wrap=True)
    if folder is not None:
        out.print(f"who when: {folder}", highlight=False, markup=False, soft_wrap=True)
    for name in left_out:
        err.print(f"left out, the format cannot hold it: {name}", markup=False, soft_wrap=True)
    say_faults(labeling)


def say_faults(labeling: Labeling) -> None:
    """Say what was wrong with footage.

    Parameters
    ----------
    labeling : Labeling
        What became of it.
    """
    faults = labeling.faults
    if faults.damaged:
        err.print(f"{faults.damaged:,} damaged pieces were left out", highlight=False)
    if faults.stopped_s is not None:
        err.print(
            f"stopped at {faults.stopped_s:.2f} s: {faults.reason}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def refuse_same(source: Path, output: Path) -> None:
    """Raise if a video would be written over itself.

    Parameters
    ----------
    source, output : Path
        What is read and what is written.

    Raises
    ------
    VideoError
        If they are one file.
    """
    if output.exists() and source.exists() and output.samefile(source):
        raise VideoError(f"{output} is the video itself", "name another output: -o labeled.mp4")


def interrupted(labeling: Labeling) -> bool:
    """Say whether Ctrl-C ended it.

    Parameters
    ----------
    labeling : Labeling
        What became of footage.

    Returns
    -------
    bool
        Whether it did.
    """
    return labeling.faults.reason == "stopped"


class Comings:
    """Says who comes as they come, and ends after a while.

    Parameters
    ----------
    lasting_s : float or None
        After how long to stop; None for never.
    stop : threading.Event
        Set then.
    quiet : bool
        Whether to say nothing.
    """

    def __init__(self, lasting_s: float | None, stop: threading.Event, *, quiet: bool) -> None:
        self._lasting_s, self._stop, self._quiet = lasting_s, stop, quiet
        self._start_s: float | None = None
        self._there: dict[str, float] = {}

    def see(self, labeled: Labeled) -> None:
        """Look at a labeled frame.

        Parameters
        ----------
        labeled : Labeled
            The next one.
        """
        now_s = labeled.picture.time_s
        if self._start_s is None:
            self._start_s = now_s
        for face in labeled.faces:
            person = face.verdict.person
            if person is None:
                continue
            if now_s - self._there.get(person.id, float("-inf")) > _GONE_S and not self._quiet:
                say(now_s - self._start_s, person.name)
            self._there[person.id] = now_s
        if self._lasting_s is not None and now_s - self._start_s >= self._lasting_s:
            self._stop.set()


def say(time_s: float, name: str) -> None:
    """Say that somebody is there.

    Parameters
    ----------
    time_s : float
        Since when.
    name : str
        Who.
    """
    from lookalike.figures.timeline import clock

    out.print(f"{clock(time_s)}  {name}", highlight=False, markup=False)

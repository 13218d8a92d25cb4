"""Ringing when long work ends: in the terminal, and where the desktop shows notifications."""

from __future__ import annotations

import functools
import inspect
import shutil
import subprocess
import time
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from lookalike.cli.output import INTERRUPTED, err, exit_code
from lookalike.errors import LookalikeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BellOption = Annotated[
    bool,
    typer.Option(
        "--bell", help="Ring when it is done: in the terminal, and on the desktop if it can."
    ),
]

#: What a wrong command line ends with: whoever typed it is still there.
_USAGE: Final = 2

#: A desktop that takes longer than this to show a notification shall not hold up the work.
_PATIENCE_S: Final = 5.0

#: AppleScript that takes its words as arguments, so that none of them is read as a script.
_SCRIPT: Final = (
    "on run words",
    "display notification (item 2 of words) with title (item 1 of words)",
    "end run",
)


@contextmanager
def ring_when_done(wanted: bool, title: str) -> Iterator[None]:
    """Ring when the body ends, well or badly; not if it was stopped, or asked for wrongly.

    Parameters
    ----------
    wanted : bool
        Whether to ring at all.
    title : str
        What was being done, for example ``"building family.gallery"``.

    Yields
    ------
    None
        The body runs. Whatever it raises goes on.
    """
    start = time.monotonic()
    try:
        yield
    except BaseException as error:
        if wanted and _failed(error):
            ring(f"Failed: {title}", f"after {_lasted(start)}")
        elif wanted and isinstance(error, typer.Exit) and error.exit_code == 0:
            ring(f"Done: {title}", f"after {_lasted(start)}")
        raise
    else:
        if wanted:
            ring(f"Done: {title}", f"after {_lasted(start)}")


def _failed(error: BaseException) -> bool:
    """Say whether work has failed that somebody may be waiting for elsewhere."""
    if isinstance(error, typer.Abort) or not isinstance(error, Exception):
        return False
    if isinstance(error, LookalikeError):
        return exit_code(error) != _USAGE
    # Typer's own errors carry their code.
    return getattr(error, "exit_code", 1) not in (0, _USAGE, INTERRUPTED)


def _lasted(start: float) -> str:
    seconds = round(time.monotonic() - start)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def ring(title: str, message: str) -> None:
    """Ring once, wherever it can be heard or seen. Where it cannot, nothing happens.

    Parameters
    ----------
    title, message : str
        What a desktop shows.
    """
    if err.is_terminal:
        err.bell()
    for command in (_notify_send(title, message), _osascript(title, message)):
        if command:
            _run(command)
            return


def _notify_send(title: str, message: str) -> list[str]:
    program = shutil.which("notify-send")
    # The message may hold markup; the title is plain.
    words = ["--app-name=lookalike", "--", title, escape(message, quote=False)]
    return [program, *words] if program else []


def _osascript(title: str, message: str) -> list[str]:
    program = shutil.which("osascript")
    script = [part for line in _SCRIPT for part in ("-e", line)]
    return [program, *script, title, message] if program else []


def _run(command: list[str]) -> None:
    """Run a notifier; that there is no desktop to notify is no error of ours."""
    try:
        subprocess.run(  # noqa: S603 - two programs of the system, and no shell
            command,
            check=False,
            timeout=_PATIENCE_S,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return


def rings(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command that may take its time the option ``--bell``.

    Parameters
    ----------
    function : callable
        The command, as Typer takes it.

    Returns
    -------
    callable
        The same with one more option.
    """

    @functools.wraps(function)
    def ringing(*, bell: bool = False, **arguments: Any) -> None:
        with ring_when_done(bell, f"lookalike {function.__name__.rstrip('_')}"):
            function(**arguments)

    own = inspect.signature(function, eval_str=True)
    option = inspect.Parameter(
        "bell", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=BellOption
    )
    # Typer reads the options from here, and must not look through to the command itself.
    signature = own.replace(parameters=[*own.parameters.values(), option])
    ringing.__signature__ = signature  # type: ignore[attr-defined]
    ringing.__annotations__ = {one.name: one.annotation for one in signature.parameters.values()}
    del ringing.__wrapped__
    return ringing

"""What a command says: to people, to machines, and when something goes wrong."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperCommand

from lookalike.cli.printable import Printable
from lookalike.errors import (
    ArrayError,
    ClusterError,
    CollectError,
    GalleryError,
    ImageError,
    LookalikeError,
    MissingExtra,
    ModelError,
    NoFace,
    OptionError,
    SpaceMismatch,
    TrainingError,
    UnknownName,
    VideoError,
)
from lookalike.fields import error_fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Where tables go, and where progress and errors go.
out: Final = Console()
err: Final = Console(stderr=True)
for _console in (out, err):
    _console.push_render_hook(Printable())

#: The first class that fits an error gives the exit code.
EXIT_CODES: Final[tuple[tuple[type[LookalikeError], int], ...]] = (
    (OptionError, 2),
    (UnknownName, 2),
    (ArrayError, 2),
    (ImageError, 3),
    (NoFace, 4),
    (GalleryError, 5),
    (ModelError, 6),
    (SpaceMismatch, 7),
    (MissingExtra, 8),
    (CollectError, 9),
    (VideoError, 10),
    (TrainingError, 11),
    (ClusterError, 12),
)

#: What a shell expects of a program that Ctrl-C has stopped.
INTERRUPTED: Final = 130

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]


def exit_code(error: LookalikeError) -> int:
    """Return the exit code of an error.

    Parameters
    ----------
    error : LookalikeError
        What went wrong.

    Returns
    -------
    int
        See `EXIT_CODES`; 1 for everything else.
    """
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)


def say_error(error: LookalikeError) -> None:
    """Say what went wrong and what to do, one line each, to people.

    Parameters
    ----------
    error : LookalikeError
        What went wrong.
    """
    err.print(f"[bold red]error:[/] {escape(error.message)}", soft_wrap=True, highlight=False)
    if error.hint:
        err.print(f"[dim]hint:[/]  {escape(error.hint)}", soft_wrap=True, highlight=False)


def print_json(answer: Mapping[str, Any]) -> None:
    """Print an answer for machines.

    Parameters
    ----------
    answer : mapping
        JSON values only.
    """
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")


def check_figure(path: Path | None) -> None:
    """Refuse a figure of no known format before anything is looked at.

    Parameters
    ----------
    path : Path or None
        Where it shall be drawn, if it shall.

    Raises
    ------
    OptionError
        If its suffix says no format.
    """
    if path is not None:
        from lookalike.figures.saving import check_suffix

        check_suffix(path)


class Command(TyperCommand):
    """A command that ends with one line and an exit code, never with a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command.

        Parameters
        ----------
        ctx : typer.Context
            Its arguments.

        Returns
        -------
        object
            Whatever the command returns.
        """
        try:
            return super().invoke(ctx)
        except LookalikeError as error:
            if ctx.params.get("as_json"):
                print_json({"error": error_fields(error)})
            else:
                say_error(error)
            raise typer.Exit(exit_code(error)) from error
        except KeyboardInterrupt as stop:
            err.print("stopped")
            raise typer.Exit(INTERRUPTED) from stop

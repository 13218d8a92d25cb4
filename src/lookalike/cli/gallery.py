"""``lookalike gallery``: make galleries, look into them, put them in order, move them."""

from __future__ import annotations

import typer

from lookalike.cli import build, care, copies, info
from lookalike.cli.output import Command

app = typer.Typer(help="Galleries of known people: one file each.", no_args_is_help=True)

for command in (
    build.build,
    build.add,
    info.info,
    care.merge,
    care.rename,
    care.annotate,
    care.remove,
    care.undo,
    care.history,
    copies.copy,
    copies.encode,
    copies.export,
    copies.import_,
    copies.upgrade,
):
    app.command(command.__name__.rstrip("_"), cls=Command)(command)

"""``lookalike gallery``: make galleries, look into them, put them in order, move them."""

from __future__ import annotations

import typer

from lookalike.cli import audit, build, care, classifier, copies, info, see
from lookalike.cli.bell import rings
from lookalike.cli.output import Command

app = typer.Typer(help="Galleries of known people: one file each.", no_args_is_help=True)

for long_command in (
    build.build,
    build.add,
    see.neighbors,
    see.map_,
    audit.audit,
    copies.encode,
    classifier.train_classifier,
):
    name = long_command.__name__.rstrip("_").replace("_", "-")
    app.command(name, cls=Command)(rings(long_command))

for command in (
    info.info,
    see.describe,
    audit.apply,
    care.merge,
    care.rename,
    care.annotate,
    care.remove,
    care.undo,
    care.history,
    copies.copy,
    copies.export,
    copies.import_,
    copies.upgrade,
    copies.roles,
):
    app.command(command.__name__.rstrip("_"), cls=Command)(command)

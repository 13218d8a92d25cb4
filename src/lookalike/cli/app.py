"""All commands in one place."""

from __future__ import annotations

from typing import Annotated

import typer

from lookalike import __version__
from lookalike.cli import (
    card,
    clean,
    collect,
    compare,
    demo,
    doctor,
    evaluate,
    find,
    gallery,
    identify,
    models,
    opt_out,
    serve,
    train,
    video,
)
from lookalike.cli.bell import rings
from lookalike.cli.output import Command

app = typer.Typer(
    help="Which famous person do I look like? For fun, never for identification.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lookalike {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Which famous person do I look like? For fun, never for identification."""


app.command("find", cls=Command)(find.find)
app.command("compare", cls=Command)(compare.compare)
app.command("card", cls=Command)(card.card)
app.command("identify", cls=Command)(identify.identify)
app.command("clean", cls=Command)(rings(clean.clean))
app.command("collect", cls=Command)(rings(collect.collect))
app.command("demo", cls=Command)(demo.demo)
app.command("serve", cls=Command)(serve.serve)
app.command("cam", cls=Command)(serve.cam)
app.command("doctor", cls=Command)(doctor.doctor)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(gallery.app, name="gallery")
app.add_typer(models.app, name="models")
app.add_typer(opt_out.app, name="opt-out")
app.add_typer(train.app, name="train")
app.add_typer(video.app, name="video")

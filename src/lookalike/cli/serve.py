"""``lookalike serve`` and ``cam``: the page, the live camera and REST."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from lookalike.cli.options import GalleryOption
from lookalike.cli.output import err


def serve(
    gallery: GalleryOption = None,
    galleries: Annotated[
        Path | None,
        typer.Option(help="A folder whose galleries answer, too.", show_default=False),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Where to listen.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="At which port.", show_default=False)] = None,
    public: Annotated[
        bool,
        typer.Option("--public", help="Let strangers find without a token, so often a minute."),
    ] = False,
    settings: Annotated[
        Path | None,
        typer.Option("--config", help="A TOML file of settings.", show_default=False),
    ] = None,
    opened: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Show the page and answer other programs. Nobody else can reach it unless you say so.

    Every setting can stand in the environment, as LOOKALIKE_SERVE_…, or in a file.
    """
    _run(settings, opened, "", gallery=gallery, galleries=galleries, host=host, port=port,
         public=public or None)  # fmt: skip


def cam(
    gallery: GalleryOption = None,
    port: Annotated[int | None, typer.Option(help="At which port.", show_default=False)] = None,
) -> None:
    """Open the live camera in the browser, served from here."""
    _run(None, True, "live", gallery=gallery, port=port)


def _run(file: Path | None, opened: bool, page: str, **given: object) -> None:
    from lookalike.web import gather
    from lookalike.web.serving import serve as run

    with err.status("opening the gallery") as opening:

        def say(address: str) -> None:
            opening.stop()
            err.print(f"lookalike: {address}{page} (stop with Ctrl-C)", highlight=False)
            if opened:
                webbrowser.open(f"{address}{page}")

        run(gather(file, **given), say)

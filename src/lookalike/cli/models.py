"""``lookalike models``: which networks there are; getting, checking and adding their weights."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from lookalike.cli.models_view import fields_of, progress_of, size_of, table_of
from lookalike.cli.output import (
    INTERRUPTED,
    AsJson,
    Command,
    err,
    exit_code,
    out,
    print_json,
    say_error,
)
from lookalike.errors import LookalikeError, OptionError
from lookalike.fields import error_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lookalike.models.card import Card
    from lookalike.models.pull import Pulled

app = typer.Typer(
    help="The networks: what they are, whether they are ready, and getting them.",
    no_args_is_help=True,
)

ModelNames = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", help="Names of models.", show_default=False),
]
AcceptLicence = Annotated[
    bool,
    typer.Option(
        "--accept-licence", help="Say yes to weights that are not free for commercial use."
    ),
]


@app.command("list", cls=Command)
def list_models(as_json: AsJson = False) -> None:
    """List the models, what they may be used for, and whether their weights are at hand."""
    from lookalike.models.card import added, cards

    own = added()
    rows = [fields_of(card, own) for card in cards().values()]
    if as_json:
        print_json({"models": rows})
        return
    out.print(table_of(rows))
    if any(row["hint"] for row in rows):
        out.print("[dim]get one: lookalike models pull NAME[/]", highlight=False)


@app.command(cls=Command)
def pull(
    names: ModelNames = None,
    all_free: Annotated[
        bool, typer.Option("--all-free", help="All models that are free for every use.")
    ] = False,
    accept_licence: AcceptLicence = False,
    offline: Annotated[
        bool,
        typer.Option(
            "--offline", help="Download nothing, only check. LOOKALIKE_OFFLINE=1 says the same."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Download the weights of models, or go on with a download that was interrupted."""
    from lookalike.models.card import card, cards
    from lookalike.models.pull import PullOptions
    from lookalike.models.pull import pull as pull_weights

    if bool(names) == all_free:
        raise OptionError("name the models, or give --all-free", "lookalike models list")
    if all_free:
        wanted = [
            one
            for one in cards().values()
            if one.licence.commercial == "yes" and all(f.package or f.urls for f in one.files)
        ]
    else:
        wanted = [card(name) for name in dict.fromkeys(names or ())]

    def work(model: Card) -> dict[str, Any]:
        _ask(model, yes=accept_licence, as_json=as_json)
        with progress_of(model.name, quiet=as_json) as report:
            files = pull_weights(model, PullOptions(offline=offline or None, report=report))
        if not as_json:
            _say_pulled(model, files)
        return {"files": [_pulled_fields(file) for file in files]}

    try:
        _each(wanted, work, as_json=as_json)
    except KeyboardInterrupt as stop:
        err.print("stopped; the same command goes on with it")
        raise typer.Exit(INTERRUPTED) from stop


@app.command(cls=Command)
def add(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Files of weights.", show_default=False),
    ],
    card_source: Annotated[
        str,
        typer.Option(
            "--card",
            metavar="CARD",
            help="A card for a model of your own (a file ending in .toml), or the name of a model "
            "whose weights these are.",
        ),
    ],
    accept_licence: AcceptLicence = False,
    as_json: AsJson = False,
) -> None:
    """Add weights by hand: of a model of your own, or downloaded elsewhere. Needs no network."""
    from lookalike.models.card import card, read_card
    from lookalike.models.store import sources
    from lookalike.models.user_cards import add as add_model
    from lookalike.models.user_cards import bring, described

    if card_source.endswith(".toml"):
        model = described(read_card(Path(card_source)), files)
        _ask(model, yes=accept_licence, as_json=as_json)
        model = add_model(model, files)
    else:
        model = card(card_source)
        _ask(model, yes=accept_licence, as_json=as_json)
        bring(model, files)
    there = {part: str(path) for part, path in sources(model).items()}
    if as_json:
        print_json({"name": model.name, "digest": model.digest, "files": there})
        return
    for path in there.values():
        out.print(escape(path), highlight=False, soft_wrap=True)
    out.print(f"[cyan]{escape(model.name)}[/] is ready", highlight=False)


@app.command(cls=Command)
def verify(names: ModelNames = None, as_json: AsJson = False) -> None:
    """Read the weights again and compare their digests. Without a name: of all that are here."""
    from lookalike.models.card import card, cards
    from lookalike.models.store import locate, resolved, state
    from lookalike.models.store import verify as verify_file

    if names:
        wanted = [card(name) for name in dict.fromkeys(names)]
    else:
        wanted = [one for one in cards().values() if state(one) != "missing"]

    def work(model: Card) -> dict[str, Any]:
        files = {}
        for file in resolved(model).files:
            verify_file(file, locate(file, model.name))
            files[file.name] = file.sha256
        if not as_json:
            out.print(f"[cyan]{escape(model.name)}[/] is whole", highlight=False)
        return {"files": files}

    _each(wanted, work, as_json=as_json)


@app.command(cls=Command)
def remove(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME", help="Names of models.", show_default=False),
    ],
    as_json: AsJson = False,
) -> None:
    """Delete downloaded weights, converted networks, and models of your own."""
    from lookalike.models.card import card
    from lookalike.models.removal import remove as remove_model

    def work(model: Card) -> dict[str, Any]:
        gone = remove_model(model)
        if not as_json:
            for path in gone:
                out.print(f"deleted {escape(str(path))}", highlight=False, soft_wrap=True)
            if not gone:
                out.print(f"nothing of {escape(model.name)} is kept here", highlight=False)
            if packages := {file.package for file in model.files} - {""}:
                said = f"its weights stay: they belong to the package {', '.join(packages)}"
                out.print(escape(said), highlight=False)
        return {"deleted": [str(path) for path in gone]}

    _each([card(name) for name in dict.fromkeys(names)], work, as_json=as_json)


def _each(models: Sequence[Card], work: Callable[[Card], dict[str, Any]], *, as_json: bool) -> None:
    """Do the same with every model; one that fails does not stop the others."""
    rows, code = [], 0
    for model in models:
        try:
            rows.append({"name": model.name, **work(model)})
        except LookalikeError as error:
            rows.append({"name": model.name, "error": error_fields(error)})
            code = code or exit_code(error)
            if not as_json:
                say_error(error)
    if as_json:
        print_json({"models": rows})
    if code:
        raise typer.Exit(code)


def _ask(model: Card, *, yes: bool, as_json: bool) -> None:
    """Ask for the yes that some weights need; without one, using them raises."""
    from lookalike.models import licence

    if not licence.must_be_accepted(model) or licence.accepted(model):
        return
    if not yes:
        if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return
        err.print(escape(licence.terms(model)), highlight=False)
        err.print(escape(f"origin: {model.origin}"), highlight=False)
        yes = typer.confirm("Use them under these terms?", err=True)
    if yes:
        licence.accept(model)


def _say_pulled(model: Card, files: Sequence[Pulled]) -> None:
    for file in files:
        if file.pinned_here:
            out.print(
                f"{escape(file.path.name)}: this file's digest is not pinned by its card; "
                f"yours is sha256:{file.file.sha256}, and it is held to from now on",
                highlight=False,
                soft_wrap=True,
            )
    fresh = sum(file.path.stat().st_size for file in files if file.fresh)
    said = f"downloaded, {size_of(fresh)}" if fresh else "here already"
    out.print(f"[cyan]{escape(model.name)}[/] is {said}, checked", highlight=False)


def _pulled_fields(file: Pulled) -> dict[str, Any]:
    return {
        "part": file.file.name,
        "path": str(file.path),
        "sha256": file.file.sha256,
        "downloaded": file.fresh,
        "pinned_by_card": not file.pinned_here,
    }

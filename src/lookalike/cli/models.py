"""``lookalike models``: which networks there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table

from lookalike.cli.output import AsJson, Command, out, print_json
from lookalike.errors import ModelError

if TYPE_CHECKING:
    from lookalike.models.card import Card

app = typer.Typer(
    help="The networks: what they are and whether they are ready.", no_args_is_help=True
)


@app.command("list", cls=Command)
def list_models(as_json: AsJson = False) -> None:
    """List the models, their licences, and whether their weights are at hand."""
    from lookalike.models.card import cards

    rows = [_fields(card) for card in cards().values()]
    if as_json:
        print_json({"models": rows})
        return
    table = Table(box=None)
    for heading in ("name", "task", "numbers", "weights' licence", "commercial use", "weights"):
        table.add_column(heading)
    for row in rows:
        table.add_row(
            f"[cyan]{row['name']}[/]",
            row["task"],
            str(row["dimension"] or ""),
            row["licence"]["weights"],
            row["licence"]["commercial"],
            row["weights"],
        )
    out.print(table)


def _fields(card: Card) -> dict[str, Any]:
    return {
        "name": card.name,
        "task": card.task,
        "summary": card.summary,
        "dimension": card.dimension,
        "template": card.input.template,
        "digest": card.digest,
        "licence": {
            "code": card.licence.code,
            "weights": card.licence.weights,
            "commercial": card.licence.commercial,
        },
        "origin": card.origin,
        "training_data": card.training_data,
        "paper": card.paper,
        "weights": _state(card),
    }


def _state(card: Card) -> str:
    from lookalike.models.store import locate

    try:
        for file in card.files:
            locate(file)
    except ModelError as error:
        return f"missing: {error.hint}"
    return "installed"

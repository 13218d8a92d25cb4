"""``lookalike train CONFIG`` and ``train export``: a face encoder of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

from lookalike.cli.bell import rings
from lookalike.cli.output import AsJson, Command, out, print_json
from lookalike.cli.progress import progress_bar

if TYPE_CHECKING:
    from lookalike.training.telling import Report


class RunByDefault(TyperGroup):
    """A group whose first word may be a configuration: ``train CONFIG`` is ``train run CONFIG``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return which command is meant.

        Parameters
        ----------
        ctx : typer.Context
            Of the group.
        args : list of str
            What was typed.

        Returns
        -------
        tuple
            Its name, the command, and what is left of the words.
        """
        if args and args[0] not in self.commands:
            args = ["run", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=RunByDefault, help="Train a face encoder: train CONFIG.toml.", no_args_is_help=True
)


@app.command(cls=Command)
@rings
def run(
    config: Annotated[
        Path, typer.Argument(help="What to train, on whom and how: TOML.", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The folder of the run. One that was stopped goes on. Default: named after the "
            "encoder, here.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train an encoder; people are left out of it, and it is measured on them."""
    from lookalike import training
    from lookalike.training.telling import read_diary

    chosen = training.read_config(config)
    folder = output or Path(chosen.model.name)
    with progress_bar("cutting out faces", None, hidden=as_json, after_s=1.0) as advance:
        material, split = training.prepare(chosen, folder, lambda _total: advance())
    if not as_json:
        _say_people(len(material.photos), split)
    with progress_bar("training", chosen.schedule.steps, hidden=as_json) as advance:
        seen = 0

        def show(report: Report) -> None:
            nonlocal seen
            for _ in range(report.step - seen):
                advance()
            seen = report.step
            if not as_json:
                out.print(_line(report), highlight=False)

        last = training.run(chosen, material, split, folder, show)
    diary = read_diary(folder)
    if len([line for line in diary if "eer" in line]) > 1:
        _draw(folder, chosen.model.name, diary)
    if as_json:
        print_json({"folder": str(folder), "steps": chosen.schedule.steps, **last.fields()})
        return
    where = escape(str(folder))
    out.print(f"done: {where}; hand it over with [bold]lookalike train export {where}[/]")


@app.command(cls=Command)
def export(
    folder: Annotated[Path, typer.Argument(help="The folder of a run.", show_default=False)],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The ONNX file; its card lies beside it. Default: in the folder of the run.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a trained encoder as ONNX with a card, measured on the people who were left out."""
    from lookalike import training

    handed = training.hand_over(folder, output)
    if as_json:
        files = {"graph": str(handed.graph), "card": str(handed.card), "parity": handed.parity}
        print_json({**files, **handed.figures.fields()})
        return
    eer = handed.figures.eer
    out.print(
        f"equal error rate {eer.value:.1%} ({eer.low:.1%} to {eer.high:.1%}) on people left out"
    )
    out.print(
        f"use it: [bold]lookalike models add {escape(f'{handed.graph} --card {handed.card}')}[/]"
    )


def _say_people(photos: int, split: Any) -> None:
    out.print(
        f"{photos:,} photos; {len(split.learned):,} people to learn from, "
        f"{len(split.held_out):,} left out to measure on, {split.few:,} with too few photos"
    )
    if split.excluded:
        shown = ", ".join(split.excluded[:3])
        more = f" and {len(split.excluded) - 3:,} more" if len(split.excluded) > 3 else ""
        out.print(f"not learned from, because data.exclude names them: {escape(shown)}{more}")


def _line(report: Report) -> str:
    parts = [f"step {report.step:>6,}"]
    if report.batch is not None:
        parts += [
            f"loss {report.loss:.4f}",
            f"active {report.batch.active:5.1%}",
            f"same {report.batch.same:.3f}",
            f"different {report.batch.different:.3f}",
            f"{report.photos_a_second:,.0f} photos/s",
        ]
    if report.measured is not None:
        parts.append(f"[bold]equal error rate {report.measured.eer:.1%}[/]")
    return "  ".join(parts)


def _draw(folder: Path, name: str, diary: Any) -> None:
    """Draw the curve of a run beside it."""
    import numpy as np

    from lookalike.figures.curves import Curve, learning
    from lookalike.figures.poster import Wording
    from lookalike.figures.saving import save

    measured = [line for line in diary if "eer" in line]
    steps = np.array([line["step"] for line in measured], float)
    errors = np.array([line["eer"] for line in measured], float)
    wording = Wording(name, f"{steps[-1]:,.0f} steps, equal error rate {errors[-1]:.1%}")
    save(learning([Curve(name, steps, errors)], wording), folder / "curve.png")

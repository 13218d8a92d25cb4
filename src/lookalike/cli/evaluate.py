"""``lookalike evaluate``: how well does it work, on data whose answer is known?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from lookalike.cli import evaluate_commands
from lookalike.cli.bell import rings
from lookalike.cli.evaluate_output import OwnMetricOption, ScoresOption
from lookalike.cli.options import ProviderOption, ThreadsOption
from lookalike.cli.output import AsJson, Command, out, print_json
from lookalike.cli.progress import progress_bar

app = typer.Typer(help="Accuracy on data whose answer is known.", no_args_is_help=True)


@app.command(cls=Command)
@rings
def lfw(
    folder: Annotated[Path, typer.Argument(help="NAME/NAME_0001.jpg …", show_default=False)],
    pairs: Annotated[Path, typer.Option(help="LFW's file of pairs.", show_default=False)],
    detector: Annotated[str, typer.Option(help="The model that finds faces.")] = "mtcnn",
    encoder: Annotated[str, typer.Option(help="The model that makes vectors.")] = "dlib-resnet-v1",
    views: Annotated[int, typer.Option(min=1, help="Views averaged in each vector.")] = 2,
    metric: OwnMetricOption = None,
    output: ScoresOption = None,
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Verification on LFW: ten folds, each judged by the threshold of the other nine."""
    from lookalike.evaluation.own_metric import own_metric
    from lookalike.evaluation.pairs import read_pairs
    from lookalike.evaluation.scores import Setting
    from lookalike.evaluation.verification import verification
    from lookalike.evaluation.verifying import measure
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Analyst

    known = read_pairs(pairs)
    analyst = Analyst.open(ModelOptions(detector, encoder, views, provider, threads))
    setting = Setting("lfw", detector, encoder, views, metric or own_metric(encoder))
    total = len({photo for pair in known for photo in (pair.one, pair.other)})
    with progress_bar("encoding", total, hidden=as_json) as advance:
        scores = measure(folder, known, analyst, setting, lambda _photo: advance())
    if output is not None:
        scores.save(output)
    figures = verification(scores)
    if as_json:
        print_json(
            {
                **{name: getattr(setting, name) for name in Setting.__dataclass_fields__},
                "pairs": len(known),
                "photos": scores.photos,
                "faces_not_found": len(scores.missed),
                "accuracy": round(figures.accuracy, 5),
                "deviation": round(figures.deviation, 5),
                "threshold": round(figures.threshold, 5),
                "far_at_threshold": round(figures.far, 5),
                "tar_at_far": {str(r): round(t, 5) for r, t in figures.tar_at_far.items()},
                "ms_a_photo": round(scores.ms_a_photo, 2),
            }
        )
        return
    table = Table(box=None, show_header=False)
    table.add_column(style="dim")
    table.add_column()
    table.add_row("accuracy", f"[bold]{figures.accuracy:.2%}[/] ± {figures.deviation:.2%}")
    for rate, tar in figures.tar_at_far.items():
        table.add_row(f"TAR at FAR {rate:g}", f"{tar:.2%}")
    table.add_row("threshold", f"{figures.threshold:.4f} (FAR {figures.far:.2%})")
    table.add_row("faces not found", f"{len(scores.missed):,} of {scores.photos:,} photos")
    table.add_row("time", f"{scores.ms_a_photo:.1f} ms a photo")
    out.print(table)


for command in (evaluate_commands.pairs, evaluate_commands.gallery, evaluate_commands.agreement):
    app.command(command.__name__, cls=Command)(rings(command))
app.command("report", cls=Command)(evaluate_commands.report)

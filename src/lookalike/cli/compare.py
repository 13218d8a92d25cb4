"""``lookalike compare``: are these two photos of one person?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lookalike.cli.options import DetectorOption, FigureOption, ProviderOption, ThreadsOption
from lookalike.cli.output import AsJson, out, print_json
from lookalike.cli.why import ExplainOption, explain_two

if TYPE_CHECKING:
    from lookalike.types import Comparison


def compare(
    one: Annotated[Path, typer.Argument(help="A photo.", show_default=False)],
    other: Annotated[Path, typer.Argument(help="Another photo.", show_default=False)],
    metric: Annotated[
        str, typer.Option("--metric", "-m", help="euclidean, sqeuclidean or cosine.")
    ] = "euclidean",
    fmr: Annotated[
        float,
        typer.Option(help="How often two different people may be called one person."),
    ] = 1e-3,
    explain: ExplainOption = False,
    output: FigureOption = None,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Say how alike the largest faces of two photos are, and whether they are one person."""
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Analyst

    analyst = Analyst.open(ModelOptions(detector, provider=provider, threads=threads))
    comparison = analyst.compare(one, other, metric, fmr)
    if not as_json:
        out.print(_in_words(comparison), highlight=False)
    reason = None
    if explain or output is not None:
        reason = explain_two(analyst, (one, other), metric, output, quiet=as_json)
    if as_json:
        print_json(
            {
                "metric": comparison.metric,
                "distance": round(comparison.distance, 6),
                "threshold": comparison.threshold,
                "false_match_rate": comparison.false_match_rate,
                "same_person": comparison.same_person,
                "space": analyst.space.digest,
                "explanation": reason,
            }
        )


def _in_words(comparison: Comparison) -> str:
    distance = f"{comparison.metric} distance {comparison.distance:.3f}"
    if comparison.threshold is None or comparison.false_match_rate is None:
        return f"{distance}; no threshold has been measured for this metric and rate"
    verdict = "[bold green]one person[/]" if comparison.same_person else "[bold]two people[/]"
    rarely = f"1 in {round(1 / comparison.false_match_rate):,}"
    return (
        f"{verdict}: {distance}, threshold {comparison.threshold:.3f} "
        f"(two different people come below it {rarely} times)"
    )

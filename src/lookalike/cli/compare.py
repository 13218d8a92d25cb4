"""``lookalike compare``: are these two photos of one person?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lookalike.cli.options import DetectorOption, FigureOption, ProviderOption, ThreadsOption
from lookalike.cli.output import AsJson, check_figure, out, print_json
from lookalike.cli.why import ExplainOption, explain_two
from lookalike.fields import comparison_fields, three_digits

if TYPE_CHECKING:
    from lookalike.types import Comparison


def compare(
    one: Annotated[Path, typer.Argument(help="A photo.", show_default=False)],
    other: Annotated[Path, typer.Argument(help="Another photo.", show_default=False)],
    metric: Annotated[
        str,
        typer.Option(
            "--metric", "-m", help="euclidean, sqeuclidean, cosine, or with -g mahalanobis."
        ),
    ] = "euclidean",
    fmr: Annotated[
        float,
        typer.Option(help="How often two different people may be called one person."),
    ] = 1e-3,
    explain: ExplainOption = False,
    output: FigureOption = None,
    prior: Annotated[
        float, typer.Option(help="How likely it is one person, before looking at the photos.")
    ] = 0.5,
    gallery: Annotated[
        Path | None,
        typer.Option(
            "--gallery",
            "-g",
            help="Say by this gallery's people how far strangers are.",
            show_default=False,
        ),
    ] = None,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Say how alike the largest faces of two photos are, and whether they are one person.

    False-match rates are of people of all kinds; within some groups false matches are many times as
    frequent, see docs/concepts/fairness.md.
    """
    from lookalike.comparing import CompareOptions, Comparer
    from lookalike.gallery.gallery import Gallery
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Analyst
    from lookalike.visitors.largest import largest_face

    check_figure(output)
    options = CompareOptions(metric, fmr, prior)
    models = ModelOptions(detector, provider=provider, threads=threads)
    known = None if gallery is None else Gallery.open(gallery)
    if known is not None:
        header = known.header
        models = replace(models, encoder=header.space.encoder, views=header.views)
    analyst = Analyst.open(models)
    comparer = Comparer(analyst, known)
    faces = (largest_face(analyst, one), largest_face(analyst, other))
    comparison = comparer.compare(*faces, options)
    if not as_json:
        _print(comparison, (one, other))
    reason = None
    if explain or output is not None:
        measure = metric if known is None else known.metric(metric)
        labels = (one.name, other.name)
        reason = explain_two(analyst, faces, labels, measure, output, quiet=as_json)
    if as_json:
        space = {"encoder": analyst.space.encoder, "space": analyst.space.digest}
        print_json({**comparison_fields(comparison), **space, "explanation": reason})


def _print(comparison: Comparison, photos: tuple[Path, Path]) -> None:
    for photo, count in zip(photos, comparison.faces, strict=True):
        if count > 1:
            said = f"{photo}: the largest of {count} faces"
            out.print(said, style="dim", highlight=False, markup=False, soft_wrap=True)
    for line in _in_words(comparison):
        out.print(line, highlight=False, soft_wrap=True)


def _in_words(comparison: Comparison) -> list[str]:
    distance = f"{comparison.metric} distance {comparison.distance:.3f}"
    if comparison.threshold is None or comparison.false_match_rate is None:
        lines = [f"{distance}; no threshold has been measured for this metric and rate"]
    else:
        verdict = "[bold green]one person[/]" if comparison.same_person else "[bold]two people[/]"
        rarely = f"1 in {_said(1 / comparison.false_match_rate)}"
        lines = [
            (
                f"{verdict}: {distance}, threshold {comparison.threshold:.3f} "
                f"(two different people come below it {rarely} times)"
            )
        ]
    if comparison.rarity is not None:
        rare = comparison.rarity
        least = "at least " if rare.high == float("inf") else ""
        lines.append(f"[dim]{least}1 in {_said(rare.one_in)} pairs of strangers is this near[/]")
    if comparison.probability is not None:
        lines.append(
            f"[dim]one person with a probability of {_percent(comparison.probability)}, if it was "
            f"{comparison.prior:.4g} before looking[/]"
        )
    return lines


def _said(number: float) -> str:
    few = three_digits(number)
    return f"{few:,.4g}" if number < 10 else f"{round(few):,}"


def _percent(probability: float) -> str:
    """Return a probability, never rounded to certainty."""
    if probability > 0.999:
        return "more than 99.9 %"
    return "less than 0.1 %" if probability < 0.001 else f"{probability:.1%}".replace("%", " %")

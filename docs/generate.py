"""Write what follows from the code and from stored results.

``MODELS.md``, ``docs/benchmarks.md``, plots, tables of other pages, the reference of
commands, settings, errors, REST and names, and a notebook for each page of ``docs/coming-from``.

Run: ``make docs``. A test fails when a page is stale.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmark_page import benchmark_page, benchmark_plots
from benchmark_tables import with_tables
from concept_plots import concept_plots
from mutants_page import mutants_page
from notebooks import notebooks
from reference_pages import api_page, command_page, error_page, rest_page, settings_page

from lookalike.evaluation.scores import Scores
from lookalike.evaluation.verification import verification
from lookalike.figures import save
from lookalike.models.card import built_in

if TYPE_CHECKING:
    from lookalike.models.card import Card

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "lfw"
TIMES = ROOT / "benchmarks" / "results" / "models.json"
REFERENCE = ROOT / "docs" / "reference"
PLOTS = ROOT / "docs" / "plots"
DEFAULT_DETECTOR = "mtcnn"
DEFAULT_ENCODER = "dlib-resnet-v1"

HEAD = """# Models

This page is generated from the model cards and the stored results by `make docs`; do not edit it.

Accuracy is verification on LFW: 6,000 pairs in ten folds, each judged by the threshold of the
other nine; ± is the standard deviation over the folds. *Published* is what the authors, or the
file's publisher, state; *measured* is ours, by `lookalike evaluate lfw`, from the raw scores in
`benchmarks/results/lfw/`. Milliseconds are for one 250 px photo from file to vector, on two
cores, all models taking turns on the same photos (`benchmarks/models.py`); compare them with each
other, not with other machines. A model without a measured row is one whose weights were not at
hand.
"""


def results() -> list[Scores]:
    """Return all stored scores, in the order of their names."""
    return [Scores.load(path) for path in sorted(RESULTS.glob("*.json"))]


def milliseconds(scores: Scores) -> str:
    """Return how long a pipeline takes for a photo, empty if that has not been measured."""
    setting = scores.setting
    for row in json.loads(TIMES.read_text("utf-8"))["models"]:
        if (row["detector"], row["encoder"], row["views"]) == (
            setting.detector,
            setting.encoder,
            setting.views,
        ):
            return f"{row['ms_a_photo']:.0f}"
    return ""


def encoders(measured: list[Scores]) -> str:
    """Return the table of encoders."""
    lines = [
        "## Encoders",
        "",
        f"Faces found by `{DEFAULT_DETECTOR}`. TAR@1e-3: true accepts at 1e-3 false accepts.",
        "*Terms*: the weights' licence, and whether commercial use is free.",
        "",
        "| model | numbers | alignment | published | views | measured | TAR@1e-3 | ms | terms |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for card in _cards("encode"):
        own = [
            scores
            for scores in measured
            if (scores.setting.encoder, scores.setting.detector) == (card.name, DEFAULT_DETECTOR)
        ]
        shared = f"`{card.name}` | {card.dimension} | `{card.input.template}` | {_published(card)}"
        terms = f"{card.licence.weights}, {card.licence.commercial}"
        if not own:
            lines.append(f"| {shared} | | | | | {terms} |")
        for scores in own:
            figures = verification(scores)
            lines.append(
                f"| {shared} | {scores.setting.views} | {figures.accuracy:.2%} ± "
                f"{figures.deviation:.2%} | {figures.tar_at_far[1e-3]:.2%} | "
                f"{milliseconds(scores)} | {terms} |"
            )
    return "\n".join(lines) + "\n"


def detectors(measured: list[Scores]) -> str:
    """Return the table of detectors."""
    lines = [
        "## Detectors",
        "",
        f"Vectors by `{DEFAULT_ENCODER}`, two views. Without a face, a pair counts as two people.",
        "",
        "| model | measured | photos without a face | ms | weights' licence | commercial use |",
        "|---|---|---|---|---|---|",
    ]
    for card in _cards("detect"):
        terms = f"{card.licence.weights} | {card.licence.commercial}"
        own = [
            scores
            for scores in measured
            if (scores.setting.detector, scores.setting.encoder, scores.setting.views)
            == (card.name, DEFAULT_ENCODER, 2)
        ]
        if not own:
            lines.append(f"| `{card.name}` | | | | {terms} |")
        for scores in own:
            figures = verification(scores)
            lines.append(
                f"| `{card.name}` | {figures.accuracy:.2%} ± {figures.deviation:.2%} | "
                f"{len(scores.missed):,} of {scores.photos:,} | {milliseconds(scores)} | {terms} |"
            )
    return "\n".join(lines) + "\n"


def sources() -> str:
    """Return where each model comes from."""
    lines = ["## Where they come from", ""]
    for card in built_in().values():
        lines += [
            f"### {card.name}",
            "",
            f"{card.summary}.",
            "",
            f"- Weights: {card.origin}",
            f"- Training data: {card.training_data}",
            f"- Paper: {card.paper}",
            f"- Licences: code {card.licence.code}, weights {card.licence.weights}",
            f"- Commercial use: {card.licence.commercial}",
            "",
        ]
    return "\n".join(lines)


def models_page() -> str:
    """Return the text of ``MODELS.md``."""
    measured = results()
    return "\n".join([HEAD, encoders(measured), detectors(measured), sources()]).rstrip() + "\n"


def _cards(task: str) -> list[Card]:
    return [card for card in built_in().values() if card.task == task]


def _published(card: Card) -> str:
    return ", ".join(f"{one.lfw:.2%}" for one in card.published)


def pages() -> dict[Path, str]:
    """Return everything that is generated, by its path."""
    written = {
        ROOT / "MODELS.md": models_page(),
        ROOT / "docs" / "benchmarks.md": benchmark_page(),
        ROOT / "docs" / "concepts" / "mutants.md": mutants_page(ROOT),
        **with_tables(ROOT),
        **notebooks(ROOT),
        REFERENCE / "cli.md": command_page(),
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "errors.md": error_page(),
        REFERENCE / "rest.md": rest_page(),
        REFERENCE / "api.md": api_page(ROOT),
    }
    with tempfile.TemporaryDirectory() as place:
        for name, figure in {**benchmark_plots(), **concept_plots(ROOT)}.items():
            save(figure, Path(place, name))
            written[PLOTS / name] = Path(place, name).read_text("utf-8")
    return written


def left_over(written: dict[Path, str]) -> list[Path]:
    """Return what nothing makes any more, in the folders that hold only what is made."""
    return [
        path
        for folder in (REFERENCE, PLOTS)
        for path in sorted(folder.iterdir())
        if path not in written
    ]


def main() -> None:
    """Write the pages, or say which are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which pages are stale")
    check, written = parser.parse_args().check, pages()
    old = left_over(written)
    if check:
        old += [
            page
            for page, text in written.items()
            if not page.exists() or page.read_text("utf-8") != text
        ]
        names = [page.relative_to(ROOT).as_posix() for page in old]
        sys.exit(f"stale: {', '.join(names)}" if names else 0)
    for page in old:
        page.unlink()
    for page, text in written.items():
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()

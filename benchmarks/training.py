"""Training, judged on people who were left out: from nothing, two ways to mine; and a head.

Run: ``python benchmarks/training.py --data DATA --work FOLDER`` with ``DATA/pins`` and
``DATA/lfw``; ``--galleries PINS LFW`` for the head. What is in the folder is gone on with. The
configurations are those of ``recipes/training``.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import record

from lookalike.evaluation.asking import Way, measure_asked
from lookalike.evaluation.bootstrap import Drawing
from lookalike.evaluation.identification import identification
from lookalike.evaluation.pair_figures import pair_figures
from lookalike.gallery.records import Header
from lookalike.training.feeding import Feeder
from lookalike.training.handing_over import hand_over
from lookalike.training.loop import STATE, run
from lookalike.training.measuring import columns_of, scores_of
from lookalike.training.preparing import prepare
from lookalike.training.reading import read_config
from lookalike.training.telling import read_diary
from lookalike.types import Space

if TYPE_CHECKING:
    from lookalike.gallery.records import Columns
    from lookalike.training.config import TrainConfig

RECIPES = Path(__file__).parents[1] / "recipes" / "training"
MINING = ("batch-all", "semi-hard")
DRAWING = Drawing(200)


def figures(columns: Columns, name: str) -> dict[str, Any]:
    """Return verification and leave-one-out figures of people who were left out, with intervals."""
    space = Space(name, columns.vectors.shape[1], "")
    pairs = pair_figures(scores_of(columns, name), DRAWING)
    wanted = [Way("cosine", "nearest")]
    asked = measure_asked(columns, Header(space, "", 1), wanted)
    ranked = identification(asked.answers[0], asked.cast, DRAWING)
    return {
        "people": len(columns.people),
        "photos": len(columns.photos),
        **pairs.fields(),
        "rank_1": ranked.rates[1].fields(),
    }


def trained(config: TrainConfig, folder: Path) -> dict[str, Any]:
    """Train, or go on, and return the curve and what was reached."""
    material, split = prepare(config, folder)
    run(config, material, split, folder, lambda report: print(report.fields(), flush=True))
    diary = read_diary(folder)
    steps = [line for line in diary if "photos_a_second" in line]
    batch = config.schedule.people * config.schedule.photos
    spans = np.diff([0, *(line["step"] for line in steps)])
    seconds = sum(
        span * batch / line["photos_a_second"] for span, line in zip(spans, steps, strict=True)
    )
    handed = hand_over(folder)
    return {
        "people": {"learned": len(split.learned), "held_out": len(split.held_out)},
        "photos": len(material.of(split.learned)),
        "steps": config.schedule.steps,
        "batch": batch,
        "seconds": round(float(seconds)),
        "photos_a_second": round(batch * config.schedule.steps / float(seconds), 1),
        "curve": [
            {key: line[key] for key in ("step", "eer", "tar_at_far_0.01")}
            for line in diary
            if "eer" in line
        ],
        "reached": handed.figures.fields(),
        "parity": handed.parity,
    }


def scratch(data: Path, work: Path) -> dict[str, Any]:
    """Train the small network with both ways to choose triplets."""
    recipe = read_config(RECIPES / "from-scratch.toml")
    places = (str(data / "pins"), str(data / "lfw"))
    found = {}
    for mining in MINING:
        config = dataclasses.replace(
            recipe,
            data=dataclasses.replace(recipe.data, places=places, cache=str(work / "crops")),
            loss=dataclasses.replace(recipe.loss, mining=mining),
            model=dataclasses.replace(recipe.model, name=f"small-{mining}"),
        )
        found[mining] = trained(config, work / f"run-{mining}")
    return found


def head(galleries: list[Path], work: Path) -> dict[str, Any]:
    """Train a head, and measure the same people before and after."""
    recipe = read_config(RECIPES / "head.toml")
    places = tuple(str(place.resolve()) for place in galleries)
    config = dataclasses.replace(recipe, data=dataclasses.replace(recipe.data, places=places))
    folder = work / "run-head"
    told = trained(config, folder)
    material, split = prepare(config, folder)
    rows = material.of(split.held_out)
    import torch

    from lookalike.training import keeping
    from lookalike.training.backbones import make

    network = make(config.model, material.rows.shape[-1])
    keeping.fill(folder / STATE, network)
    after = Feeder(material, torch.device("cpu"), 1.0, augment=False).encoded(network, rows)
    return {
        **told,
        "before": figures(columns_of(material, rows, material.rows[rows]), "before"),
        "after": figures(columns_of(material, rows, after), "after"),
    }


def draw(found: dict[str, Any], path: Path) -> None:
    """Draw the curves of the two ways to choose triplets."""
    from lookalike.figures.curves import Curve, learning
    from lookalike.figures.poster import Wording
    from lookalike.figures.saving import save

    curves = [
        Curve(
            name,
            np.array([line["step"] for line in one["curve"]], float),
            np.array([line["eer"] for line in one["curve"]], float),
        )
        for name, one in found.items()
    ]
    people = next(iter(found.values()))["people"]
    below = f"{people['learned']:,} people learned from, {people['held_out']:,} left out"
    path.parent.mkdir(parents=True, exist_ok=True)
    save(learning(curves, Wording("A small encoder from nothing", below)), path)


def main() -> None:
    """Measure and write ``results/training.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--galleries", type=Path, nargs=2, metavar=("PINS", "LFW"))
    parser.add_argument("--picture", type=Path, help="draw the curves there")
    options = parser.parse_args()
    result = {"gpu": None, "scratch": scratch(options.data.resolve(), options.work.resolve())}
    if options.galleries:
        result["head"] = head(options.galleries, options.work.resolve())
    if options.picture:
        draw(result["scratch"], options.picture)
    record.write("training", result)


if __name__ == "__main__":
    main()

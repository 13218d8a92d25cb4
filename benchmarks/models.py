"""All models that have been measured on LFW, on the same photos, taking turns: milliseconds.

Run: ``python benchmarks/models.py --data DATA`` with ``DATA/lfw``. One pipeline for each stored
result of ``benchmarks/results/lfw``; ``make docs`` takes the figures into ``MODELS.md``.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import record

from lookalike.evaluation.scores import Scores
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst

ROUNDS = 5
PHOTOS = 32


def settings() -> list[tuple[str, str, int]]:
    """Return detector, encoder and views of every stored result."""
    stored = (Scores.load(path).setting for path in sorted(record.RESULTS.glob("lfw/*.json")))
    return sorted({(one.detector, one.encoder, one.views) for one in stored})


def main() -> None:
    """Measure and write ``results/models.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with lfw/")
    every = sorted(parser.parse_args().data.glob("lfw/*/*_0001.jpg"))
    photos = every[:: len(every) // PHOTOS][:PHOTOS]
    analysts = {one: Analyst.open(ModelOptions(*one)) for one in settings()}
    took: dict[tuple[str, str, int], list[float]] = {one: [] for one in analysts}
    for turn in range(ROUNDS + 1):
        for one, analyst in analysts.items():
            began = time.perf_counter()
            for _ in analyst.analyze(photos):
                pass
            if turn:  # the first round is not counted
                took[one].append((time.perf_counter() - began) * 1000 / len(photos))
    rows = [
        {"detector": one[0], "encoder": one[1], "views": one[2], "ms_a_photo": record.median(ms),
         "raw": [round(number, 2) for number in ms]}
        for one, ms in took.items()
    ]  # fmt: skip
    record.write("models", {"photos": len(photos), "rounds": ROUNDS, "models": rows})


if __name__ == "__main__":
    main()

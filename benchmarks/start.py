"""From process start to the demo's answer and figure, and where the time goes.

Run: ``python benchmarks/start.py``, with ``--before CHECKOUT`` to compare with an older version.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import record

STAGES = """
import time; marks = [("python", time.process_time())]
def mark(name): marks.append((name, time.process_time()))
import lookalike.cli.app; mark("command line")
import numpy, onnxruntime, cv2, sqlalchemy; mark("libraries")
from lookalike.pipeline import Finder; mark("our code")
finder = Finder.open(); mark("networks")
from lookalike.cli.demo import portrait_path
found = finder.find(portrait_path()); mark("first answer")
finder.find(portrait_path()); mark("second answer")
import matplotlib.figure; mark("matplotlib")
from lookalike.cli.figure import draw_found
import sys, json, pathlib
shown = [("", found, [None] * len(found.matches))]
draw_found(pathlib.Path(sys.argv[1]), shown, finder.gallery, "euclidean"); mark("figure")
print(json.dumps({b[0]: round((b[1] - a[1]) * 1000, 1) for a, b in zip(marks, marks[1:])}))
"""


def run(command: list[str], source: Path) -> tuple[dict[str, float], str]:
    """Run a program to its end; return milliseconds by the clock and of the processor."""
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    wall, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return {"wall_ms": wall * 1000, "processor_ms": processor * 1000}, done.stdout


def measured(sources: dict[str, Path], rounds: int) -> dict[str, Any]:
    """Let versions of lookalike take turns."""
    from lookalike.cli.demo import portrait_path

    rows: dict[str, dict[str, list[Any]]] = {name: {} for name in sources}
    with tempfile.TemporaryDirectory() as folder:
        figure = str(Path(folder, "demo.png"))
        commands = {
            "find": [sys.executable, "-m", "lookalike", "find", "--json", str(portrait_path())],
            "demo": [sys.executable, "-m", "lookalike", "demo", "-o", figure],
            "stages": [sys.executable, "-c", STAGES, figure],
        }
        for _ in range(rounds + 1):  # The first one fills the caches.
            for name, source in sources.items():
                for what, command in commands.items():
                    took, told = run(command, source)
                    one = json.loads(told) if what == "stages" else took
                    rows[name].setdefault(what, []).append(one)
    return {
        name: {
            what: {key: record.median([one[key] for one in turns[1:]]) for key in turns[0]}
            for what, turns in row.items()
        }
        for name, row in rows.items()
    }


def main() -> None:
    """Measure and write ``results/start.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="an older checkout to take turns with")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    sources = {"now": Path(__file__).parents[1] / "src"}
    if options.before:
        sources["before"] = options.before / "src"
    record.write("start", measured(sources, options.rounds))


if __name__ == "__main__":
    main()

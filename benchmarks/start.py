"""From process start to the demo's answer and figure, and where the time goes.

Run: ``python benchmarks/start.py``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import record

STAGES = """
import time; marks = [("python", time.perf_counter())]
def mark(name): marks.append((name, time.perf_counter()))
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
draw_found(pathlib.Path(sys.argv[1]), [("", found)], finder.gallery, "euclidean"); mark("figure")
print(json.dumps({b[0]: round((b[1] - a[1]) * 1000, 1) for a, b in zip(marks, marks[1:])}))
"""


def main() -> None:
    """Measure and write ``results/start.json``."""
    import json

    with tempfile.TemporaryDirectory() as folder:
        figure = str(Path(folder, "demo.png"))
        demo = [sys.executable, "-m", "lookalike", "demo", "-o", figure]
        find = [sys.executable, "-m", "lookalike", "find", "--json"]
        walls: dict[str, list[float]] = {"demo": [], "find": []}
        stages: dict[str, list[float]] = {}
        from lookalike.cli.demo import portrait_path

        for _ in range(7):
            for name, command in (("demo", demo), ("find", [*find, str(portrait_path())])):
                began = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                walls[name].append((time.perf_counter() - began) * 1000)
            done = subprocess.run(
                [sys.executable, "-c", STAGES, figure], check=True, capture_output=True, text=True
            )
            for name, ms in json.loads(done.stdout).items():
                stages.setdefault(name, []).append(ms)
    record.write(
        "start",
        {
            "wall_ms": {name: record.median(took) for name, took in walls.items()},
            "stages_ms": {name: record.median(took) for name, took in stages.items()},
            "raw_wall_ms": {name: [round(ms, 1) for ms in took] for name, took in walls.items()},
        },
    )


if __name__ == "__main__":
    main()

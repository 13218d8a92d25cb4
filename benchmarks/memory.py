"""A build of 20,000 photos beside one of 2,000: does memory depend on how many there are?

The photos are those of PINS, again and again, each time with other bytes after the end of the
JPEG, so that no two are the same file. Faces are encoded in one view: a second one doubles the
time and keeps nothing more. Each build is a process of its own and writes down what it has in
memory as it goes.

Run: ``python benchmarks/memory.py --data DATA`` with ``DATA/pins``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import record
from build import copied, peak_mb
from soak import rss_mb

LENGTHS = (2_000, 20_000)
#: Photos between two looks at memory.
STEP = 100
#: Photos after which everything has been allocated once.
WARM = 1_000


def build_once(folder: Path) -> dict[str, Any]:
    """Build a gallery of a folder and watch memory."""
    from lookalike.gallery.build import build
    from lookalike.gallery.records import Header
    from lookalike.gallery.store import GalleryFile
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Analyst
    from lookalike.sources.folder import FolderSource

    analyst = Analyst.open(ModelOptions(views=1))
    photos, memory, done = [0], [rss_mb()], 0

    def look(_uri: str) -> None:
        nonlocal done
        done += 1
        if done % STEP == 0:
            photos.append(done)
            memory.append(rss_mb())

    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "some.gallery")
        file = GalleryFile.create(path, Header(analyst.space, analyst.template, analyst.views))
        summary = build(file, FolderSource(folder), analyst, on_photo=look)
        file.close()
        size = path.stat().st_size
    return {
        "photos": summary.offered,
        "added": summary.added,
        "peak_mb": peak_mb(),
        "gallery_mb": round(size / 2**20, 1),
        "raw": {"photos": photos, "mb": memory},
    }


def growth(raw: dict[str, list[float]]) -> float | None:
    """Return the megabytes that a thousand photos more cost, if that can be told."""
    photos, memory = (np.array(raw[name]) for name in ("photos", "mb"))
    if photos[-1] < 10 * WARM:
        return None
    after = photos >= WARM
    return round(float(np.polyfit(photos[after] / 1000, memory[after], 1)[0]), 3)


def main() -> None:
    """Measure and write ``results/memory.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--once", type=Path)
    options = parser.parse_args()
    if options.once:
        print(json.dumps(build_once(options.once)))
        return
    builds = []
    for length in LENGTHS:
        with tempfile.TemporaryDirectory() as work:
            copied(sorted(options.data.glob("pins/*/*.jpg")), Path(work), length)
            command = [sys.executable, __file__, "--once", work]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        builds.append(json.loads(done.stdout))
        builds[-1]["mb_per_1000_photos"] = growth(builds[-1]["raw"])
        print(length, builds[-1]["peak_mb"], file=sys.stderr, flush=True)
    record.write("memory", {"builds": builds})


if __name__ == "__main__":
    main()

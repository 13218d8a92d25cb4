"""Many photos at once against one by one, and the memory that it takes, from photos to people.

Photos are of different people, and repeated where more are asked than there are. The memory of the
command is looked at with ten times as many photos: it must not grow with them.

Run: ``python benchmarks/batch_find.py --data DATA`` with ``DATA/lfw``.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import record

from lookalike.errors import ImageError
from lookalike.pipeline import Finder

PHOTOS, REPEATS = 400, 3
COUNTS = (400, 4_000)


def photos_of(data: Path, count: int) -> list[Path]:
    """Return photos of different people, the same 400 again and again."""
    people = sorted((data / "lfw").iterdir())[:PHOTOS]
    return list(islice(cycle([min(person.glob("*.jpg")) for person in people]), count))


def batch(finder: Finder, photos: list[Path]) -> int:
    """Find for all photos in one stream."""
    return sum(not isinstance(found, ImageError) for found in finder.find_all(photos))


def one_by_one(finder: Finder, photos: list[Path]) -> int:
    """Find for each photo alone."""
    return sum(len(finder.find(photo)) > 0 for photo in photos)


def memory_mb(data: Path, count: int) -> float:
    """Return the peak memory of ``lookalike find --json`` over so many photos."""
    photos = [str(photo) for photo in photos_of(data, count)]
    code = (
        "import resource, subprocess, sys; subprocess.run([sys.executable, '-m', 'lookalike', "
        "'find', *sys.argv[1:], '--json'], stdout=subprocess.DEVNULL, check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *photos], capture_output=True, check=True, text=True
    )
    return round(int(json.loads(done.stdout)) / 1024, 1)


def main() -> None:
    """Measure and write ``results/batch_find.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    finder = Finder.open()
    photos = photos_of(data, PHOTOS)
    ways = {"one by one": one_by_one, "all at once": batch}
    wall: dict[str, list[float]] = {way: [] for way in ways}
    cpu: dict[str, list[float]] = {way: [] for way in ways}
    for repeat in range(REPEATS + 1):
        for way, run in ways.items():
            began = time.perf_counter(), time.process_time()
            run(finder, photos)
            if repeat:  # The first round warms up.
                wall[way].append(len(photos) / (time.perf_counter() - began[0]))
                cpu[way].append((time.process_time() - began[1]) / len(photos) * 1000)
    result: dict[str, Any] = {
        way: {
            "photos_per_s": record.median(wall[way]),
            "cpu_ms_per_photo": record.median(cpu[way]),
            "raw_photos_per_s": [round(rate, 1) for rate in wall[way]],
        }
        for way in ways
    }
    result["photos"] = len(photos)
    result["peak_mb_of_the_command"] = {str(n): memory_mb(data, n) for n in COUNTS}
    result["peak_mb_here"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    record.write("batch_find", result)


if __name__ == "__main__":
    main()

"""Twenty thousand finds in one process: does memory stay flat, and do threads agree?

One `Finder` answers photo after photo of PINS, hardly two of the same size. Its memory is
written down as it goes, and a line is fitted to what comes after the warm-up. Then eight threads
ask the same `Finder` all together, and every answer is held against the one that a single thread
got. Networks run on one core, which takes less of the processor and no less memory.

Run: ``python benchmarks/soak.py --data DATA`` with ``DATA/pins``. An interrupt ends the finds early
and keeps what there is.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import record
from build import spread

from lookalike.pipeline import Finder

if TYPE_CHECKING:
    from lookalike.types import Found

FINDS = 20_000
#: Finds between two looks at memory.
STEP = 100
#: Finds after which memory has to be flat.
WARM = 2_000
THREADS = 8
#: Finds of the threads, all together.
TOGETHER = 400
PHOTOS = 400

#: All that is said of a photo: who, and how far away.
Answer = list[tuple[str, float]]


def rss_mb() -> float:
    """Return what this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 2)


def told(found: Found) -> Answer:
    """Return all that an answer says, to the last bit."""
    return [(match.person.id, match.distance) for face in found.matches for match in face]


def change(before: Answer, after: Answer) -> dict[str, Any]:
    """Say how an answer changed: other people, or other distances, and by how much."""
    same_people = [one for one, _ in before] == [one for one, _ in after]
    gaps = [abs(one[1] - other[1]) for one, other in zip(before, after, strict=False)]
    return {"same_people": same_people, "largest_gap": max(gaps, default=0.0)}


def flatness(finds: list[int], memory: list[float]) -> dict[str, Any]:
    """Fit a line to memory after the warm-up, and say what it comes to."""
    after = np.array(finds) > WARM
    x, y = np.array(finds)[after] / 1000, np.array(memory)[after]
    slope, start = np.polyfit(x, y, 1)
    early, late = y[: len(y) // 4], y[-len(y) // 4 :]
    return {
        "mb_per_1000_finds": round(float(slope), 4),
        "mb_after_warm_up": round(float(start + slope * x[0]), 1),
        "mb_scatter": round(float(np.std(y - slope * x - start)), 2),
        "mb_first_quarter_to_last": round(float(np.median(late) - np.median(early)), 2),
    }


def alone(finder: Finder, photos: list[Path], most: int) -> dict[str, Any]:
    """Ask in one thread, photo after photo, again and again, and watch memory."""
    answers: list[Answer] = []
    finds, memory = [0], [rss_mb()]
    changed: list[dict[str, Any]] = []
    try:
        for at in range(most):
            answer = told(finder.find(photos[at % len(photos)]))
            if at < len(photos):
                answers.append(answer)
            before = answers[at % len(photos)]
            if answer != before:
                changed.append({"find": at, "photo": at % len(photos), **change(before, answer)})
            if (at + 1) % STEP == 0:
                finds.append(at + 1)
                memory.append(rss_mb())
    except KeyboardInterrupt:
        print("ended early, at", finds[-1], file=sys.stderr)
    return {"answers": answers, "changed": changed, "finds": finds, "mb": memory}


def together(finder: Finder, photos: list[Path], answers: list[Answer]) -> int:
    """Ask in many threads; return how many answers were others than before."""

    def differs(at: int) -> bool:
        return told(finder.find(photos[at])) != answers[at]

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(differs, (at % len(answers) for at in range(TOGETHER))))


def main() -> None:
    """Measure and write ``results/soak.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--finds", type=int, default=FINDS)
    options = parser.parse_args()
    photos = spread(options.data / "pins", PHOTOS)
    finder = Finder.open(threads=1)
    run = alone(finder, photos, options.finds)
    differing = together(finder, photos, run["answers"])
    record.write(
        "soak",
        {
            "finds": run["finds"][-1],
            "photos": len(photos),
            "answers_that_changed": len(run["changed"]),
            "changes": run["changed"],
            **flatness(run["finds"], run["mb"]),
            "threads": THREADS,
            "finds_in_threads": TOGETHER,
            "answers_that_differ_in_threads": differing,
            "mb_after_threads": rss_mb(),
            "raw": {"finds": run["finds"], "mb": run["mb"]},
        },
    )


if __name__ == "__main__":
    main()

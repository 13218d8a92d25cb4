"""Builds on two local workers beside one process on two cores: the same gallery, and how fast.

*Same*: all of PINS and 3,000 photos of LFW, once by one process, and once by two workers behind a
scheduler, of which one worker is killed after a quarter of the photos, and the scheduler after
half of them. *Server*: the same into PostgreSQL, which is killed, too. *Speed*: 400 photos each
way, in turns; the workers are there and their networks open, as they are in a long build.

Run: ``python benchmarks/cluster.py --data DATA`` with ``DATA/lfw`` and ``DATA/pins``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import record
from cluster_lost import differences, same

from lookalike.cluster import ClusterOptions, Crew
from lookalike.cluster import build as build_by_workers
from lookalike.gallery.build import build
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst
from lookalike.sources.folder import FolderSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.gallery.build import BuildSummary

LFW, PINS, SPEED, ROUNDS = 3000, 1470, 400, 3
MODELS = ModelOptions()


def laid_out(data: Path, folder: Path, lfw: int, pins: int) -> Path:
    """Lay out photos as links, evenly over the alphabet."""
    for name, count in (("lfw", lfw), ("pins", pins)):
        photos = sorted((data / name).glob("*/*.jpg"))
        for at in np.linspace(0, len(photos) - 1, count).round().astype(int):
            photo = photos[at]
            person = folder / f"{name} {photo.parent.name}"
            person.mkdir(parents=True, exist_ok=True)
            (person / photo.name).symlink_to(photo.resolve())
    return folder


def made(
    analyst: Analyst, path: Path, fill: Callable[[GalleryFile], BuildSummary]
) -> tuple[GalleryFile, float]:
    """Fill a new gallery; return it and the photos a second."""
    file = GalleryFile.create(path, Header(analyst.space, analyst.template, analyst.views))
    began = time.perf_counter()
    summary = fill(file)
    return file, round(summary.offered / (time.perf_counter() - began), 2)


def speed(analyst: Analyst, folder: Path, warm: Path, work: Path) -> dict[str, Any]:
    """Build in turns by one process on all cores and by two workers of one thread."""
    source = FolderSource(folder)
    alone, shared = list[float](), list[float]()
    alone_ms, shared_ms = list[float](), list[float]()
    count = sum(1 for _ in source)
    with Crew(ClusterOptions(local=2)) as crew:
        made(
            analyst,
            work / "warm.gallery",
            lambda file: build_by_workers(file, FolderSource(warm), crew, MODELS),
        )
        for turn in range(ROUNDS):
            before = spent(None)
            one, rate = made(
                analyst, work / f"a{turn}.gallery", lambda file: build(file, source, analyst)
            )
            alone.append(rate)
            alone_ms.append(round((spent(None) - before) / count * 1000, 2))
            before = spent(crew)
            other, rate = made(
                analyst,
                work / f"b{turn}.gallery",
                lambda file: build_by_workers(file, source, crew, MODELS),
            )
            shared.append(rate)
            shared_ms.append(round((spent(crew) - before) / count * 1000, 2))
            found = differences(one, other)
    ratios = [round(b / a, 3) for a, b in zip(alone, shared, strict=True)]
    return {
        "photos": count,
        "one_process_per_s": alone,
        "two_workers_per_s": shared,
        "one_process_processor_ms": alone_ms,
        "two_workers_processor_ms": shared_ms,
        "ratios": ratios,
        "ratio": record.median(ratios),
        "processor_ratio": record.median(
            [round(a / b, 3) for a, b in zip(alone_ms, shared_ms, strict=True)]
        ),
        "largest_difference": found["largest_difference"],
        "same_rows": found["same_rows"],
    }


def spent(crew: Crew | None) -> float:
    """Return the processor seconds of this process, and of the workers."""
    others = crew.client.run(time.process_time).values() if crew else ()
    return time.process_time() + sum(others)


def main() -> None:
    """Measure and write ``results/cluster.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", choices=("speed", "same", "server"), help="measure only one anew")
    parser.add_argument("--share", type=float, default=1.0, help="of the photos of that part")
    arguments = parser.parse_args()
    analyst = Analyst.open(MODELS)
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        if arguments.part in {None, "speed"}:
            few = laid_out(arguments.data, work / "few", SPEED // 2, SPEED // 2)
            warm = laid_out(arguments.data, work / "warm", 50, 50)
            result["speed"] = {
                "load": record.machine()["load"],
                **speed(analyst, few, warm, work),
            }
        every = work / "every"
        laid_out(arguments.data, every, *(round(n * arguments.share) for n in (LFW, PINS)))
        for part in ("same", "server"):
            if arguments.part in {None, part}:
                made_in = work / part
                made_in.mkdir()
                result[part] = same(analyst, every, made_in, server=part == "server")
    path = record.RESULTS / "cluster.json"
    kept = json.loads(path.read_text("utf-8")) if path.exists() and arguments.part else {}
    kept.pop("machine", None)
    record.write("cluster", {**kept, **result})


if __name__ == "__main__":
    main()

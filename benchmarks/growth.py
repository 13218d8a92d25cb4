"""What a gallery costs as it grows from a thousand people to a million: time, memory, opening.

People and photos are made to spread as those of the starter gallery do. *exact* and *auto* are
the indexes by themselves, on one thread; *gallery* is a gallery file, from opening it to the
people whom `Gallery.find` names. Each is measured in a process of its own. Processor time is told
beside the clock's, because it hardly depends on what else the machine does.

Run: ``python benchmarks/growth.py --work FOLDER``; ``--people`` measures some sizes anew and keeps
the others of ``results/growth.json``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import record
from build import peak_mb
from soak import rss_mb

from lookalike.gallery.starter import starter_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SIZES = (1_000, 10_000, 100_000, 1_000_000)
K = 10
#: Fewer people cost what any gallery costs.
LAW_FROM = 10_000


def since(began: tuple[float, float]) -> dict[str, float]:
    """Return the seconds that have passed, by the clock and of the processor."""
    now = time.perf_counter(), time.process_time()
    return {"wall_s": round(now[0] - began[0], 4), "processor_s": round(now[1] - began[1], 4)}


def latencies(
    ask: Callable[[NDArray[np.float32]], Any], queries: NDArray[np.float32]
) -> tuple[dict[str, float], list[Any]]:
    """Ask one by one, after a few that are not counted."""
    for at in range(10):
        ask(queries[at : at + 1])
    wall, processor, answers = [], [], []
    for at in range(len(queries)):
        began = time.perf_counter(), time.process_time()
        answers.append(ask(queries[at : at + 1]))
        wall.append((time.perf_counter() - began[0]) * 1000)
        processor.append((time.process_time() - began[1]) * 1000)
    return {
        "p50_ms": record.median(wall),
        "p99_ms": round(float(np.quantile(wall, 0.99)), 3),
        "processor_p50_ms": record.median(processor),
        "processor_p99_ms": round(float(np.quantile(processor, 0.99)), 3),
    }, answers


def index_once(kind: str, work: Path) -> dict[str, Any]:
    """Build or open an index and search it."""
    from lookalike.search.choice import choose
    from lookalike.search.kept import Rows, open_index
    from lookalike.search.metrics import Euclidean
    from lookalike.search.options import IndexOptions

    vectors = np.load(work / "vectors.npy")
    options = IndexOptions("exact" if kind == "exact" else "auto")
    before, began = rss_mb(), (time.perf_counter(), time.process_time())
    rows = Rows(vectors, np.arange(len(vectors)), "made", "all", 1)
    index = open_index(rows, Euclidean(), options, work / "kept").index
    took = since(began)
    times, found = latencies(lambda query: index.search(query, K).rows[0], np.load(_asked(work)))
    np.save(work / f"{kind}.found.npy", np.array(found))
    return {
        "index": choose(*vectors.shape, options).kind,
        "opening": took,
        **times,
        "mb": round(rss_mb() - before, 1),
        "rows_mb": round(vectors.nbytes / 2**20, 1),
        "peak_mb": peak_mb(),
    }


def gallery_once(_kind: str, work: Path) -> dict[str, Any]:
    """Open a gallery file and ask it."""
    from lookalike.gallery.gallery import Gallery
    from lookalike.types import Embeddings

    queries, began = np.load(_asked(work)), (time.perf_counter(), time.process_time())
    with Gallery.open(work / "made.gallery") as gallery:
        space = gallery.header.space
        gallery.find(Embeddings(queries[:1], space))
        took = since(began)
        times, _ = latencies(lambda query: gallery.find(Embeddings(query, space)), queries)
    size = (work / "made.gallery").stat().st_size
    kept = sum(path.stat().st_size for path in work.glob("made.gallery.index/*"))
    return {
        "opening": took,
        **times,
        "mb": rss_mb(),
        "peak_mb": peak_mb(),
        "file_mb": round(size / 2**20, 1),
        "index_file_mb": round(kept / 2**20, 1),
    }


def _asked(work: Path) -> Path:
    return work / "queries.npy"


def make_once(people: str, work: Path) -> dict[str, Any]:
    """Make a gallery of so many people."""
    import growth_data

    return growth_data.make(int(people), starter_path(), work)


ONCE = {"exact": index_once, "auto": index_once, "gallery": gallery_once, "make": make_once}


def once(name: str, argument: str, work: Path) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--once", name, argument, "--work", str(work)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    print(work.name, name, done.stdout, file=sys.stderr, flush=True)
    return result


def measured(people: int, work: Path) -> dict[str, Any]:
    """Measure one size; what was made for it is removed afterwards."""
    work.mkdir(parents=True)
    try:
        result: dict[str, Any] = once("make", str(people), work)
        result["exact"] = once("exact", "exact", work)
        # Built first, opened then.
        result["auto built"] = once("auto", "auto", work)
        result["auto"] = once("auto", "auto", work)
        exact, auto = (np.load(work / f"{kind}.found.npy") for kind in ("exact", "auto"))
        hits = [len(set(a) & set(b)) for a, b in zip(exact, auto, strict=True)]
        result["auto"]["recall"] = round(sum(hits) / exact.size, 4)
        result["gallery"] = once("gallery", "gallery", work)
    finally:
        shutil.rmtree(work)
    return result


def law(
    sizes: list[dict[str, Any]], kind: str, value: Callable[[dict[str, Any]], float]
) -> float | None:
    """Return the exponent b of a power law, value = a · people^b."""
    large = [size for size in sizes if size["people"] >= LAW_FROM and kind in size]
    if len(large) < 3:
        return None
    x, y = (np.log([f(one) for one in large]) for f in (lambda one: one["people"], value))
    return round(float(np.polyfit(x, y, 1)[0]), 2)


def laws(sizes: list[dict[str, Any]]) -> dict[str, float | None]:
    """Return the exponents of what is drawn."""
    found = {
        f"{name}, time": law(sizes, kind, lambda one, kind=kind: one[kind]["processor_p50_ms"])
        for kind, name in (("exact", "exact"), ("auto", "auto"), ("gallery", "`Gallery.find`"))
    }
    found["auto, memory"] = law(sizes, "auto", lambda one: one["auto"]["mb"])
    found["gallery, memory"] = law(sizes, "gallery", lambda one: one["gallery"]["mb"])
    found["gallery, opening"] = law(
        sizes, "gallery", lambda one: one["gallery"]["opening"]["processor_s"]
    )
    return found


def main() -> None:
    """Measure and write ``results/growth.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--people", type=int, nargs="*")
    parser.add_argument("--once", nargs=2, metavar=("NAME", "ARGUMENT"))
    options = parser.parse_args()
    if options.once:
        name, argument = options.once
        print(json.dumps(ONCE[name](argument, options.work)))
        return
    path = record.RESULTS / "growth.json"
    kept: dict[int, Any] = {}
    if options.people and path.exists():
        kept = {one["people"]: one for one in json.loads(path.read_text("utf-8"))["sizes"]}
    for people in options.people or SIZES:
        kept[people] = measured(people, options.work / str(people))
        # After each, so that a run that is cut off has not been in vain.
        sizes = [kept[one] for one in sorted(kept)]
        result = {"sizes": sizes, "law_from_people": LAW_FROM, "exponents": laws(sizes)}
        record.write("growth", result)


if __name__ == "__main__":
    main()

"""Every index beside those of others: recall, latency on one thread, time to build, memory.

Run: ``python benchmarks/search.py --gallery GALLERY --work FOLDER``, with a gallery of photos of
which many people have several; the spread of the vectors is taken from it. Engines of others are
installed into an environment of their own in the folder. What has been made there is used again,
so the run can be cut off and taken up.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import numpy as np
import record
import search_data

OURS = [
    f"ours-{x}" for x in ("exact-32", "exact-8", "ivf-4", "ivf-8", "ivf-32", "hnsw-8", "hnsw-32")
]
PEERS = {
    "faiss-flat": "faiss-cpu",
    "faiss-ivf": "faiss-cpu",
    "faiss-hnsw": "faiss-cpu",
    "hnswlib": "hnswlib",
    "usearch": "usearch",
    "annoy": "annoy",
    "pandas": "pandas",
}
ROUNDS = 5
#: Queries of a round: fewer where each takes long.
BATCH = {"pandas": 1, "ours-exact-32": 40, "ours-exact-8": 40, "faiss-flat": 40}
WORKER = Path(__file__).with_name("search_worker.py")


class Worker:
    """An engine in its process."""

    def __init__(self, name: str, python: str, work: Path) -> None:
        self.name = name
        self.command = [python, str(WORKER), name, str(work)]
        if not (work / f"{name}.built.json").exists() and name != "pandas":
            print("building", name, flush=True)
            subprocess.run(self.command, check=True, stdin=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.about = self._line()

    def _line(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(next(iter(self.process.stdout or ())))
        return answer

    def ask(self, **question: Any) -> dict[str, Any]:
        """Have queries answered."""
        if self.process.stdin:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
        return self._line()


def environment(work: Path) -> dict[str, str]:
    """Install the others; return the versions of those that could be."""
    folder = work / "peers"
    python = str(folder / "bin" / "python")
    if not folder.exists():
        venv.create(folder, with_pip=True)
        for package in ("numpy", *dict.fromkeys(PEERS.values())):
            subprocess.run([python, "-m", "pip", "install", "-q", package], check=False)
    done = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"], capture_output=True, check=True
    )
    there = {package["name"]: package["version"] for package in json.loads(done.stdout)}
    return {name: there[name] for name in dict.fromkeys(PEERS.values()) if name in there}


def settings(worker: Worker) -> list[tuple[int, str]]:
    """Return what is asked of an engine: its levels without filter, then all filters."""
    levels = worker.about["levels"]
    asked = [(level, "1") for level in levels]
    if worker.about["filters"]:
        asked += [(levels[-1], str(kept)) for kept in search_data.KEPT]
    return asked


def measure(workers: list[Worker], work: Path) -> dict[str, Any]:
    """Let the engines take turns, a few queries each, round after round."""
    raw: dict[tuple[str, int, str], dict[str, list[Any]]] = {}
    memory: dict[str, Any] = {}
    for number in range(ROUNDS + 1):
        for worker in workers:
            for level, kept in settings(worker):
                count = BATCH.get(worker.name, 200) if kept == "1" else 20
                if worker.name == "hnswlib" and kept != "1":
                    count = 4
                total = 1000 if kept == "1" else 100
                queries = [(number * count + at) % total for at in range(count)]
                answer = worker.ask(level=level, kept=kept, queries=queries)
                memory[worker.name] = {k: answer[k] for k in ("anonymous_mb", "mapped_mb")}
                if number:  # The first round warms up.
                    kept_so_far = raw.setdefault(
                        (worker.name, level, kept),
                        {"queries": [], "rows": [], "wall": [], "cpu": []},
                    )
                    kept_so_far["queries"] += queries
                    for key in ("rows", "wall", "cpu"):
                        kept_so_far[key] += answer[key]
        print("round", number, flush=True)
    engines = {
        worker.name: {
            "build": worker.about["built"],
            "file_mb": round(worker.about["bytes"] / 1e6, 1),
            **memory[worker.name],
            "runs": [],
        }
        for worker in workers
    }
    for (name, level, kept), run in raw.items():
        engines[name]["runs"].append(summary(level, kept, run, np.load(work / f"truth-{kept}.npy")))
    return engines


def summary(level: int, kept: str, run: dict[str, list[Any]], truth: Any) -> dict[str, Any]:
    """Return recall and latencies; even queries are of known people, odd ones of strangers."""
    hits = [
        len(set(rows) & set(truth[at])) / 10
        for at, rows in zip(run["queries"], run["rows"], strict=True)
    ]
    known = [hit for at, hit in zip(run["queries"], hits, strict=True) if at % 2 == 0]
    strangers = [hit for at, hit in zip(run["queries"], hits, strict=True) if at % 2]
    return {
        "level": level,
        "kept": float(kept),
        "queries": len(hits),
        "recall": round(float(np.mean(hits)), 4),
        "recall_known": round(float(np.mean(known)), 4),
        "recall_strangers": round(float(np.mean(strangers or known)), 4),
        "p50_ms": round(float(np.median(run["wall"])), 3),
        "p99_ms": round(float(np.quantile(run["wall"], 0.99)), 3),
        "cpu_p50_ms": round(float(np.median(run["cpu"])), 3),
        "cpu_p99_ms": round(float(np.quantile(run["cpu"], 0.99)), 3),
    }


def main() -> None:
    """Measure and write ``results/search.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gallery", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="engines; nothing is written then")
    options = parser.parse_args()
    work = options.work
    work.mkdir(parents=True, exist_ok=True)
    about = work / "data.json"
    if not about.exists():
        about.write_text(json.dumps(search_data.make(options.gallery, work)), "utf-8")
    versions = environment(work)
    python = str(work / "peers" / "bin" / "python")
    missing = [name for name, package in PEERS.items() if package not in versions]
    names = options.only or [*OURS, *(name for name in PEERS if name not in missing)]
    workers = [Worker(n, sys.executable if n in OURS else python, work) for n in names]
    engines = measure(workers, work)
    result = {
        "data": json.loads(about.read_text("utf-8")),
        "others": versions,
        "could_not_be_installed": missing,
        "engines": engines,
    }
    if options.only:
        print(json.dumps(result, indent=2))
    else:
        record.write("search", result)


if __name__ == "__main__":
    main()

"""Search over ten shards beside search over the whole: recall, and what merging costs.

Vectors are those of ``search.py``: clustered as measured ones are. Each shard holds a random
tenth of the photos, as a cluster of search machines would, with an index of its own; every shard
answers every query with its nearest ten, and one process merges ten lists of ten. Shards are
asked one after the other here: on machines of their own the slowest of them counts. Times are of
the one processor that a query takes.

Run: ``python benchmarks/sharding.py --gallery lfw.gallery --work FOLDER``.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import record
import search_data

from lookalike.gallery.starter import starter_path
from lookalike.search.exact import ExactIndex
from lookalike.search.making import make_index
from lookalike.search.metrics import Euclidean
from lookalike.search.options import IndexOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARDS, K, QUERIES = 10, 10, 300


def merged(
    rows: list[NDArray[np.int64]], distances: list[NDArray[np.float32]]
) -> NDArray[np.int64]:
    """Return the nearest rows of several answers, nearest first."""
    every, far = np.concatenate(rows), np.concatenate(distances)
    best = np.argpartition(far, K - 1)[:K]
    return every[best[np.argsort(far[best], kind="stable")]]


def recall(found: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    """Return the share of the true ten that were found, as a mean over queries."""
    hits = [len(set(one) & set(other)) for one, other in zip(found, truth, strict=True)]
    return round(float(np.mean(hits)) / K, 4)


def asked(index: Any, queries: NDArray[np.float32]) -> tuple[Any, Any, list[float]]:
    """Ask an index one query after the other; return rows, distances and milliseconds."""
    rows, distances, took = [], [], []
    for query in queries:
        began = time.thread_time()
        found = index.search(query[None], K)
        took.append((time.thread_time() - began) * 1000)
        rows.append(found.rows[0])
        distances.append(found.distances[0])
    return rows, distances, took


def sharded(
    kind: str, vectors: NDArray[np.float32], queries: NDArray[np.float32], owner: NDArray[np.int64]
) -> dict[str, Any]:
    """Search shard by shard, merge, and say what came of it."""
    answers, built = [], []
    for shard in range(SHARDS):
        numbers = np.flatnonzero(owner == shard)
        began = time.process_time()
        index = opened(kind, vectors[numbers])
        built.append(time.process_time() - began)
        rows, distances, took = asked(index, queries)
        answers.append(([numbers[one] for one in rows], distances, took))
    merging, found = [], []
    for at in range(len(queries)):
        began = time.thread_time()
        found.append(merged([one[0][at] for one in answers], [one[1][at] for one in answers]))
        merging.append((time.thread_time() - began) * 1000)
    each = np.array([one[2] for one in answers])
    return {
        "rows": np.array(found),
        "build_cpu_s": round(sum(built), 1),
        "shard_cpu_p50_ms": record.median(each.ravel().tolist()),
        "slowest_shard_cpu_p50_ms": record.median(each.max(axis=0).tolist()),
        "all_shards_cpu_p50_ms": record.median(each.sum(axis=0).tolist()),
        "merge_cpu_p50_ms": record.median(merging),
    }


def opened(kind: str, vectors: NDArray[np.float32]) -> Any:
    """Make an index of one kind."""
    if kind == "exact":
        return ExactIndex(vectors, Euclidean())
    return make_index(vectors, Euclidean(), IndexOptions("ivf", 4))


def whole(kind: str, vectors: NDArray[np.float32], queries: NDArray[np.float32]) -> dict[str, Any]:
    """Search one index over all rows."""
    began = time.process_time()
    index = opened(kind, vectors)
    built = time.process_time() - began
    rows, _, took = asked(index, queries)
    return {
        "rows": np.array(rows),
        "build_cpu_s": round(built, 1),
        "cpu_p50_ms": record.median(took),
    }


def main() -> None:
    """Measure and write ``results/sharding.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gallery", type=Path, help="what vectors are spread like")
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    data = search_data.make(arguments.gallery or starter_path(), arguments.work)
    if arguments.gallery is None:
        data["measured_on"] = "the starter gallery"
    vectors = np.load(arguments.work / "vectors.npy")
    queries = np.load(arguments.work / "queries.npy")[:QUERIES]
    truth = np.load(arguments.work / "truth-1.npy")[:QUERIES]
    owner = np.random.default_rng(1).integers(0, SHARDS, len(vectors))
    ways: dict[str, Any] = {}
    for kind in ("exact", "ivf"):
        one, many = whole(kind, vectors, queries), sharded(kind, vectors, queries, owner)
        one["recall"] = recall(one.pop("rows"), truth)
        many["recall"] = recall(many.pop("rows"), truth)
        ways[kind] = {"whole": one, "sharded": many}
    record.write("sharding", {"data": data, "shards": SHARDS, "k": K, "queries": QUERIES, **ways})


if __name__ == "__main__":
    main()

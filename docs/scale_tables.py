"""The numbers of ``docs/concepts/scale.md``: what is measured, carried on to 100 million people."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from speed_tables import number, table

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results"
PEOPLE = 100_000_000
#: Of a machine for building, and of one for searching.
CORES, MEMORY_GB, SHARDS, BUILDERS = 32, 64, 10, 20


def _result(name: str) -> dict[str, Any]:
    text = (RESULTS / f"{name}.json").read_text("utf-8")
    return dict(json.loads(text))


class Laws:
    """Costs of one photo, one row and one query, from stored results alone."""

    def __init__(self) -> None:
        growth, search, memory = _result("growth"), _result("search"), _result("memory")
        built, self.cluster, self.sharding = (
            _result("build"),
            _result("cluster"),
            _result("sharding"),
        )
        size = growth["sizes"][-2]
        self.photos = round(PEOPLE * size["photos"] / size["people"])
        self.small_ms = sorted(
            run["processor_ms"] for run in built["speed"]["400 small photos"]["stages"]
        )[1]
        self.large_ms = sum(built["stages"]["40 photos of 12 megapixels"].values())
        few, many = memory["builds"]
        self.kept_bytes = 1e6 * (many["gallery_mb"] - few["gallery_mb"])
        self.kept_bytes /= many["photos"] - few["photos"]
        self.facts_bytes = 1e6 * size["gallery"]["file_mb"] / size["photos"]
        self.vector_bytes = 4 * size["dim"]
        self.rows = search["data"]["photos"]
        engines = search["engines"]
        self.exact_ms = engines["ours-exact-32"]["runs"][0]["p50_ms"]
        self.ivf_ms = engines["ours-ivf-4"]["runs"][0]["p50_ms"]
        self.ivf_bytes = 1e6 * engines["ours-ivf-4"]["file_mb"] / self.rows
        self.ivf_s = engines["ours-ivf-4"]["build"]["cpu_s"]
        self.graph_bytes = 1e6 * engines["ours-hnsw-32"]["file_mb"] / self.rows
        self.graph_s = engines["ours-hnsw-32"]["build"]["cpu_s"]

    def ivf_at(self, rows: float) -> float:
        """Return milliseconds of a query: lists and their length both grow with the root."""
        return self.ivf_ms * math.sqrt(rows / self.rows)

    def graph_hours(self, rows: float) -> float:
        """Return core hours of making a graph: each row is a search, which grows with the log."""
        return self.graph_s / 3600 * rows / self.rows * math.log(rows) / math.log(self.rows)


def measured(_: dict[str, Any]) -> str:
    """Return the costs that everything else follows from."""
    law = Laws()
    return table(
        ("of one", "cost", "from"),
        [
            ("small photo (250 px)", f"{number(law.small_ms)} ms of one core", "`build.json`"),
            ("photo of 12 megapixels", f"{number(law.large_ms)} ms of one core", "`build.json`"),
            ("processor time of one process, as a share of that of workers",
             f"{law.cluster['speed']['processor_ratio']:.2f}", "`cluster.json`"),
            ("photo in a gallery, with its portrait", f"{number(law.kept_bytes / 1e3)} kB",
             "`memory.json`"),
            ("photo in a gallery, without", f"{number(law.facts_bytes)} bytes", "`growth.json`"),
            ("row in inverted lists (4 bits, and the exact row)",
             f"{number(law.ivf_bytes)} bytes", "`search.json`"),
            ("row in a graph (HNSW, 32 bits)", f"{number(law.graph_bytes)} bytes", "`search.json`"),
            (f"query over {law.rows:,} rows, exact / inverted lists",
             f"{number(law.exact_ms)} / {number(law.ivf_ms)} ms", "`search.json`"),
        ],
    )  # fmt: skip


def _work(core_hours: float) -> str:
    hours = number(core_hours / CORES / BUILDERS)
    return f"{core_hours:,.0f} core hours: {hours} hours on {BUILDERS} machines of {CORES} cores"


def plan(_: dict[str, Any]) -> str:
    """Return what 100 million people need."""
    law = Laws()
    ratio = law.cluster["speed"]["processor_ratio"]
    rows = law.photos / SHARDS
    hours = [law.photos * ms / 3.6e6 / ratio for ms in (law.small_ms, law.large_ms)]
    lines = [
        ("photos", f"{law.photos / 1e6:,.0f} million"),
        ("building, small photos", _work(hours[0])),
        ("building, photos of 12 megapixels", _work(hours[1])),
        ("facts and portraits", f"{number(law.photos * law.kept_bytes / 1e12)} TB"),
        ("facts alone", f"{number(law.photos * law.facts_bytes / 1e9)} GB"),
        ("raw vectors", f"{number(law.photos * law.vector_bytes / 1e9)} GB"),
        (f"inverted lists, all / one of {SHARDS} shards",
         f"{number(law.photos * law.ivf_bytes / 1e9)} / {number(rows * law.ivf_bytes / 1e9)} GB"),
        ("making them", f"{number(law.ivf_s / 3600 * law.photos / law.rows)} core hours or more"),
        ("a query in a shard, exact", f"{number(law.exact_ms * rows / law.rows)} ms"),
        ("a query in a shard, inverted lists", f"{number(law.ivf_at(rows))} ms"),
        (f"queries a second and shard, on {CORES} cores",
         f"{1000 / law.ivf_at(rows) * CORES:,.0f}"),
        ("merging ten answers", f"{number(law.sharding['ivf']['sharded']['merge_cpu_p50_ms'])} ms"),
    ]  # fmt: skip
    return table(("what", f"{PEOPLE / 1e6:,.0f} million people"), lines)


def shards(_: dict[str, Any]) -> str:
    """Return what sharding does to recall and to time."""
    law = Laws()
    rows = []
    for kind, words in (("exact", "exact"), ("ivf", "inverted lists")):
        one, many = law.sharding[kind]["whole"], law.sharding[kind]["sharded"]
        times = [one["cpu_p50_ms"]]
        times += [
            many[f"{what}_cpu_p50_ms"] for what in ("shard", "slowest_shard", "all_shards", "merge")
        ]
        recalls = (f"{way['recall']:.4f}" for way in (one, many))
        rows.append((words, *recalls, *map(number, times)))
    head = ("index", "recall, whole", "recall, 10 shards", "ms, whole", "ms, a shard",
            "ms, the slowest of ten", "ms, all ten on one core", "ms, merging")  # fmt: skip
    return table(head, rows)


def limits(_: dict[str, Any]) -> str:
    """Return up to where one PostgreSQL goes, by the memory that its graph needs."""
    law = Laws()
    lines = []
    for memory_gb in (MEMORY_GB, 256, 1024):
        # A quarter stays for everything else that the server does.
        rows = 0.75 * memory_gb * 1e9 / law.graph_bytes
        people = rows * PEOPLE / law.photos
        making = f"{law.graph_hours(rows):,.0f} core hours"
        lines.append(
            (f"{memory_gb} GB", *(f"{n / 1e6:,.0f} million" for n in (rows, people)), making)
        )
    head = ("memory of the server", "photos", "people", "making the graph")
    return table(head, lines)


#: What the page holds, by the names of its marks.
TABLES = {"measured": measured, "plan": plan, "shards": shards, "limits": limits}

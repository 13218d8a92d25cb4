"""How often the nearest other photo shows the same person, on PINS: every photo asks once.

Run: ``python benchmarks/leave_one_out.py --data DATA`` with ``DATA/pins``. Mahalanobis distance is
fitted each time without the asking photo's person, because a covariance that has seen the person
flatters itself.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import record

from lookalike.gallery.build import build
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst
from lookalike.search.exact import ExactIndex
from lookalike.search.mahalanobis import PersonMahalanobis, PooledMahalanobis
from lookalike.search.metrics import Cosine, Euclidean
from lookalike.sources.folder import FolderSource

if TYPE_CHECKING:
    from lookalike.gallery.records import Columns
    from lookalike.protocols import Metric


def hits(metric: Metric, columns: Columns, asking: np.ndarray) -> int:
    """Return how many of the asking photos have the same person nearest."""
    index = ExactIndex(columns.vectors, metric)
    neighbors = index.search(columns.vectors[asking], 2)
    # The photo itself is at distance 0; its twin, if there is one, may come before it.
    other = np.where(neighbors.rows[:, 0] == asking, neighbors.rows[:, 1], neighbors.rows[:, 0])
    return int((columns.groups[other] == columns.groups[asking]).sum())


def without(columns: Columns, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors and groups without some rows, groups numbered anew."""
    keep = np.ones(len(columns.groups), bool)
    keep[rows] = False
    return columns.vectors[keep], np.unique(columns.groups[keep], return_inverse=True)[1]


def pooled_hits(columns: Columns) -> int:
    """Return the hits of pooled Mahalanobis, fitted without the asking person."""
    total = 0
    for person in range(len(columns.people)):
        asking = np.flatnonzero(columns.groups == person)
        metric = PooledMahalanobis.fit(*without(columns, asking))
        total += hits(metric, columns, asking)
    return total


def person_hits(columns: Columns) -> int:
    """Return the hits of per-person Mahalanobis, fitted without the asking photo."""
    total = 0
    for asking in range(len(columns.groups)):
        vectors, groups = without(columns, np.array([asking]))
        nearest = PersonMahalanobis.fit(vectors, groups).search(columns.vectors[[asking]], 1)
        total += int(nearest.rows[0, 0] == columns.groups[asking])
    return total


def main() -> None:
    """Measure and write ``results/leave_one_out.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    result: dict[str, object] = {}
    for views in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            analyst = Analyst.open(ModelOptions(views=views))
            header = Header(analyst.space, analyst.template, views)
            gallery = GalleryFile.create(Path(folder, "pins.gallery"), header)
            began = time.perf_counter()
            summary = build(gallery, FolderSource(data / "pins"), analyst)
            took = time.perf_counter() - began
            columns = gallery.columns()
        everything = np.arange(len(columns.groups))
        rates = {
            "euclidean": hits(Euclidean(), columns, everything),
            "cosine": hits(Cosine(), columns, everything),
            "mahalanobis, without the asking person": pooled_hits(columns),
            "mahalanobis-person, without the asking photo": person_hits(columns),
        }
        result[f"views_{views}"] = {
            "offered": summary.offered,
            "turned_down": {str(k): v for k, v in summary.turned_down.items()},
            "faces": len(columns.groups),
            "people": len(columns.people),
            "rank_1": {name: round(count / len(everything), 4) for name, count in rates.items()},
            "ms_a_photo": round(took / summary.offered * 1000, 1),
        }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    record.write("leave_one_out", {**result, "peak_rss_mb": round(peak / 1024)})


if __name__ == "__main__":
    main()

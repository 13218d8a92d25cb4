"""How often metrics name the same people, and how often they are right: PINS and LFW.

Run: ``python benchmarks/agreement.py --pins PINS.gallery --lfw LFW.gallery`` with galleries of the
default models (``lookalike gallery build DATA/pins``, ``… DATA/lfw --faces centered``).
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path
from typing import Any

import record

from lookalike.evaluation.asking import measure_asked, ways
from lookalike.evaluation.identification import difference, identification
from lookalike.evaluation.report_asked import agreement_fields, agreements
from lookalike.evaluation.report_pairs import ReportOptions
from lookalike.gallery.gallery import Gallery

METRICS = ("euclidean", "mahalanobis", "mahalanobis-person", "cosine")
RANKS = ("nearest", "centroid")


def compared(path: Path) -> dict[str, Any]:
    """Return how often the metrics agree, and how often each is right."""
    with Gallery.open(path) as gallery:
        columns, header = gallery.columns(everyone=True), gallery.header
    result: dict[str, Any] = {
        "faces": len(columns.photos),
        "people": len(columns.people),
        "of_several_photos": int((columns.counts > 1).sum()),
        "space": header.space.digest,
    }
    began = time.perf_counter()
    for rank in RANKS:
        asked = measure_asked(columns, header, ways(METRICS, (rank,)), data=path.stem)
        first = asked.answers[0]
        known = first.place > 0
        result[rank] = {
            "agreement": [agreement_fields(one) for one in agreements(asked, ReportOptions())],
            "rank_1": [
                {
                    "metric": one.metric,
                    **identification(one, asked.cast).rates[1].fields(),
                    "more_than_the_first": difference(
                        one.place == 1, first.place == 1, known, asked.cast
                    ).fields(),
                }
                for one in asked.answers
            ],
        }
    result["took_s"] = round(time.perf_counter() - began, 1)
    return result


def main() -> None:
    """Measure and write ``results/agreement.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pins", type=Path, required=True)
    parser.add_argument("--lfw", type=Path, required=True)
    given = parser.parse_args()
    result: dict[str, Any] = {"pins": compared(given.pins), "lfw": compared(given.lfw)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    record.write("agreement", {**result, "peak_rss_mb": round(peak / 1024)})


if __name__ == "__main__":
    main()

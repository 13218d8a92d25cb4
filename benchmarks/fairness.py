"""What the correction for hubs does: who is named first, and whether it is still the right one.

How many different well-known people of the starter gallery are named first when LFW's others ask,
and how often the nearest other photo of PINS is the same person's, before and after.

Run: ``python benchmarks/fairness.py --data DATA`` with ``DATA/pins``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import record

from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.build import build
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.records import FaceRecord, Header
from lookalike.gallery.starter import starter_path
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Analyst
from lookalike.sources.folder import FolderSource
from lookalike.types import Embeddings

ASKERS = 2400


def named_first(gallery: Gallery, asking: Embeddings, options: FindOptions) -> dict[str, Any]:
    """Return how many people are named first, and how often the most frequent one is."""
    firsts = Counter(matches[0].person.id for matches in gallery.find(asking, options))
    tens = Counter(
        match.person.id
        for matches in gallery.find(asking, FindOptions(10, options.metric, fair=options.fair))
        for match in matches
    )
    people = gallery.count(options)
    times = np.array([*tens.values(), *[0] * (people - len(tens))], float)
    skewness = float(((times - times.mean()) ** 3).mean() / times.std() ** 3)
    return {
        "people": people,
        "different_firsts": len(firsts),
        "most_frequent_first": round(firsts.most_common(1)[0][1] / len(asking), 4),
        "skewness_of_the_first_ten": round(skewness, 2),
    }


def strangers(gallery: Gallery) -> Embeddings:
    """Return one photo each of people who are not ranked by default."""
    everybody = gallery.columns(everyone=True)
    ranked = {person.id for person in gallery.columns(everyone=False).people}
    _, firsts = np.unique(everybody.groups, return_index=True)
    rows = [row for row in firsts if everybody.people[everybody.groups[row]].id not in ranked]
    return Embeddings(everybody.vectors[rows[:ASKERS]], gallery.header.space)


def rank_one(file: GalleryFile, options: FindOptions) -> float:
    """Return how often the first is the right one when half of the photos ask the other half."""
    columns = file.columns()
    asking = Embeddings(columns.vectors, file.header.space)
    hits = 0
    # Each person's first half asks the second half of everybody, and the other way round.
    order = np.argsort(columns.groups, kind="stable")
    halves = np.zeros(len(order), bool)
    halves[order[::2]] = True
    for half in (halves, ~halves):
        with tempfile.TemporaryDirectory() as folder:
            part = GalleryFile.create(Path(folder, "half.gallery"), file.header)
            part.write(_records(file, half), [])
            gallery = Gallery(part)
            rows = np.flatnonzero(~half)
            asked = Embeddings(asking.vectors[rows], asking.space)
            for row, matches in zip(rows, gallery.find(asked, options), strict=True):
                right = columns.people[columns.groups[row]].id
                hits += matches[0].person.id == right
            part.close()
    return round(hits / len(order), 4)


def _records(file: GalleryFile, chosen: np.ndarray) -> list[FaceRecord]:
    return [one for one, keep in zip(file.records(), chosen, strict=True) if keep]


def main() -> None:
    """Measure and write ``results/fairness.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        analyst = Analyst.open()
        header = Header(analyst.space, analyst.template, analyst.views)
        pins = GalleryFile.create(Path(folder, "pins.gallery"), header)
        build(pins, FolderSource(data / "pins"), analyst)
        for metric in ("euclidean", "cosine"):
            for fair in (False, True):
                options = FindOptions(1, metric, fair=fair)
                starter = Gallery.open(starter_path())
                result[f"{metric}, {'fair' if fair else 'plain'}"] = {
                    **named_first(starter, strangers(starter), options),
                    "pins_rank_1_half_against_half": rank_one(pins, options),
                }
        pins.close()
    record.write("fairness", result)


if __name__ == "__main__":
    main()

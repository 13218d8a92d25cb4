"""Whether explanations are true: deletion, insertion, and parts that were planted.

Run: ``python benchmarks/explain.py --data DATA --jobs 2`` with ``DATA/lfw`` and
``DATA/lfw-pairs.txt``.

*Deletion*: of 300 pairs of one person, the parts that count most are hidden first, in the one
face and in the other, and the change of the distance is compared with that of random masks of
equal area: the same mask moved somewhere else in the crop, and as many parts drawn by lot.
*Insertion* starts from a face that is all blurred. *Planted*: a part of one person's face is set
into the face of another; the explanation should name it. *Speed*: 24 masked crops for a pair.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import record

from lookalike.evaluation.pairs import read_pairs
from lookalike.explain import PARTS, Explainer, ExplainOptions
from lookalike.explain.hiding import FILLERS, cover, hidden
from lookalike.explain.parts import part_masks
from lookalike.gallery.building.choice import choose_face
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst
from lookalike.search.metrics import Euclidean
from lookalike.types import Crops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.explain import Explanation
    from lookalike.protocols import Encoder

STEPS = 6
#: The way of hiding that curves are drawn with; explanations average over all.
FILLER = "strong blur"


def crops_of(data: Path, analyst: Analyst, *, same: bool, count: int) -> np.ndarray:
    """Return aligned crops of pairs of LFW, drawn by lot, shape (n, 2, S, S, 3)."""
    pairs = [pair for pair in read_pairs(data / "lfw-pairs.txt") if pair.same == same]
    found = []
    for number in np.random.default_rng(0).permutation(len(pairs)):
        photos = [data / "lfw" / name for name in (pairs[number].one, pairs[number].other)]
        seen = list(analyst.analyze(photos))
        if all(len(analysis) for analysis in seen):
            rows = [choose_face(analysis.image, analysis.faces, "centered") for analysis in seen]
            found.append([a.crops.pixels[row] for a, row in zip(seen, rows, strict=True)])
        if len(found) == count:
            break
    return np.array(found)


def as_crops(pixels: np.ndarray) -> Crops:
    """Return crops of the default template."""
    return Crops(pixels, np.tile(np.eye(2, 3, dtype=np.float32), (len(pixels), 1, 1)), "dlib-150")


def changes(encoder: Encoder, faces: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Return how the distance changes with each mask, the mean of hiding it in either face."""
    batch = [faces]
    batch += [hidden(face, masks, cover(face, FILLER)) for face in faces]
    vectors = encoder.encode(as_crops(np.concatenate(batch))).vectors.astype(np.float64)
    whole, rest = vectors[:2], vectors[2:].reshape(2, len(masks), -1)
    distance = np.linalg.norm(whole[0] - whole[1])
    moved = [np.linalg.norm(rest[side] - whole[1 - side], axis=1) - distance for side in (0, 1)]
    return np.mean(moved, axis=0)


def moved(mask: np.ndarray, lots: np.random.Generator) -> np.ndarray:
    """Return a mask somewhere else in the crop; what leaves at one edge enters at the other."""
    return np.roll(mask, tuple(lots.integers(len(mask), size=2)), (0, 1))


@cache
def opened() -> tuple[Explainer, Encoder]:
    """Return what explains and what encodes, opened once in each process."""
    encoder = Analyst.open(ModelOptions(threads=1)).encoder
    # The grid takes most of the time and is not what is tested here.
    return Explainer(encoder, Euclidean(), ExplainOptions(FILLERS, FILLERS[1], 2)), encoder


def curves(faces: np.ndarray, seed: int) -> dict:
    """Return what hiding more and more of a pair does, by importance and by lot."""
    explainer, encoder = opened()
    lots = np.random.default_rng(seed)
    explanation = explainer.explain(as_crops(faces[:1]), as_crops(faces[1:]))
    parts = part_masks("dlib-150")
    order = [PARTS.index(part.name) for part in explanation.parts]
    top = np.array([parts[order[: k + 1]].sum(axis=0).clip(0, 1) for k in range(STEPS)])
    elsewhere = np.array([moved(mask, lots) for mask in top])
    drawn = lots.permutation(len(PARTS))
    by_lot = np.array([parts[drawn[: k + 1]].sum(axis=0).clip(0, 1) for k in range(STEPS)])
    everything = np.concatenate([top, elsewhere, by_lot])
    out = changes(encoder, faces, everything).reshape(3, STEPS)
    # Insertion hides all but the mask; the less the distance has grown, the more came back.
    back = changes(encoder, faces, np.concatenate([1 - everything, np.ones_like(top[:1])]))
    came_back = (back[-1] - back[:-1]).reshape(3, STEPS)
    return {
        "distance": round(explanation.distance, 5),
        "order": [part.name for part in explanation.parts],
        "stability": round(explanation.stability, 3),
        "faces_agree": round(explanation.faces_agree, 3),
        "areas": [[round(float(m.mean()), 4) for m in ms] for ms in (top, elsewhere, by_lot)],
        "deletion": np.round(out, 5).tolist(),
        "insertion": np.round(came_back, 5).tolist(),
    }


def ratios(rows: list[dict], kind: str) -> dict[str, list[float]]:
    """Return the median over the pairs of top against random, for 1, 2, … parts.

    Parts differ in size, so that those drawn by lot are also compared by change per area.
    """
    found = np.array([row[kind] for row in rows])
    per_area = found / np.array([row["areas"] for row in rows])
    medians = {}
    for table, number, name in (
        (found, 1, "moved"), (found, 2, "by_lot"), (per_area, 2, "by_lot_per_area"),
    ):  # fmt: skip
        top, other = table[:, 0], table[:, number]
        # Where hiding at random brings the faces nearer, no ratio is large enough.
        each = np.where(other > 0, top / np.maximum(other, 1e-9), np.inf)
        each[top <= 0] = 0
        medians[name] = np.minimum(np.median(each, axis=0), 99).round(2).tolist()
        medians[f"{name}_of_medians"] = (
            (np.median(top, axis=0) / np.median(other, axis=0)).round(2).tolist()
        )
    return medians


def planted(one: np.ndarray, other: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the other face with a part of the one, brought to the color around it."""
    soft = mask[..., None]
    means = [(face * soft).sum(axis=(0, 1)) / soft.sum() for face in (one, other)]
    part = np.clip(one + 0.8 * (means[1] - means[0]), 0, 255)
    return np.rint(other * (1 - soft) + part * soft).clip(0, 255).astype(np.uint8)


def recovered(one: np.ndarray, other: np.ndarray, number: int) -> list[dict]:
    """Return for every part at which place it is named when it was planted."""
    explainer, rows = opened()[0], []
    for name, mask in zip(PARTS, part_masks("dlib-150"), strict=True):
        both = np.array([one, planted(one, other, mask)])
        found: Explanation = explainer.explain(as_crops(both[:1]), as_crops(both[1:]))
        place = [part.name for part in found.parts].index(name) + 1
        rows.append(
            {"pair": number, "part": name, "place": place, "sentence": found.sentence,
             "stability": round(found.stability, 3), "faces_agree": round(found.faces_agree, 3)}
        )  # fmt: skip
    return rows


def summary(rows: list[dict]) -> dict:
    """Return how often planted parts come first, and whether agreement tells when."""
    places = np.array([row["place"] for row in rows])
    agree = np.array([row["faces_agree"] for row in rows])
    stable = np.array([row["stability"] for row in rows])

    def first(chosen: np.ndarray) -> float | None:
        return round(float((places[chosen] == 1).mean()), 3) if chosen.any() else None

    return {
        "first": first(places > 0),
        "among_first_two": round(float((places <= 2).mean()), 3),
        "chance": round(1 / len(PARTS), 3),
        "by_part": {n: first(np.array([row["part"] == n for row in rows])) for n in PARTS},
        "faces_agree": {"below 0": first(agree < 0),
                        "0 to 0.5": first((agree >= 0) & (agree < 0.5)),
                        "above 0.5": first(agree >= 0.5)},
        "stability": {"below 0.3": first(stable < 0.3),
                      "0.3 to 0.6": first((stable >= 0.3) & (stable < 0.6)),
                      "above 0.6": first(stable >= 0.6)},
    }  # fmt: skip


def speed(encoder: Encoder, faces: np.ndarray) -> dict:
    """Return how long 24 masked crops for a pair take, and a whole explanation with its grid."""
    masks = np.concatenate([part_masks("dlib-150"), part_masks("dlib-150")[:5]])

    def crops_24() -> None:
        batch = [hidden(face, masks, cover(face, FILLER)) for face in faces]
        encoder.encode(as_crops(np.concatenate([faces, *batch])))

    began = time.process_time()
    crops_24()
    # On a machine that does other things, too, this is what would be left.
    cpu_ms = round((time.process_time() - began) * 1000, 3)
    whole = Explainer(encoder, Euclidean())
    one, other = as_crops(faces[:1]), as_crops(faces[1:])
    return {
        "ms_24_masked_crops": record.median(record.times_ms(crops_24, 9)),
        "cpu_ms_24_masked_crops": cpu_ms,
        "ms_explanation_with_grid": record.median(
            record.times_ms(lambda: whole.explain(one, other), 5)
        ),
        "views": encoder.views,
    }


def measured(data: Path, analyst: Analyst, options: argparse.Namespace) -> Iterator[dict]:
    """Go through all pairs, then through all plants."""
    pairs = crops_of(data, analyst, same=True, count=options.pairs)
    strangers = crops_of(data, analyst, same=False, count=options.planted)
    # A forked process would share the threads of an opened network, and wait for them forever.
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        yield from pool.map(curves, pairs, range(len(pairs)))
        for rows in pool.map(recovered, *strangers.swapaxes(0, 1), range(len(strangers))):
            yield from rows


def main() -> None:
    """Measure; write ``results/explain.jsonl``, a pair or plant a line, and ``explain.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--planted", type=int, default=18)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--derive", action="store_true", help="take the raw results that are kept")
    options = parser.parse_args()
    analyst = Analyst.open(ModelOptions())
    kept = record.RESULTS / "explain.jsonl"
    if not options.derive:
        with kept.open("w", encoding="utf-8") as file:
            for row in measured(options.data, analyst, options):
                file.write(json.dumps(row) + "\n")
    everything = [json.loads(line) for line in kept.read_text("utf-8").splitlines()]
    rows = [row for row in everything if "order" in row]
    found = [row for row in everything if "place" in row]
    firsts = [row["order"][0] for row in rows]
    faces = crops_of(options.data, analyst, same=True, count=1)[0]
    record.write(
        "explain",
        {
            "pairs": len(rows),
            "filler": FILLER,
            "median_ratio": {kind: ratios(rows, kind) for kind in ("deletion", "insertion")},
            "median_change": {
                kind: np.median([row[kind] for row in rows], axis=0).round(4).tolist()
                for kind in ("deletion", "insertion")
            },
            "first_part": {name: firsts.count(name) for name in PARTS},
            "planted": {"count": len(found), **summary(found)},
            "speed": speed(analyst.encoder, faces),
        },
    )


if __name__ == "__main__":
    main()

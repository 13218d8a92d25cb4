"""Open-set identification on PINS: 70 actors are known, 35 are not; who is named, and rightly?

Run: ``python benchmarks/identify.py --pins PINS.gallery`` with a gallery of PINS. Ten photos of
each known actor are learned, the others ask, and so do all photos of the unknown. Thresholds are
set by the photos of known people alone; rates are given with the interval that drawing the asking
people again, with replacement, covers nineteen times of twenty. Every drawing of who is known is
another seed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import record

from lookalike.gallery.gallery import Gallery
from lookalike.gallery.store import GalleryFile
from lookalike.identification.training import train
from lookalike.identification.trials import best_scores
from lookalike.registry import names
from lookalike.types import Person, Photo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.gallery.records import FaceRecord, Header

KNOWN = 70
LEARNED = 10
RATES = (0.01, 0.05, 0.1)
REPEATS = 2000


@dataclass
class Asked:
    """What a head said of faces that it had not seen."""

    people: np.ndarray
    scores: np.ndarray
    right: np.ndarray


def gallery_of(faces: Sequence[FaceRecord], header: Header, folder: str) -> Gallery:
    """Return a gallery of some faces."""
    file = GalleryFile.create(Path(folder, "known.gallery"), header)
    file.write(faces, [])
    return Gallery(file)


def divided(
    faces: Sequence[FaceRecord], rng: np.random.Generator
) -> tuple[list[FaceRecord], list[FaceRecord], list[FaceRecord]]:
    """Return the photos that are learned, those of the known that ask, and those of the unknown."""
    ids = np.array([face.person.id for face in faces])
    known = set(rng.permutation(np.unique(ids))[:KNOWN].tolist())
    learned: list[FaceRecord] = []
    own: list[FaceRecord] = []
    for person in sorted(known):
        rows = rng.permutation(np.flatnonzero(ids == person))
        learned += [faces[row] for row in rows[:LEARNED]]
        own += [faces[row] for row in rows[LEARNED:]]
    return learned, own, [face for face in faces if face.person.id not in known]


def interval(people: np.ndarray, hits: np.ndarray, rng: np.random.Generator) -> list[float]:
    """Return where a rate lies if the people were drawn again."""
    groups = np.unique(people, return_inverse=True)[1]
    counts, sums = np.bincount(groups), np.bincount(groups, hits)
    drawn = rng.integers(0, len(counts), (REPEATS, len(counts)))
    rates = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return [round(float(edge), 4) for edge in np.quantile(rates, [0.025, 0.975])]


def judged(known: Asked, unknown: Asked, threshold: float) -> dict[str, Any]:
    """Return how many of the known are named rightly, and how many strangers are named."""
    rng = np.random.default_rng(0)
    found, false = known.right & (known.scores > threshold), unknown.scores > threshold
    wrong = ~known.right & (known.scores > threshold)
    return {
        "threshold": round(threshold, 4),
        "dir": round(float(found.mean()), 4),
        "dir_interval": interval(known.people, found, rng),
        "fpir": round(float(false.mean()), 4),
        "fpir_interval": interval(unknown.people, false, rng),
        "named_as_another": round(float(wrong.mean()), 4),
    }


def tried(
    faces: Sequence[FaceRecord], header: Header, seed: int, heads: Sequence[str]
) -> dict[str, Any]:
    """Return the figures of each head for one drawing of who is known."""
    learned, own, others = divided(faces, np.random.default_rng(seed))
    with tempfile.TemporaryDirectory() as folder:
        gallery = gallery_of(learned, header, folder)
        result = {name: one(gallery, name, own, others) for name in heads}
        gallery.file.close()
    return result


def one(
    gallery: Gallery, name: str, own: Sequence[FaceRecord], others: Sequence[FaceRecord]
) -> dict[str, Any]:
    """Return the figures of one head."""
    trained = train(gallery, name)
    numbers = {person.id: at for at, person in enumerate(trained.people)}
    asked = []
    for faces in (own, others):
        people, scores = best_scores(trained.head, np.array([face.vector for face in faces]))
        truth = np.array([numbers.get(face.person.id, -1) for face in faces])
        ids = np.array([face.person.id for face in faces])
        asked.append(Asked(ids, scores, people == truth))
    return {
        "rank_1": round(float(asked[0].right.mean()), 4),
        "asked_for": {
            str(rate): judged(*asked, trained.certainty.threshold(rate)) for rate in RATES
        },
    }


def within(edges: list[float], rate: float) -> int:
    """Return 0 if a rate is within an interval, 1 if the interval is above it, else -1."""
    return 1 if edges[0] > rate else -1 if edges[1] < rate else 0


def crowd(faces: Sequence[FaceRecord], people: int, photos: int) -> list[FaceRecord]:
    """Return made-up people who differ as those of PINS do."""
    rng = np.random.default_rng(0)
    vectors = np.array([face.vector for face in faces])
    ids = np.unique([face.person.id for face in faces], return_inverse=True)[1]
    middles = np.array([vectors[ids == one].mean(axis=0) for one in range(ids.max() + 1)])
    within = vectors - middles[ids]
    drawn = rng.multivariate_normal(middles.mean(axis=0), np.cov(middles.T), people)
    made = []
    for at in range(people):
        for photo in range(photos):
            vector = (drawn[at] + within[rng.integers(len(within))]).astype(np.float32)
            pattern = faces[0]
            made.append(
                replace(
                    pattern,
                    person=Person.named(f"P{at}"),
                    photo=Photo(f"{at:032}{photo:032}", f"{at}/{photo}"),
                    vector=vector,
                    thumbnail=b"",
                    thumbnail_points=None,
                )
            )
    return made


def seconds(faces: Sequence[FaceRecord], header: Header) -> dict[str, float]:
    """Return how long 1,000 people with five photos each take to learn and to try."""
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        gallery = gallery_of(crowd(faces, 1000, 5), header, folder)
        gallery.columns(everyone=True)
        for name in names("head"):
            began = time.perf_counter()
            train(gallery, name)
            took[name] = round(time.perf_counter() - began, 1)
        gallery.file.close()
    return took


def main() -> None:
    """Measure and write ``results/identify.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pins", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=10)
    arguments = parser.parse_args()
    pins = GalleryFile(arguments.pins)
    faces, header, heads = list(pins.records()), pins.header, names("head")
    drawings = [tried(faces, header, seed, heads) for seed in range(arguments.seeds)]
    summary = {
        name: {
            str(rate): {
                which: round(
                    float(np.mean([one[name]["asked_for"][str(rate)][which] for one in drawings])),
                    4,
                )
                for which in ("dir", "fpir")
            }
            | {
                "drawings_whose_interval_holds_the_rate": sum(
                    within(one[name]["asked_for"][str(rate)]["fpir_interval"], rate) == 0
                    for one in drawings
                ),
                "drawings_with_significantly_more": sum(
                    within(one[name]["asked_for"][str(rate)]["fpir_interval"], rate) > 0
                    for one in drawings
                ),
            }
            for rate in RATES
        }
        for name in heads
    }
    record.write(
        "identify",
        {
            "known": KNOWN,
            "photos_learned": LEARNED,
            "faces": len(faces),
            "drawings": arguments.seeds,
            "seconds_to_learn_1000_people": seconds(faces, header),
            "mean": summary,
            "by_seed": drawings,
        },
    )


if __name__ == "__main__":
    main()

"""Several photos of one visitor: how to bring them together, and what the stability is worth.

Who asks is not in the gallery that is asked, except for the first question:

- *right first*: four photos of each PINS actor stand among the starter gallery's people of LFW, and
  other photos of the actor ask. How often is the actor named first?
- *same first*: two sets of photos of one visitor, none in both, ask among strangers. How often do
  they name the same person first? PINS' actors ask LFW's well-known people, and LFW's people with
  six photos and more ask the other half of those.
- *stability*: what the share of halves says, and how often a second set then agrees.
- *rarity*: how often "1 in N" occurs among strangers, times N, if it is learned from means of as
  many photos, and if it were that of single photos.
- *somebody else*: how often a photo of another person is noticed, and one of the same is not.

Run: ``python benchmarks/together.py --data DATA`` with ``DATA/pins`` and ``DATA/lfw``.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import record
from scipy.sparse.csgraph import connected_components

from lookalike.encoding.gate import scores
from lookalike.errors import ImageError
from lookalike.gallery.asking.rarity import way_of
from lookalike.gallery.asking.together import halves
from lookalike.pipeline import Analyst
from lookalike.search.metrics import Euclidean
from lookalike.search.strangers import fit_strangers
from lookalike.visitors.choosing import same_below

SIZES = (1, 2, 3, 5)
LEVELS = (10, 100, 1_000, 10_000)
SETS = 10
RNG = np.random.default_rng(0)


@dataclass
class Faces:
    """Photos of people: vectors, qualities and whose they are, numbered from 0."""

    vectors: Any
    qualities: Any
    groups: Any

    def some(self, rows: Any) -> Faces:
        """Return some photos, people numbered anew."""
        groups = np.unique(self.groups[rows], return_inverse=True)[1]
        return Faces(self.vectors[rows], self.qualities[rows], groups)

    def of(self, person: int) -> Any:
        """Return the photos of somebody in random order."""
        return RNG.permutation(np.flatnonzero(self.groups == person))

    @property
    def people(self) -> int:
        """How many there are."""
        return int(self.groups.max()) + 1


def letters(name: str) -> str:
    """Return a name so that two spellings of it are the same."""
    return "".join(sign for sign in name.lower() if sign.isalpha())


def analyzed(analyst: Analyst, folder: Path, least: int, without: set[str]) -> Faces:
    """Encode the largest face of every photo of everybody with so many photos, but for some."""
    paths = [
        path
        for person in sorted(folder.iterdir())
        if letters(person.name) not in without
        and len(files := sorted(person.glob("*.jpg"))) >= least
        for path in files
    ]
    rows = []
    for path, look in zip(paths, analyst.analyze(paths), strict=True):
        if not isinstance(look, ImageError) and len(look):
            row = int(np.argmax(look.faces.sizes_px))
            rows.append((look.embeddings.vectors[row], scores(look)[row], path.parent.name))
    vectors, qualities, names = zip(*rows, strict=True)
    groups = np.unique(names, return_inverse=True)[1]
    return Faces(np.array(vectors), np.array(qualities), groups)


class Asked:
    """A gallery, and the squared distances of all photos of visitors to all of its photos.

    The squared distance to a mean of photos is the mean of theirs, less what is the same for
    everybody; so all ways of asking are sums over this table.
    """

    def __init__(self, visitors: Any, gallery: Faces) -> None:
        order = np.argsort(gallery.groups, kind="stable")
        rows = gallery.vectors[order].astype(np.float64)
        self.starts = np.searchsorted(gallery.groups[order], np.arange(gallery.people))
        x = visitors.astype(np.float64)
        self.squared = (x**2).sum(1)[:, None] + (rows**2).sum(1) - 2 * x @ rows.T
        self.single = np.sqrt(np.maximum(self.people(self.squared), 0))
        self.ranks = np.argsort(np.argsort(self.single, axis=1), axis=1)

    def people(self, squared: Any) -> Any:
        """Return the least of each person's photos."""
        return np.minimum.reduceat(np.atleast_2d(squared), self.starts, axis=1)

    def by_mean(self, rows: Any, weights: Any = None) -> Any:
        """Return how people stand to a mean of photos."""
        return self.people(np.average(self.squared[rows], axis=0, weights=weights))[0]

    def ways(self, rows: Any, qualities: Any) -> dict[str, Any]:
        """Return what every way of bringing photos together orders people by."""
        quality, single, ranks = qualities[rows], self.single[rows], self.ranks[rows]
        return {
            "mean of vectors": self.by_mean(rows),
            "mean weighted by quality": self.by_mean(rows, quality + 0.05),
            "mean weighted a little by quality": self.by_mean(rows, quality + 0.3),
            "mean of distances": single.mean(axis=0),
            "median of distances": np.median(single, axis=0),
            "least distance": single.min(axis=0),
            "mean rank (Borda)": ranks.mean(axis=0) + 1e-6 * single.mean(axis=0),
            "reciprocal ranks, 60": -(1 / (60 + ranks)).sum(axis=0),
            "reciprocal ranks, 5": -(1 / (5 + ranks)).sum(axis=0),
            "photo of best quality": single[np.argmax(quality)],
        }


def rounded(hits: dict[tuple[str, int], list[float]]) -> dict[str, dict[str, float]]:
    """Return means in percent, by way and by number of photos."""
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for (way, size), values in hits.items():
        table[way][str(size)] = round(100 * float(np.mean(values)), 1)
    return dict(table)


def right_first(pins: Faces, others: Faces) -> dict[str, Any]:
    """Return how often the right actor is first, in percent."""
    hits: dict[tuple[str, int], list[float]] = defaultdict(list)
    known = np.concatenate([pins.of(person)[:4] for person in range(pins.people)])
    asking = np.setdiff1d(np.arange(len(pins.groups)), known)
    gallery = Faces(
        np.concatenate([pins.vectors[known], others.vectors]),
        np.empty(0),
        np.concatenate([pins.groups[known], others.groups + pins.people]),
    )
    visitors = Faces(pins.vectors[asking], pins.qualities[asking], pins.groups[asking])
    asked = Asked(visitors.vectors, gallery)
    for size in SIZES:
        for person in range(pins.people):
            for _ in range(SETS):
                rows = visitors.of(person)[:size]
                for way, order in asked.ways(rows, visitors.qualities).items():
                    hits[way, size].append(np.argmin(order) == person)
    return rounded(hits)


def same_first(visitors: Faces, gallery: Faces) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return how often two sets agree, in percent, and what the stability of the first says."""
    hits: dict[tuple[str, int], list[float]] = defaultdict(list)
    stable: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    asked = Asked(visitors.vectors, gallery)
    for size in SIZES:
        for person in range(visitors.people):
            for _ in range(SETS):
                rows = visitors.of(person)
                if len(rows) < 2 * size:
                    continue
                one, two = rows[:size], rows[size : 2 * size]
                first, second = (asked.ways(part, visitors.qualities) for part in (one, two))
                for way, order in first.items():
                    hits[way, size].append(np.argmin(order) == np.argmin(second[way]))
                if size > 1:
                    named = np.argmin(first["mean of vectors"])
                    agreed = named == np.argmin(second["mean of vectors"])
                    # Every half as a row of weights: what `halves` averages.
                    weights = halves(np.eye(size, dtype=np.float32)).astype(np.float64)
                    by_halves = np.argmin(asked.people(weights @ asked.squared[one]), axis=1)
                    stable[size].append((float((by_halves == named).mean()), bool(agreed)))
    return rounded(hits), {str(size): bins(pairs) for size, pairs in stable.items()}


def bins(pairs: list[tuple[float, bool]]) -> dict[str, Any]:
    """Return how often a second set agrees, by what the stability says."""
    said, agreed = np.array(pairs, float).T
    part = np.digitize(said, [0.2, 0.4, 0.6, 0.8])
    return {
        "stability": round(float(said.mean()), 3),
        "agree": round(float(agreed.mean()), 3),
        "by_stability": [
            {
                "stability": round(float(said[part == b].mean()), 2),
                "agree": round(float(agreed[part == b].mean()), 2),
                "times": int((part == b).sum()),
            }
            for b in range(5)
            if (part == b).any()
        ],
    }


def rarity(lfw: Faces) -> dict[str, Any]:
    """Return how often 1 in N occurs among strangers, times N: half of the people fit."""
    table: dict[str, Any] = defaultdict(list)
    for _ in range(4):
        people = RNG.permutation(lfw.people)
        fitted, asking = people[: lfw.people // 2], people[lfw.people // 2 :]
        known = lfw.some(np.concatenate([lfw.of(person)[:4] for person in fitted]))
        for size in (*SIZES, 6):
            rows = [lfw.of(person)[:size] for person in asking]
            middles = [lfw.vectors[part].mean(axis=0) for part in rows if len(part) == size]
            for photos in (1, 3):
                chosen = np.concatenate(
                    [np.flatnonzero(known.groups == one)[:photos] for one in range(known.people)]
                )
                away = Asked(np.array(middles), known.some(chosen)).single.ravel()
                for name, n in (("means", min(size, 4)), ("single photos", 1)):
                    way = way_of(Euclidean(), "nearest", n)
                    strangers = fit_strangers(known.vectors, known.groups, photos, way, 0, 500_000)
                    if strangers is not None:
                        said = strangers.probability(away)
                        times = [level * float((said <= 1 / level).mean()) for level in LEVELS]
                        table[f"{size} photos, {photos} of each known person, {name}"].append(times)
    return {
        name: dict(zip(map(str, LEVELS), np.round(np.mean(rows, axis=0), 2).tolist(), strict=True))
        for name, rows in table.items()
    }


def somebody_else(faces: Faces, limit: float) -> dict[str, Any]:
    """Return how often photos are taken for somebody else's, in percent, rightly and wrongly."""
    answer = {}
    for size in (2, 3, 5):
        noticed, wrongly = [], []
        for person in range(faces.people):
            for _ in range(SETS):
                rows = faces.of(person)[:size]
                other = int(RNG.integers(faces.people - 1))
                intruder = faces.of(other + (other >= person))[:1]
                wrongly.append((~in_most(faces.vectors[rows], limit)).mean())
                mixed = faces.vectors[np.concatenate([intruder, rows[1:]])]
                among = in_most(mixed, limit)
                noticed.append(not among[0] or (size == 2 and not among.all()))
        answer[str(size)] = {
            "noticed": round(100 * float(np.mean(noticed)), 1),
            "wrongly": round(100 * float(np.mean(wrongly)), 2),
        }
    return answer


def in_most(vectors: Any, limit: float) -> Any:
    """Say which photos show the one who is in most of them."""
    away = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    parts = connected_components(away < limit, directed=False)[1]
    return parts == np.argmax(np.bincount(parts))


def main() -> None:
    """Measure and write ``results/together.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    analyst = Analyst.open()
    actors = {letters(person.name) for person in (data / "pins").iterdir()}
    pins = analyzed(analyst, data / "pins", 1, set())
    lfw = analyzed(analyst, data / "lfw", 3, actors)
    limit = same_below(analyst.space, analyst.views)
    starter = lfw.some(np.concatenate([lfw.of(person)[:4] for person in range(lfw.people)]))
    counts = np.bincount(lfw.groups)
    many = RNG.permutation(np.flatnonzero(counts >= 6))
    visiting = many[: len(many) // 2]
    visitors = lfw.some(np.flatnonzero(np.isin(lfw.groups, visiting)))
    rest = np.setdiff1d(np.arange(lfw.people), visiting)
    gallery = lfw.some(np.concatenate([lfw.of(person)[:4] for person in rest]))
    result: dict[str, Any] = {"right_first": right_first(pins, starter)}
    for name, (asking, asked) in {"pins": (pins, starter), "lfw": (visitors, gallery)}.items():
        ways, stability = same_first(asking, asked)
        result[f"same_first_{name}"], result[f"stability_{name}"] = ways, stability
        if limit is not None:
            result[f"somebody_else_{name}"] = somebody_else(asking, limit)
    result["rarity"] = rarity(lfw)
    record.write("together", result)


if __name__ == "__main__":
    main()

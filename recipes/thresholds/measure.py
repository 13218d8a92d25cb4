"""Measure an encoder's thresholds and odds: what do its distances mean?

Run: ``python recipes/thresholds/measure.py DATA --encoder dlib-resnet-v1`` with ``DATA/lfw``. It
prints the ``[calibration]`` of the encoder's card.

Thresholds: at which distance do how many strangers pass as one person? The strangers are the first
photo of every person of LFW against the first photo of every other person, 16 million pairs.
``--several`` takes only people with several photos, and ``--most`` so many photos of each: a tenth
of the work, for slow networks.

Odds: a logistic curve over distances, from pairs of photos of one person, everybody counting the
same, and 80,000 pairs of two people. Its calibration error is of people who were not used: a
fifth of the people is left out at a time. ``--other`` says the error on another set as well.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ImageError
from lookalike.gallery.building.choice import choose_face
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst
from lookalike.registry import load
from lookalike.search.odds import fit_odds, reliability

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.protocols import Metric
    from lookalike.search.odds import Logistic

RATES = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6)
METRICS = ("euclidean", "sqeuclidean", "cosine")
FOLDS = 5
LEAST_PAIRS = 30
MOST_OWN_PAIRS = 15
STRANGERS = 80_000


def photos_of(folder: Path, arguments: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """Return whom each photo shows, and the photo."""
    for person in sorted(folder.iterdir()):
        photos = sorted(person.glob("*.jpg"))
        if len(photos) > 1 or not arguments.several:
            for photo in photos[: arguments.most]:
                yield person.name, photo


def encoded(
    folder: Path, analyst: Analyst, arguments: argparse.Namespace
) -> tuple[np.ndarray, np.ndarray]:
    """Return a vector of each photo, and the number of the person whom it shows."""
    name = f"{folder.name}-{arguments.encoder}-{analyst.views}.npz"
    kept = Path(arguments.vectors or folder, name)
    if arguments.vectors is not None and kept.is_file():
        with np.load(kept) as parts:
            names, vectors = parts["names"], parts["vectors"].astype(np.float32)
    else:
        names, vectors = seen(folder, analyst, arguments)
        if arguments.vectors is not None:
            arguments.vectors.mkdir(parents=True, exist_ok=True)
            np.savez(kept, names=names, vectors=vectors)
    people = [Path(name).parent.name for name in names]
    return vectors, np.unique(people, return_inverse=True)[1]


def seen(
    folder: Path, analyst: Analyst, arguments: argparse.Namespace
) -> tuple[list[str], np.ndarray]:
    """Return the photos that show a face, and the vectors of the faces in their middle."""
    photos = [photo for _, photo in photos_of(folder, arguments)]
    names, rows = [], []
    for photo, analysis in zip(photos, analyst.analyze(photos), strict=True):
        if isinstance(analysis, ImageError) or len(analysis) == 0:
            continue
        row = choose_face(analysis.image, analysis.faces, "centered")
        rows.append(analysis.embeddings.vectors[row or 0])
        names.append(str(photo.relative_to(folder.parent)))
    return names, np.array(rows, np.float32)


def threshold_rows(vectors: np.ndarray, groups: np.ndarray, name: str, views: int) -> list[str]:
    """Return the thresholds of a metric, highest rate first."""
    first = np.unique(groups, return_index=True)[1]
    metric = load("metric", name)()
    rows = metric.project(vectors[first]).astype(np.float64)
    squares = (rows**2).sum(axis=1)
    squared = squares[:, None] + squares - 2 * rows @ rows.T
    distances = metric.distances(squared[np.triu_indices(len(rows), k=1)])
    places = [int(rate * len(distances)) for rate in RATES]
    ranked = np.partition(distances, places)
    return [
        f'    {{ metric = "{name}", views = {views}, fmr = {rate:g}, '
        f"distance = {ranked[place]:.4f} }},"
        for rate, place in zip(RATES, places, strict=True)
        if place >= LEAST_PAIRS
    ]


def pairs_of(
    rows: np.ndarray, groups: np.ndarray, metric: Metric, strangers: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return distances of pairs of one person, their weights, and distances of strangers."""
    one, other, weights = [], [], []
    order = np.argsort(groups, kind="stable")
    for own in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        left, right = np.triu_indices(len(own), 1)
        chosen = rng.permutation(len(left))[:MOST_OWN_PAIRS]
        one += own[left[chosen]].tolist()
        other += own[right[chosen]].tolist()
        weights += [1 / max(len(chosen), 1)] * len(chosen)
    left, right = rng.integers(0, len(rows), (2, strangers))
    two = groups[left] != groups[right]

    def between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return metric.distances(((rows[a].astype(np.float64) - rows[b]) ** 2).sum(axis=1))

    return between(one, other), np.array(weights), between(left[two], right[two])


def tried(curve: Logistic, same: np.ndarray, weights: np.ndarray, different: np.ndarray) -> tuple:
    """Return what the curve says of pairs, the truth, and weights that make both kinds even."""
    stated = curve.probabilities(np.concatenate([same, different]))
    truth = np.arange(len(stated)) < len(same)
    even = np.concatenate(
        [weights / weights.sum() / 2, np.full(len(different), 0.5 / len(different))]
    )
    return stated, truth, even


def odds_rows(
    vectors: np.ndarray,
    groups: np.ndarray,
    name: str,
    views: int,
    other: tuple[np.ndarray, np.ndarray] | None,
) -> list[str]:
    """Return the odds of a metric, and its error on people left out."""
    metric = load("metric", name)()
    rows, rng = metric.project(vectors), np.random.default_rng(0)
    fold_of = rng.permutation(groups.max() + 1) % FOLDS
    trials = []
    for fold in range(FOLDS):
        out = fold_of[groups] == fold
        same, weights, different = pairs_of(rows[~out], groups[~out], metric, STRANGERS // 4, rng)
        curve = fit_odds(same, different, weights)
        trials.append(tried(curve, *pairs_of(rows[out], groups[out], metric, 100_000, rng)))
    error, points = reliability(*(np.concatenate(part) for part in zip(*trials, strict=True)))
    same, weights, different = pairs_of(rows, groups, metric, STRANGERS, rng)
    curve = fit_odds(same, different, weights)
    if other is not None:
        pairs = pairs_of(metric.project(other[0]), other[1], metric, STRANGERS // 4, rng)
        elsewhere, _ = reliability(*tried(curve, *pairs))
        print(f"# {name}, views {views}: error {error:.4f}, on the other set {elsewhere:.4f}")
    shown = ", ".join(f"[{said:.3f}, {true:.3f}, {count}]" for said, true, count in points)
    ends = f"least = {curve.least:.2f}, most = {curve.most:.2f}, error = {error:.4f}"
    line = f'metric = "{name}", views = {views}, slope = {curve.slope:.4f}, '
    line += f"intercept = {curve.intercept:.4f}, {ends}, reliability = [{shown}]"
    return [f"    {{ {line} }},"]


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--encoder", default="dlib-resnet-v1")
    parser.add_argument("--several", action="store_true")
    parser.add_argument("--most", type=int)
    parser.add_argument("--other", action="store_true", help="try it on DATA/pins, too")
    parser.add_argument("--vectors", type=Path, help="keep them in this folder, and use them again")
    arguments = parser.parse_args()
    thresholds: list[str] = []
    odds: list[str] = []
    for views in (1, 2):
        analyst = Analyst.open(ModelOptions(encoder=arguments.encoder, views=views))
        vectors, groups = encoded(arguments.data / "lfw", analyst, arguments)
        other = encoded(arguments.data / "pins", analyst, arguments) if arguments.other else None
        for name in METRICS:
            thresholds += threshold_rows(vectors, groups, name, views)
            odds += odds_rows(vectors, groups, name, views, other)
    people = int(groups.max()) + 1
    own = int((np.bincount(groups) > 1).sum())
    whose = "first photos of people with several" if arguments.several else "first photos"
    pairs = people * (people - 1) // 2
    print(f'[calibration]\nmeasured_on = "LFW, {whose}, {pairs:,} pairs of strangers"')
    print("thresholds = [", *thresholds, "]", sep="\n")
    print(f'odds_measured_on = "LFW, {own:,} people with several photos; error on people left out"')
    print("odds = [", *odds, "]", sep="\n")


if __name__ == "__main__":
    main()

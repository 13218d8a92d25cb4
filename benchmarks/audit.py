"""How well an audit finds what is wrong: mistakes made on purpose in PINS and LFW.

Run: ``python benchmarks/audit.py --data DATA`` with ``DATA/pins`` and ``DATA/lfw``. The faces are
encoded once, which takes minutes; ``--cache FOLDER`` keeps them for the next run.
"""

from __future__ import annotations

import argparse
import dataclasses
import resource
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import record

from lookalike.gallery.audit import Audit, audit
from lookalike.gallery.building.choice import choose_face
from lookalike.gallery.records import Columns
from lookalike.pipeline import Analyst
from lookalike.types import Analysis, Person, Photo

BINS = (0.5, 0.7, 0.85, 0.95, 1.0)


@dataclasses.dataclass(frozen=True)
class Spoilt:
    """A gallery with mistakes, and the truth about it."""

    columns: Columns
    shown: np.ndarray
    named: np.ndarray
    pairs: frozenset[frozenset[int]]

    def wrong(self) -> np.ndarray:
        """Return which faces are under the name of somebody else."""
        return self.named[self.columns.groups] != self.shown


def encoded(folder: Path, least: int, cache: Path | None) -> Columns:
    """Return the faces of everybody with enough photos."""
    kept = cache / f"{folder.name}-{least}.npz" if cache else None
    if kept is None or not kept.exists():
        people = [one for one in sorted(folder.iterdir()) if len(list(one.glob("*.jpg"))) >= least]
        paths = [path for person in people for path in sorted(person.glob("*.jpg"))]
        uris, rows = [], []
        for path, seen in zip(paths, Analyst.open().analyze(paths), strict=True):
            if not isinstance(seen, Analysis) or not len(seen):
                continue
            # As a build does: a photo in which it cannot be told whose it is, is left out.
            face = choose_face(seen.image, seen.faces)
            if face is not None:
                uris.append(path.relative_to(folder).as_posix())
                rows.append(seen.embeddings.vectors[face])
        made = {"uris": np.array(uris), "vectors": np.array(rows, np.float32)}
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.savez(kept, **made)
    else:
        with np.load(kept) as stored:
            made = {name: stored[name] for name in ("uris", "vectors")}
    uris = made["uris"].tolist()
    names, groups = np.unique([uri.split("/")[0] for uri in uris], return_inverse=True)
    return Columns(
        tuple(Person.named(str(name).replace("_", " ")) for name in names),
        tuple(Photo(uri, uri) for uri in uris),
        groups.astype(np.int64),
        made["vectors"],
        np.arange(1, len(uris) + 1),
    )


def spoilt(
    columns: Columns, seed: int, *, share: float = 0.05, doubles: int = 10, telling: bool = True,
    guests: int = 0,
) -> Spoilt:  # fmt: skip
    """Make mistakes: swapped labels, second names, and guests who have no name of their own."""
    rng = np.random.default_rng(seed)
    shown, groups, people = columns.groups, columns.groups.copy(), list(columns.people)
    named, order = list(range(len(people))), rng.permutation(len(people))
    away, hosts, split = order[:guests], order[guests : 2 * guests], order[2 * guests :]
    for at, (guest, host) in enumerate(zip(away, hosts, strict=True)):
        mine = np.flatnonzero(shown == guest)
        # Every other guest is under one name as a whole, the others are here and there.
        groups[mine] = host if at % 2 else rng.choice(hosts, len(mine))
    several = [one for one in split if (shown == one).sum() >= 4][:doubles]
    for at, person in enumerate(several):
        mine = rng.permutation(np.flatnonzero(shown == person))
        groups[mine[: len(mine) // 2]] = len(people)
        name = people[person].name
        known = {one.id for one in people}
        second = Person.named(name.split()[0] if telling else f"Nobody {chr(65 + at)}")
        people.append(second if at % 2 and second.id not in known else Person.named(f"{name} 2"))
        named.append(int(person))
    there = np.unique(groups)
    for face in rng.choice(len(groups), round(share * len(groups)), replace=False):
        groups[face] = rng.choice([one for one in there if named[one] != shown[face]])
    kept = np.isin(np.arange(len(people)), groups)
    changed = dataclasses.replace(columns, people=tuple(people), groups=groups).of(kept)
    # `of` sorts nothing, and all faces are kept.
    names = np.array(named)[kept]
    pairs = frozenset(
        frozenset(np.flatnonzero(names == one).tolist())
        for one, count in Counter(names.tolist()).items()
        if count > 1
    )
    return Spoilt(changed, shown, names, pairs)


def judged(case: Spoilt, found: Audit) -> list[tuple[str, float, bool]]:
    """Say of each suggestion whether it is right."""
    position = {person.id: at for at, person in enumerate(case.columns.people)}
    wrong = case.wrong()
    said = []
    for one in found.suggestions:
        faces = np.array(one.faces) - 1
        person = position[one.person]
        if one.action == "merge":
            right = bool(case.named[person] == case.named[position[one.to]])
        elif one.action == "split":
            stay = np.setdiff1d(np.flatnonzero(case.columns.groups == person), faces)
            sides = [Counter(case.shown[side].tolist()).most_common(1)[0] for side in (faces, stay)]
            right = sides[0][0] != sides[1][0] and sides[0][1] > 0.8 * len(faces)
        elif one.action == "relabel":
            # Under a name that two people share, either is at home.
            at_home = case.shown[case.columns.groups == position[one.to]] == case.shown[faces[0]]
            right = bool(wrong[faces[0]] and at_home.mean() > 0.3)
        else:
            right = bool(wrong[faces[0]])
        said.append((one.action, one.confidence, right))
    return said


def acceptance(columns: Columns, seed: int, *, telling: bool) -> dict[str, Any]:
    """Measure one seed: 5 % swapped, ten people under two names."""
    case = spoilt(columns, seed, telling=telling)
    began = time.perf_counter()
    found = audit(case.columns)
    took = time.perf_counter() - began
    said = judged(case, found)
    faces = {"relabel", "drop", "duplicate"}
    wrong = case.wrong()
    questioned = {one.faces[0] - 1 for one in found.suggestions if one.action in faces}
    position = {person.id: at for at, person in enumerate(case.columns.people)}
    merged = {
        frozenset((position[one.person], position[one.to]))
        for one in found.suggestions
        if one.action == "merge"
    }
    moved = [right for action, _, right in said if action == "relabel"]
    return {
        "seed": seed,
        "wrong": int(wrong.sum()),
        "found": round(float(wrong[list(questioned)].sum() / wrong.sum()), 3),
        "precision": round(float(wrong[list(questioned)].mean()), 3),
        "relabelled_rightly": round(sum(moved) / wrong.sum(), 3),
        "pairs": len(merged & case.pairs),
        "false_merges": len(merged - case.pairs),
        "actions": found.counts(),
        "seconds": round(took, 2),
    }


def reliability(galleries: dict[str, Columns]) -> dict[str, Any]:
    """Measure how often suggestions of each confidence are right."""
    said: list[tuple[str, float, bool]] = []
    for columns in galleries.values():
        few = len(columns.people) // 20
        for seed, share in enumerate((0.01, 0.02, 0.05, 0.05, 0.1, 0.15)):
            case = spoilt(
                columns, 50 + seed, share=share, doubles=2 * few, telling=False, guests=few
            )
            said += judged(case, audit(case.columns))
    result: dict[str, Any] = {}
    for action in sorted({one for one, _, _ in said}):
        rows = []
        for low, high in pairwise(BINS):
            inside = [(c, r) for a, c, r in said if a == action and low <= c < high]
            if inside:
                sure, right = np.array(inside, float).T
                rows.append(
                    {"from": low, "count": len(inside), "said": round(sure.mean(), 3),
                     "right": round(right.mean(), 3)}
                )  # fmt: skip
        result[action] = rows
    return result


def clean(columns: Columns) -> dict[str, Any]:
    """List what is suggested where nothing has been changed."""
    found = audit(columns)
    return {
        "faces": found.faces,
        "people": found.people,
        "within": round(found.within, 3),
        "between": round(found.between, 3),
        "suggestions": [
            f"{one.confidence:.2f} {one.action} {columns.photos[one.faces[0] - 1].uri} {one.to}"
            for one in found.suggestions
        ],
    }


def crowd(faces: int, people: int) -> Columns:
    """Make a large gallery of numbers, with distances like those of PINS."""
    rng = np.random.default_rng(0)
    centers = rng.normal(0, 0.042, (people, 128))
    groups = np.sort(rng.integers(people, size=faces))
    groups = np.unique(groups, return_inverse=True)[1]
    vectors = centers[groups] + rng.normal(0, 0.029, (faces, 128)) + 0.08
    return Columns(
        tuple(Person.named(f"Person {at}") for at in range(groups.max() + 1)),
        tuple(Photo(f"{at:064x}", f"{at}.jpg") for at in range(faces)),
        groups.astype(np.int64),
        vectors.astype(np.float32),
        np.arange(1, faces + 1),
    )


def main() -> None:
    """Measure and write ``results/audit.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    pins = encoded(given.data / "pins", 1, given.cache)
    lfw = encoded(given.data / "lfw", 3, given.cache)
    result: dict[str, Any] = {
        "pins": [acceptance(pins, seed, telling=True) for seed in range(10)],
        "pins_names_say_nothing": [acceptance(pins, seed, telling=False) for seed in range(5)],
        "clean": {"pins": clean(pins), "lfw, 3 photos and more": clean(lfw)},
        "reliability": reliability({"pins": pins, "lfw": lfw}),
    }
    times = []
    for people in (3_500, 25_000):
        case = spoilt(crowd(50_000, people), 0)
        began = time.perf_counter()
        found = audit(case.columns)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        times.append(
            {"faces": found.faces, "people": found.people,
             "seconds": round(time.perf_counter() - began, 1), "peak_rss_mb": round(peak / 1024),
             "suggestions": len(found.suggestions)}
        )  # fmt: skip
    record.write("audit", {**result, "large": times})


if __name__ == "__main__":
    main()

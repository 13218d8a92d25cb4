"""Galleries of any size for ``growth.py``: people spread as those of the starter gallery are."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import numpy as np
from search_data import covariances, normal

from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.models.card import card

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

QUERIES = 200
#: Rows that are made and written at a time, so that a million people need little memory.
CHUNK = 50_000


def make(people: int, of: Path, work: Path) -> dict[str, Any]:
    """Write a gallery, its vectors and what is asked; every other person has a second photo."""
    mean, between, within = covariances(of)
    rng = np.random.default_rng(people)
    groups = np.concatenate([np.arange(people), np.arange(0, people, 2)])
    centers = np.empty((people, len(mean)), np.float32)
    for start, stop in _chunks(people):
        centers[start:stop] = mean + normal(rng, stop - start, between)
    vectors = np.lib.format.open_memmap(
        work / "vectors.npy", "w+", np.float32, (len(groups), len(mean))
    )
    for start, stop in _chunks(len(groups)):
        vectors[start:stop] = centers[groups[start:stop]] + normal(rng, stop - start, within)
    known = centers[rng.integers(0, people, QUERIES // 2)]
    strangers = (mean + normal(rng, QUERIES // 2, between)).astype(np.float32)
    asked = np.concatenate([known, strangers]) + normal(rng, QUERIES, within).astype(np.float32)
    np.save(work / "queries.npy", asked[rng.permutation(QUERIES)])
    vectors.flush()
    write(work / "made.gallery", vectors, groups)
    return {"people": people, "photos": len(groups), "dim": len(mean)}


def _chunks(count: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, CHUNK):
        yield start, min(start + CHUNK, count)


def write(path: Path, vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> None:
    """Write a gallery file, by its documented tables: nobody has so many photos at hand."""
    header = Header(card("dlib-resnet-v1").space, "dlib-150", 2)
    GalleryFile.create(path, header).close()
    database = sqlite3.connect(path)
    nothing = json.dumps({})
    with database:
        database.executemany(
            "INSERT INTO people (number, id, name, attributes) VALUES (?, ?, ?, ?)",
            ((at, f"person-{at}", f"Person {at}", nothing) for at in range(int(groups.max()) + 1)),
        )
        for start, stop in _chunks(len(groups)):
            numbers = range(start, stop)
            database.executemany(
                "INSERT INTO photos VALUES (?, ?, 'made', ?, '', '', '', '', ?, 0, 0)",
                ((at, f"{at:064x}", f"{at}.jpg", nothing) for at in numbers),
            )
            database.executemany(
                "INSERT INTO faces (number, photo, person, x1, y1, x2, y2, landmarks, score, "
                "vector) VALUES (?, ?, ?, 0, 0, 1, 1, ?, 1, ?)",
                ((at, at, int(groups[at]), bytes(40), vectors[at].tobytes()) for at in numbers),
            )
    database.close()

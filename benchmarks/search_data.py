"""Vectors for ``search.py``: as many as IMDB-WIKI has photos, spread as measured ones are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns

PHOTOS, PEOPLE, QUERIES = 460_000, 20_000, 500
KEPT = (0.5, 0.05, 0.001)


def make(gallery: Path, work: Path) -> dict[str, object]:
    """Write vectors, queries, filters and the true neighbors; return what they are like.

    A mixture of normal distributions: people scatter about the mean of all as measured people
    do, and photos about their person as measured photos do, both with all correlations. How many
    photos somebody has is log-normal. Half of the queries are new photos of people who are
    there, half are of people who are not.
    """
    columns = _columns(gallery)
    mean, between, within = covariances(gallery)

    rng = np.random.default_rng(0)
    people = mean + normal(rng, PEOPLE + QUERIES, between)
    weights = rng.lognormal(0, 1, PEOPLE)
    counts = rng.multinomial(PHOTOS - PEOPLE, weights / weights.sum()) + 1
    groups = rng.permutation(np.repeat(np.arange(PEOPLE), counts))
    vectors = (people[groups] + normal(rng, PHOTOS, within)).astype(np.float32)
    asked = np.concatenate([rng.integers(0, PEOPLE, QUERIES), PEOPLE + np.arange(QUERIES)])
    queries = (people[asked] + normal(rng, len(asked), within)).astype(np.float32)
    # Taking turns, so that every part of the queries has both.
    queries = queries.reshape(2, QUERIES, -1).swapaxes(0, 1).reshape(2 * QUERIES, -1)
    np.save(work / "vectors.npy", vectors)
    np.save(work / "queries.npy", queries)
    _truth(work, vectors, queries, rng)
    return {
        "photos": PHOTOS,
        "people": PEOPLE,
        "dim": vectors.shape[1],
        "queries": f"{QUERIES} new photos of people who are there, {QUERIES} of people who are not",
        "measured_on": f"{len(columns.people)} people of LFW with three photos or more",
        "variance_within": round(float(np.trace(within)), 4),
        "variance_between": round(float(np.trace(between)), 4),
        "effective_dimensions_within": round(_effective(within), 1),
        "effective_dimensions_between": round(_effective(between), 1),
        "local_dimension_measured": round(_local(columns.vectors, columns.groups), 1),
        "local_dimension_made": round(_local(vectors[:4000], groups[:4000]), 1),
    }


def _columns(gallery: Path) -> Columns:
    from lookalike.gallery.store import GalleryFile

    return GalleryFile(gallery).columns()


def covariances(
    gallery: Path,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean of a gallery's people, and covariances between and within them."""
    columns = _columns(gallery)
    rows, groups = columns.vectors.astype(np.float64), columns.groups
    counts = np.bincount(groups)
    means = np.zeros((len(counts), rows.shape[1]))
    np.add.at(means, groups, rows)
    means /= counts[:, None]
    gaps = rows - means[groups]
    within = gaps.T @ gaps / (len(rows) - len(counts))
    between = np.cov(means.T) - within * (1 / counts).mean()
    return means.mean(axis=0), between, within


def normal(
    rng: np.random.Generator, count: int, covariance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Draw from a normal distribution about zero, shape (count, d)."""
    values, basis = np.linalg.eigh(covariance)
    spread = basis * np.sqrt(np.maximum(values, 1e-6 * values.max()))
    return np.asarray(rng.normal(size=(count, len(values))) @ spread.T)


def _effective(covariance: NDArray[np.float64]) -> float:
    """Return the participation ratio: how many directions of equal variance it is worth."""
    return float(np.trace(covariance) ** 2 / np.trace(covariance @ covariance))


def _local(rows: NDArray[np.floating], groups: NDArray[np.int64]) -> float:
    """Return Levina and Bickel's local dimension, over the 100 nearest photos of others."""
    x = rows.astype(np.float64)
    squares = (x**2).sum(axis=1)
    squared = np.maximum(squares[:, None] + squares - 2 * x @ x.T, 1e-12)
    squared[groups[:, None] == groups] = np.inf
    near = np.sqrt(np.sort(squared, axis=1)[:, :100])
    return float(np.median(1 / np.log(near[:, -1:] / near[:, :-1]).mean(axis=1)))


def _truth(
    work: Path,
    vectors: NDArray[np.float32],
    queries: NDArray[np.float32],
    rng: np.random.Generator,
) -> None:
    """Write the ten nearest of every query, of all rows and of those that filters keep."""
    from lookalike.search.exact import ExactIndex
    from lookalike.search.metrics import Euclidean

    index = ExactIndex(vectors, Euclidean())
    np.save(work / "truth-1.npy", index.search(queries, 10).rows)
    draws = rng.random(len(vectors))
    for kept in KEPT:
        np.save(work / f"mask-{kept}.npy", draws < kept)
        np.save(work / f"truth-{kept}.npy", index.search(queries[:100], 10, draws < kept).rows)
    for query, found in zip(queries[:20], np.load(work / "truth-1.npy"), strict=False):
        squared = ((vectors.astype(np.float64) - query) ** 2).sum(axis=1)
        if (np.argsort(squared, kind="stable")[:10] != found).any():
            raise SystemExit("the exact index is not exact")

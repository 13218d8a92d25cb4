"""Every photo of a gallery with every other: many millions of pairs in bounded memory.

In blocks, twice. First the distances of strangers are counted in a fine histogram, which says below
which distance the nearest few millions are; then those, and all pairs of one person, are listed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike import __version__
from lookalike.errors import EvaluationError
from lookalike.evaluation.beyond import Beyond
from lookalike.evaluation.cast import Cast
from lookalike.evaluation.scores import Origin, Scores, Setting
from lookalike.search.threads import blas_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns, Header
    from lookalike.protocols import Metric

#: Pairs of strangers that are listed one by one.
LISTED: Final = 5_000_000

#: Photos whose distances to all others are held at one time.
_BLOCK: Final = 256

_BINS: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class PairOptions:
    """How all pairs are measured.

    Parameters
    ----------
    data : str, default "gallery"
        How the gallery is called.
    listed : int, default 5_000_000
        How many pairs of strangers are listed at most, the nearest; the others are counted.
    """

    data: str = "gallery"
    listed: int = LISTED


def measure_pairs(
    columns: Columns,
    header: Header,
    metric: Metric,
    options: PairOptions | None = None,
    on_block: Callable[[], None] = lambda: None,
) -> Scores:
    """Measure every pair of photos of a gallery.

    Parameters
    ----------
    columns : Columns
        The gallery.
    header : Header
        What it is.
    metric : Metric
        The distance. One that was fitted on these people would flatter itself.
    options : PairOptions, optional
        How.
    on_block : callable, optional
        Called `blocks` times, for a progress bar.

    Returns
    -------
    Scores
        Raw distances.

    Raises
    ------
    EvaluationError
        If there are no two photos of one person, or no two people.
    """
    options = options or PairOptions()
    cast = Cast.of(columns)
    counts = cast.counts
    if len(counts) < 2 or counts.max(initial=0) < 2:
        raise EvaluationError(
            "pairs of one person and pairs of two people are needed",
            "use a gallery with several photos of at least one of its people",
        )
    every = _Blocks(columns, metric)
    with blas_threads(1):
        histogram, edges = _counted(every, on_block)
        last = int(np.searchsorted(np.cumsum(histogram), options.listed, side="right"))
        rows, distances = _listed(every, float(edges[last]), on_block)
    same = columns.groups[rows[:, 0]] == columns.groups[rows[:, 1]]
    left = histogram[last:]
    beyond = Beyond(edges[last:], left) if left.any() else None
    setting = Setting(options.data, "", header.space.encoder, header.views, metric.name)
    chosen = {"pairs": "all", "listed": options.listed, "template": header.template}
    origin = Origin(header.space.digest, digest_of(columns), __version__, chosen)
    folds = np.full(len(rows), -1, np.int64)
    measured = (distances, same, folds, len(cast.photos), (), 0.0, rows)
    return Scores(setting, *measured, cast, beyond, origin)


def blocks(faces: int) -> int:
    """Return how often `measure_pairs` says that it is going on.

    Parameters
    ----------
    faces : int
        How many photos there are.

    Returns
    -------
    int
        Twice the number of blocks.
    """
    return 2 * -(-faces // _BLOCK)


def digest_of(columns: Columns) -> str:
    """Return SHA-256 of a gallery's photos and of whom they are filed under.

    Parameters
    ----------
    columns : Columns
        The gallery.

    Returns
    -------
    str
        Hexadecimal; the same for the same photos in the same order.
    """
    digest = hashlib.sha256()
    for photo, group in zip(columns.photos, columns.groups, strict=True):
        digest.update(f"{columns.people[group].id}\t{photo.id}\n".encode())
    return digest.hexdigest()


class _Blocks:
    """Distances block by block: each photo with those behind it."""

    def __init__(self, columns: Columns, metric: Metric) -> None:
        self._rows = metric.project(columns.vectors).astype(np.float64)
        self._squares = np.einsum("nd,nd->n", self._rows, self._rows)
        self._groups = columns.groups
        self._metric = metric

    def __iter__(self) -> Iterator[tuple[int, NDArray[np.float64], NDArray[np.bool_], Any]]:
        """Give the first row, distances (m, n), which are of one person, and which count."""
        size = len(self._rows)
        for start in range(0, size, _BLOCK):
            stop = min(start + _BLOCK, size)
            squared = self._squares[start:stop, None] + self._squares[None, start:]
            squared -= 2 * self._rows[start:stop] @ self._rows[start:].T
            distances = self._metric.distances(squared).astype(np.float64)
            same = self._groups[start:stop, None] == self._groups[None, start:]
            behind = np.arange(start, size)[None] > np.arange(start, stop)[:, None]
            yield start, distances, same, behind

    def farthest(self) -> float:
        """Return a distance that none is beyond."""
        return float(self._metric.distances(np.array([4 * self._squares.max(initial=0)]))[0])


def _counted(
    every: _Blocks, on_block: Callable[[], None]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count the distances of strangers."""
    top = every.farthest() * (1 + 1e-6) + 1e-9
    edges = np.linspace(0.0, top, _BINS + 1)
    histogram = np.zeros(_BINS, np.int64)
    for _, distances, same, behind in every:
        of = distances[behind & ~same]
        # The bin whose lower edge is at most the distance: what `_listed` compares with.
        places = np.searchsorted(edges, of, side="right") - 1
        histogram += np.bincount(places, minlength=_BINS)
        on_block()
    return histogram, edges


def _listed(
    every: _Blocks, limit: float, on_block: Callable[[], None]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """List the pairs of one person, and those of strangers below a distance."""
    rows: list[NDArray[np.int32]] = []
    found: list[NDArray[np.float64]] = []
    for start, distances, same, behind in every:
        one, other = np.nonzero(behind & (same | (distances < limit)))
        rows.append(np.stack([one + start, other + start], axis=1).astype(np.int32))
        found.append(distances[one, other])
        on_block()
    return np.concatenate(rows), np.concatenate(found)

"""Letting every photo of a gallery ask who it is, without being there itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike import __version__
from lookalike.errors import EvaluationError, OptionError
from lookalike.evaluation.all_pairs import digest_of
from lookalike.evaluation.asked import KEPT, Answers, Asked
from lookalike.evaluation.cast import Cast
from lookalike.evaluation.scores import Origin, Setting
from lookalike.evaluation.ways import FITS, TURNS, Faces, blocks, distances_to_people
from lookalike.registry import load, names
from lookalike.search.threads import blas_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns, Header

#: All ways to say how far somebody is.
RANKS: Final = ("nearest", "mean", "centroid")

#: Second photos of people, from which on a fitted metric is worth a try even without some people.
_LEAST_FREEDOM: Final = 20


@dataclass(frozen=True, slots=True)
class Way:
    """A metric, and a way to rank people by it.

    Parameters
    ----------
    metric : str
        A name of the registry.
    rank : {"nearest", "mean", "centroid"}
        How far somebody is; a model of each person has its own way, ``"model"``.

    Raises
    ------
    OptionError
        If there is no such ranking.
    """

    metric: str
    rank: str = "nearest"

    def __post_init__(self) -> None:
        """Check the name."""
        if self.rank not in (*RANKS, "model"):
            raise OptionError(
                f"there is no ranking named {self.rank!r}", f"known: {', '.join(RANKS)}"
            )


def ways(metrics: Sequence[str], ranks: Sequence[str]) -> tuple[Way, ...]:
    """Return every metric with every ranking.

    Parameters
    ----------
    metrics, ranks : sequence of str
        Their names.

    Returns
    -------
    tuple of Way
        A metric that judges by a model of each person comes once.

    Raises
    ------
    UnknownName
        If there is no such metric.
    OptionError
        If there is no such ranking.
    """
    found: list[Way] = []
    for metric in dict.fromkeys(metrics):
        if metric in names("person-model"):
            found.append(Way(metric, "model"))
        else:
            load("metric", metric)
            found += [Way(metric, rank) for rank in dict.fromkeys(ranks)]
    return tuple(found)


def measure_asked(
    columns: Columns,
    header: Header,
    wanted: Sequence[Way],
    *,
    data: str = "gallery",
    on_block: Callable[[], None] = lambda: None,
) -> Asked:
    """Let every photo ask who it is, without being there itself.

    Parameters
    ----------
    columns : Columns
        The gallery.
    header : Header
        What it is.
    wanted : sequence of Way
        By which metrics and rankings; what is compared with the first one is kept, too.
    data : str, default "gallery"
        How the gallery is called.
    on_block : callable, optional
        Called about `steps` times, for a progress bar.

    Returns
    -------
    Asked
        Raw scores.

    Raises
    ------
    EvaluationError
        If there are fewer than two people, or nobody has two photos.
    OptionError
        If a metric cannot be fitted on these people.
    """
    counts = columns.counts
    if len(counts) < 2 or counts.max(initial=0) < 2:
        raise EvaluationError(
            "nobody can be found without the asking photo",
            "use a gallery of two people or more, of whom some have several photos",
        )
    faces, order = Faces.of(columns)
    collected: dict[Way, _Collected] = {}
    kept = min(KEPT, len(counts))
    for way in wanted:
        first = next(iter(collected.values())).top if collected else None
        collected[way] = _Collected(len(order), kept, first)
    for metric in dict.fromkeys(way.metric for way in wanted):
        ranks = [way.rank for way in wanted if way.metric == metric]
        # A product of so few rows is quicker on one thread, above all where others work.
        with blas_threads(1):
            for rank, rows, distances in distances_to_people(faces, metric, ranks):
                collected[Way(metric, rank)].add(rows, distances, faces.groups[rows])
                on_block()
    answers = tuple(one.answers(way, order) for way, one in collected.items())
    setting = Setting(data, "", header.space.encoder, header.views, "")
    options = {"template": header.template, "fits": FITS, "turns": TURNS}
    origin = Origin(header.space.digest, digest_of(columns), __version__, options)
    return Asked(setting, Cast.of(columns), answers, origin)


def usual_metrics(columns: Columns) -> tuple[str, ...]:
    """Return the metrics that are compared if none is named.

    Parameters
    ----------
    columns : Columns
        The gallery.

    Returns
    -------
    tuple of str
        Without those that must be fitted where hardly anybody has several photos.
    """
    several = columns.counts > 1
    fitting = int(columns.counts[several].sum() - several.sum()) > _LEAST_FREEDOM
    return ("euclidean", "cosine", *(("mahalanobis", "mahalanobis-person") if fitting else ()))


def steps(columns: Columns, wanted: Sequence[Way]) -> int:
    """Return about how often `measure_asked` says that it is going on.

    Parameters
    ----------
    columns : Columns
        The gallery.
    wanted : sequence of Way
        By which metrics and rankings.

    Returns
    -------
    int
        For a progress bar.
    """
    return blocks(Faces.of(columns)[0]) * len(wanted)


class _Collected:
    """Answers as they come in, in the order of the sorted photos."""

    def __init__(self, photos: int, kept: int, first: NDArray[np.int32] | None) -> None:
        self._first = first
        self.own = np.full(photos, np.inf, np.float32)
        self.other = np.full(photos, np.inf, np.float32)
        self.place = np.zeros(photos, np.int32)
        self.top = np.full((photos, kept), -1, np.int32)
        self.distances = np.full((photos, kept), np.inf, np.float32)
        self.of_first = np.full((photos, kept), np.inf, np.float32)

    def add(
        self, rows: NDArray[np.int64], distances: NDArray[np.float32], groups: NDArray[np.int64]
    ) -> None:
        """Take the distances (m, p) of some photos to everybody."""
        each = np.arange(len(rows))
        own = distances[each, groups]
        others = distances.copy()
        others[each, groups] = np.inf
        self.own[rows] = own
        self.other[rows] = others.min(axis=1)
        before = (others <= own[:, None]).sum(axis=1)
        self.place[rows] = np.where(np.isfinite(own), before + 1, 0)
        top, values = _nearest(distances, self.top.shape[1])
        self.top[rows] = np.where(np.isfinite(values), top, -1)
        self.distances[rows] = values
        asked = self.top[rows] if self._first is None else self._first[rows]
        found = np.take_along_axis(distances, np.maximum(asked, 0), axis=1)
        self.of_first[rows] = np.where(asked >= 0, found, np.inf)

    def answers(self, way: Way, order: NDArray[np.int64]) -> Answers:
        """Return them in the order of the gallery."""
        back = np.argsort(order)
        return Answers(
            way.metric, way.rank, self.own[back], self.other[back], self.place[back],
            self.top[back], self.distances[back], self.of_first[back],
        )  # fmt: skip


def _nearest(
    distances: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the k nearest people of each row, among equals the earlier."""
    few = np.sort(np.argpartition(distances, k - 1, axis=1)[:, :k], axis=1)
    values = np.take_along_axis(distances, few, axis=1)
    ranked = np.argsort(values, axis=1, kind="stable")
    return np.take_along_axis(few, ranked, axis=1), np.take_along_axis(values, ranked, axis=1)

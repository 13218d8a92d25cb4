"""What is made of a gallery to answer with, each at the first question that needs it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from lookalike.errors import OptionError
from lookalike.gallery.asking import people_search, ranking
from lookalike.gallery.asking.fairness import closeness, reordered
from lookalike.gallery.asking.probe import learn_probe
from lookalike.gallery.asking.selection import WELL_KNOWN
from lookalike.registry import load, names
from lookalike.search.kept import Rows, open_index
from lookalike.search.kept_covariance import kept_covariance
from lookalike.search.mahalanobis import PersonMahalanobis, PooledMahalanobis
from lookalike.search.making import make_index

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lookalike.gallery.asking.people_search import Pool
    from lookalike.gallery.asking.probe import Probe
    from lookalike.gallery.asking.ranking import FindOptions, Ranked
    from lookalike.gallery.asking.selection import Selection, Selections
    from lookalike.gallery.records import Columns
    from lookalike.gallery.seam import Store
    from lookalike.protocols import Index, Metric

#: A fair ranking looks at so many times more people than it names, and at so many at least.
_WIDER: Final = 10
_LEAST_WIDE: Final = 100

#: How many conditions are kept that a database was asked about.
_CONDITIONS_KEPT: Final = 32


@runtime_checkable
class Narrowed(Protocol):
    """An index that knows by itself of whom a condition holds."""

    def among(self, where: str) -> Index:
        """Return an index over the same rows that finds only those people."""
        ...


class Made:
    """Metrics, indexes and the like of one gallery. Safe to share between threads.

    Parameters
    ----------
    file : Store
        The gallery. Indexes that take long to build are kept beside it, in ``NAME.index``.
    selections : Selections
        Of it.
    """

    def __init__(self, file: Store, selections: Selections) -> None:
        self._file = file
        self._folder = file.index_folder
        self._selections = selections
        self._lock = threading.RLock()
        self._metrics: dict[str, Metric] = {}
        self._probes: dict[str, Probe] = {}
        self._narrowed: dict[tuple[str, bool, str], Index] = {}

    def _selection(self, options: FindOptions) -> Selection:
        # A condition has no index of its own: it chooses rows of the one over everybody.
        return self._selections.get(everyone=options.everyone)

    def metric(self, name: str) -> Metric:
        """Return a metric, fitted where it must be.

        Parameters
        ----------
        name : str
            A name of the registry.

        Returns
        -------
        Metric
            Ready to measure with.

        Raises
        ------
        UnknownName
            If there is none of that name.
        OptionError
            If it cannot be fitted on this gallery.
        """
        with self._lock:
            if name not in self._metrics:
                kind: type[Metric] = load("metric", name)
                if issubclass(kind, PooledMahalanobis):
                    # Everybody helps to say how photos of one person differ, ranked or not.
                    everybody = self._selections.get(everyone=True).columns
                    rows = self._rows(everybody, "everyone")
                    self._metrics[name] = kind(
                        kept_covariance(rows, everybody.groups, self._folder)
                    )
                else:
                    self._metrics[name] = kind()
            return self._metrics[name]

    def index(self, options: FindOptions) -> Index:
        """Return the index that answers a question.

        Parameters
        ----------
        options : FindOptions
            The question.

        Returns
        -------
        Index
            Over photos, or over people where the metric or the ranking judges those.
        """
        over = "people" if options.rank == "centroid" else "photos"
        selection, key = self._selection(options), (options.metric, over)
        with self._lock:
            if key not in selection.indexes:
                columns = selection.columns
                if options.metric in names("person-model"):
                    made: Index = PersonMahalanobis.fit(columns.vectors, columns.groups)
                elif over == "people":
                    means = ranking.centroids(columns.vectors, columns.groups)
                    made = make_index(means, self.metric(options.metric))
                else:
                    made = self._over_photos(columns, options)
                selection.indexes[key] = made
            return selection.indexes[key]

    def _over_photos(self, columns: Columns, options: FindOptions) -> Index:
        """Return the index over photos: the database's own, or one from its file if it is kept."""
        if getattr(self._file.place, "index", "memory") == "pgvector":
            from lookalike.gallery.server.index import METRICS, PgvectorIndex

            if options.metric in METRICS:
                metric = self.metric(options.metric)
                everybody = self._selections.get(everyone=True).columns
                where = "" if columns is everybody else f"{WELL_KNOWN} = true"
                return PgvectorIndex.over(self._file, columns.numbers, metric, where)
        rows = self._rows(columns, "everyone" if options.everyone else "known")
        return open_index(rows, self.metric(options.metric), folder=self._folder).index

    def _rows(self, columns: Columns, view: str) -> Rows:
        space, generation = self._file.header.space.digest, self._file.generation
        return Rows(columns.vectors, columns.numbers, space, view, generation)

    def ranked(self, vectors: NDArray[np.float32], options: FindOptions) -> list[list[Ranked]]:
        """Rank the people who are nearest to some vectors.

        Parameters
        ----------
        vectors : ndarray of shape (m, d), float32
            Raw rows.
        options : FindOptions
            The question.

        Returns
        -------
        list of list of Ranked
            For each vector `options.k` people, or all if there are fewer; nearest first, unless
            a fair ranking was asked for.

        Raises
        ------
        OptionError
            If the metric cannot be fitted on this gallery, or has no fair ranking.
        """
        pool = self._selections.pool(everyone=options.everyone, where=options.where)
        k = min(options.k, pool.among)
        if not options.fair or not k:
            return self._nearest(vectors, options, pool, k)
        wider = min(max(_WIDER * k, _LEAST_WIDE), pool.among)
        near = self.near(options)
        return [reordered(one, near, k) for one in self._nearest(vectors, options, pool, wider)]

    def _nearest(
        self, vectors: NDArray[np.float32], options: FindOptions, pool: Pool, k: int
    ) -> list[list[Ranked]]:
        if not k:
            return [[] for _ in vectors]
        index = self.index(options)
        if options.where and isinstance(index, Narrowed):
            index, pool = self._among(index, options), replace(pool, photos=None)
        if options.metric in names("person-model") or options.rank == "centroid":
            firsts = self._selection(options).firsts
            return people_search.direct_people(index, vectors, pool, k, firsts)
        if options.rank == "mean":
            return people_search.mean_people(index, vectors, pool, k)
        return people_search.nearest_people(index, vectors, pool, k)

    def _among(self, index: Narrowed, options: FindOptions) -> Index:
        """Return an index whose database knows a condition."""
        key = (options.metric, options.everyone, options.where)
        with self._lock:
            if key not in self._narrowed:
                for old in list(self._narrowed)[: 1 - _CONDITIONS_KEPT]:
                    del self._narrowed[old]
                self._narrowed[key] = index.among(options.where)
            return self._narrowed[key]

    def near(self, options: FindOptions) -> NDArray[np.float64]:
        """Return how near strangers come to everybody who is ranked.

        Parameters
        ----------
        options : FindOptions
            The question.

        Returns
        -------
        ndarray of shape (p,), float64
            See `lookalike.gallery.asking.fairness.closeness`.

        Raises
        ------
        OptionError
            If the metric judges by a model of each person.
        """
        selection, key = self._selection(options), (options.metric, options.rank)
        with self._lock:
            if key not in selection.near:
                if options.metric in names("person-model"):
                    raise OptionError(f"there is no fair ranking by {options.metric}")
                everybody = self._selections.get(everyone=True).columns
                measure = self.metric(options.metric)
                near = closeness(selection.columns, everybody, measure, options.rank)
                selection.near[key] = near
            return selection.near[key]

    def probe(self, attribute: str) -> Probe:
        """Return what guesses an attribute of a visitor.

        Parameters
        ----------
        attribute : str
            The attribute.

        Returns
        -------
        Probe
            Learned from everybody of whom it is known.

        Raises
        ------
        OptionError
            If it is known of too few people.
        """
        with self._lock:
            if attribute not in self._probes:
                everybody = self._selections.get(everyone=True).columns
                self._probes[attribute] = learn_probe(everybody, attribute)
            return self._probes[attribute]

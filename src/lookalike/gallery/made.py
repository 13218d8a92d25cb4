"""What is made of a gallery to answer with, each at the first question that needs it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from lookalike.errors import OptionError
from lookalike.gallery import ranking
from lookalike.gallery.fairness import closeness
from lookalike.gallery.probe import learn_probe
from lookalike.registry import load, names
from lookalike.search.kept import Rows, open_index
from lookalike.search.mahalanobis import PersonMahalanobis, PooledMahalanobis
from lookalike.search.making import make_index

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lookalike.gallery.probe import Probe
    from lookalike.gallery.ranking import FindOptions
    from lookalike.gallery.records import Columns
    from lookalike.gallery.selection import Selection, Selections
    from lookalike.gallery.store import GalleryFile
    from lookalike.protocols import Index, Metric


class Made:
    """Metrics, indexes and the like of one gallery. Safe to share between threads.

    Parameters
    ----------
    file : GalleryFile
        The gallery. Indexes that take long to build are kept beside it, in ``NAME.index``.
    selections : Selections
        Of it.
    """

    def __init__(self, file: GalleryFile, selections: Selections) -> None:
        self._file = file
        self._selections = selections
        self._lock = threading.RLock()
        self._metrics: dict[str, Metric] = {}
        self._probes: dict[str, Probe] = {}

    def _selection(self, options: FindOptions) -> Selection:
        return self._selections.get(everyone=options.everyone, where=options.where)

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
                    self._metrics[name] = kind.fit(everybody.vectors, everybody.groups)
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
        """Return the index over photos, from its file where one is kept."""
        path = self._file.path
        rows = Rows(
            columns.vectors,
            columns.numbers,
            self._file.header.space.digest,
            "everyone" if options.everyone else "known",
            self._file.generation,
        )
        # A condition is asked once or twice: its index is not worth a file.
        folder = None if options.where else path.with_name(f"{path.name}.index")
        return open_index(rows, self.metric(options.metric), folder=folder).index

    def near(self, options: FindOptions) -> NDArray[np.float64]:
        """Return how near strangers come to everybody who is ranked.

        Parameters
        ----------
        options : FindOptions
            The question.

        Returns
        -------
        ndarray of shape (p,), float64
            See `lookalike.gallery.fairness.closeness`.

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

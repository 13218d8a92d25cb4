"""Searching within the database, over its graph of vectors."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import Float, Integer, bindparam, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from lookalike.gallery.server.predicates import predicate
from lookalike.gallery.storage import schema
from lookalike.gallery.where import parse
from lookalike.search.options import checked_filter, checked_queries
from lookalike.types import Neighbors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from lookalike.gallery.seam import Store
    from lookalike.protocols import Metric
    from lookalike.search.options import Filter

#: The metrics whose order is that of the graph.
METRICS: Final = ("euclidean", "sqeuclidean")

#: Candidates that are kept while the graph is walked: more find more, and take longer.
CANDIDATES: Final = 200
_MOST_CANDIDATES: Final = 1000

#: As many are kept at least under a condition, which takes no longer: most of them do not pass.
_CANDIDATES_OF_SOME: Final = 400

#: Faces that are looked at before a filter is answered by comparing all that it lets through.
_MOST_LOOKED_AT: Final = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class PgvectorIndex:
    """The graph of a server's gallery. Safe to share between threads.

    Parameters
    ----------
    store : Store
        A `GalleryServer`.
    numbers : ndarray of shape (n,), int64
        The number in the gallery of each row, ascending.
    metric : Metric
        One of `METRICS`.
    people : list of int, optional
        Numbers of the people who may be found; default all. See `among`.
    barred : list of int, optional
        Numbers of faces of theirs that the database would find and that are no row.
    candidates : int, default 200
        That are kept while the graph is walked.
    """

    store: Store
    numbers: NDArray[np.int64]
    metric: Metric
    people: list[int] | None = None
    barred: list[int] = field(default_factory=list)
    candidates: int = CANDIDATES

    @classmethod
    def over(
        cls, store: Store, numbers: NDArray[np.int64], metric: Metric, where: str = ""
    ) -> PgvectorIndex:
        """Make the index over some of a gallery's faces.

        Parameters
        ----------
        store : Store
            A `GalleryServer`.
        numbers : ndarray of shape (n,), int64
            The number of each row, ascending.
        metric : Metric
            One of `METRICS`.
        where : str, default ""
            What holds of the people whose faces these are, and of nobody else.

        Returns
        -------
        PgvectorIndex
            What the database knows beside these rows is barred.
        """
        face = schema.faces.c
        made = cls(store, numbers, metric)
        made = made.among(where) if where else made
        shown = select(face.number).where(face.hidden == 0)
        if made.people is not None:
            shown = shown.where(face.person.in_(made.people))
        with store.reading() as connection:
            there = np.array(connection.execute(shown).scalars().all(), np.int64)
        return replace(made, barred=np.setdiff1d(there, numbers).tolist())

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.numbers)

    def among(self, where: str) -> PgvectorIndex:
        """Return an index over the same rows that finds only some people.

        Parameters
        ----------
        where : str
            What must hold of them, see `lookalike.gallery.where`.

        Returns
        -------
        PgvectorIndex
            The database has said who they are.

        Raises
        ------
        OptionError
            If the condition is none.
        """
        query = select(schema.people.c.number).where(predicate(parse(where)))
        with self.store.reading() as connection:
            people = set(connection.execute(query).scalars())
        kept = people if self.people is None else people.intersection(self.people)
        candidates = max(self.candidates, _CANDIDATES_OF_SOME)
        return replace(self, people=sorted(kept), candidates=candidates)

    def search(self, queries: NDArray[np.float32], k: int, rows: Filter | None = None) -> Neighbors:
        """Return the nearest rows, nearest first.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Raw rows.
        k : int
            How many.
        rows : ndarray of shape (n,), bool, or ndarray of shape (r,), int64, optional
            Only these.

        Returns
        -------
        Neighbors
            Padded where fewer rows may be found. A graph may miss one.

        Raises
        ------
        ArrayError
            If something has the wrong shape or is not finite.
        GalleryError
            If the server cannot be asked.
        """
        asked = checked_queries(queries, self.store.header.space.dim)
        chosen = checked_filter(rows, len(self.numbers))
        allowed = self.numbers if chosen is None else self.numbers[chosen]
        found = np.full((len(asked), k), -1, np.int64)
        squared = np.full((len(asked), k), np.inf, np.float32)
        with self.store.reading() as connection:
            _set_out(connection, self._kept(k))
            for at, query in enumerate(asked):
                self._one(connection, query, allowed, found[at], squared[at])
        distances = np.where(found < 0, np.inf, self.metric.distances(squared))
        return Neighbors(found, distances.astype(np.float32))

    def _kept(self, k: int) -> int:
        return int(min(max(self.candidates, k), _MOST_CANDIDATES))

    def _one(
        self,
        connection: Connection,
        query: NDArray[np.float32],
        allowed: NDArray[np.int64],
        found: NDArray[np.int64],
        squared: NDArray[np.float32],
    ) -> None:
        """Answer one query into a row of the answer."""
        k = len(found)
        wanted: dict[str, Any] = {"query": query, "k": k}
        face = schema.faces.c
        statement = _NEAREST
        if len(allowed) < len(self.numbers):
            statement = statement.where(face.number == func.any(bindparam("allowed", type_=_LIST)))
            wanted["allowed"] = allowed.tolist()
        if self.barred:
            statement = statement.where(face.number != func.all(bindparam("barred", type_=_LIST)))
            wanted["barred"] = self.barred
        if self.people is not None:
            statement = statement.where(face.person == func.any(bindparam("people", type_=_LIST)))
            wanted["people"] = self.people
        answer = connection.execute(statement, wanted).all()
        if len(answer) < k:
            # The graph has been walked as far as it may be: whoever is left is compared one by one.
            connection.execute(text("SET LOCAL enable_indexscan = off"))
            answer = connection.execute(statement, wanted).all()
            connection.execute(text("SET LOCAL enable_indexscan = on"))
        numbers = np.array([row.number for row in answer], np.int64)
        places = np.searchsorted(self.numbers, numbers)
        # Who was added since these rows were read is not among them.
        there = places < len(self.numbers)
        there[there] = self.numbers[places[there]] == numbers[there]
        distances = np.array([row.distance for row in answer], np.float64)[there]
        found[: len(distances)] = places[there]
        squared[: len(distances)] = distances**2


_LIST: Final = ARRAY(Integer)
_DISTANCE: Final[Any] = schema.faces.c.vector.op("<->", return_type=Float())(
    bindparam("query", type_=schema.faces.c.vector.type)
).label("distance")
_NEAREST: Final = (
    select(schema.faces.c.number, _DISTANCE)
    .where(schema.faces.c.hidden == 0)
    .order_by(literal_column("distance"))
    .limit(bindparam("k", type_=Integer))
)


def _set_out(connection: Connection, kept: int) -> None:
    """Say how the graph is walked, for this transaction."""
    settings = {
        "hnsw.ef_search": str(kept),
        # A filter is answered by walking on until enough rows have passed it.
        "hnsw.iterative_scan": "strict_order",
        "hnsw.max_scan_tuples": str(_MOST_LOOKED_AT),
        # A list that is part of the plan is looked up by hashing.
        "plan_cache_mode": "force_custom_plan",
    }
    for name, value in settings.items():
        connection.execute(select(func.set_config(name, value, True)))  # noqa: FBT003

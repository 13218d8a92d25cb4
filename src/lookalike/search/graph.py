"""A graph of neighbors that is walked toward the query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lookalike.search.coded import Coded
from lookalike.search.components import Components
from lookalike.search.exact import scan_over
from lookalike.search.faiss_library import faiss
from lookalike.search.metric_index import LEAST_ROWS, MetricIndex
from lookalike.search.threads import faiss_threads, threads_for

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lookalike.protocols import Metric
    from lookalike.search.options import Bits
    from lookalike.search.scan import Scan

#: Neighbors of each row on the way down; twice as many on the ground.
_DEGREE: Final = 32

#: Rows that are kept in sight while the graph is made, and while it is walked.
_BUILD_WIDTH: Final = 80
_WIDTH: Final = 384

#: The part of the variance that 8-bit codes keep, and the most components for it.
_SHARE: Final = 0.97
_MOST: Final = 128


class Graph(Coded):
    """Nearest rows by walking from neighbor to neighbor; distances are those of the rows.

    Parameters
    ----------
    scan : Scan
        Over the rows.
    codes : faiss.IndexHNSW
        Over codes of the rows' first components.
    components : Components
        The directions of the codes.

    References
    ----------
    Malkov, Yashunin, "Efficient and Robust Approximate Nearest Neighbor Search Using
    Hierarchical Navigable Small World Graphs", IEEE Transactions on Pattern Analysis and Machine
    Intelligence, 2020.
    """

    name = "graph"

    @classmethod
    def build(cls, scan: Scan, bits: Bits = 8) -> Graph | None:
        """Connect the rows.

        Parameters
        ----------
        scan : Scan
            Over the rows.
        bits : {8, 32}, default 8
            Of each component in a code.

        Returns
        -------
        Graph or None
            None if the rows are so few that there is nothing to gain.
        """
        if len(scan) < LEAST_ROWS:
            return None
        components = Components.fit(scan.rows, 1.0 if bits == 32 else _SHARE, _MOST)
        turned = components.of(scan.rows)
        codes = "Flat" if bits == 32 else "SQ8"
        graph = faiss().index_factory(turned.shape[1], f"HNSW{_DEGREE}_{codes}")
        graph.hnsw.efConstruction = _BUILD_WIDTH
        with faiss_threads(threads_for(len(scan), scan.threads)):
            graph.train(turned)
            graph.add(turned)
        return cls(scan, graph, components)

    def _candidates(self, k: int) -> int:
        return 3 * k + 70

    def _parameters(self, count: int) -> Any:
        return faiss().SearchParametersHNSW(efSearch=max(_WIDTH, 2 * count))


class HnswIndex(MetricIndex):
    """Search along a graph of neighbors. Safe to share between threads.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    metric : Metric
        The distance.
    bits : {8, 32}, default 8
        Of each number that is looked at to find candidates.
    threads : int, optional
        Of one search; default 1, and all cores for large batches.

    Raises
    ------
    ArrayError
        If something is not finite.

    Notes
    -----
    A neighbor may be missed; what is found has its exact distance. See `Graph`.
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        metric: Metric,
        bits: Bits = 8,
        threads: int | None = None,
    ) -> None:
        scan = scan_over(vectors, metric, threads)
        super().__init__(metric, scan, Graph.build(scan, bits), vectors.shape[1])

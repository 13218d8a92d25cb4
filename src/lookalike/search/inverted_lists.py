"""Cells of space: only the rows in cells near a query are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.search.coded import Coded
from lookalike.search.components import Components, some
from lookalike.search.exact import scan_over
from lookalike.search.faiss_library import faiss
from lookalike.search.metric_index import LEAST_ROWS, MetricIndex
from lookalike.search.threads import faiss_threads, threads_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.protocols import Metric
    from lookalike.search.options import Bits
    from lookalike.search.scan import Scan

#: The part of the variance that codes keep, and the most components for it.
_SHARE: Final = 0.9
_MOST: Final = 128

#: The part of all cells that is looked at; more of them as long as they hold no more rows than
#: this.
_PROBED: Final = 0.18
_PROBED_ROWS: Final = 80_000

#: FAISS's way through the lists that is quickest for one query at a time.
_ONE_BY_ONE: Final = 11

#: Rows for each cell that the cells are found from, and rounds of k-means.
_TRAINING: Final = 100
_ROUNDS: Final = 16


class InvertedLists(Coded):
    """Nearest rows by way of cells and short codes; distances are those of the rows themselves.

    Parameters
    ----------
    scan : Scan
        Over the rows.
    codes : faiss.IndexIVF
        Codes of the rows' first components, by cell.
    components : Components
        The directions of the codes.

    Notes
    -----
    With 4 bits, each component is one of 16 values, and the distances from a query to these 16
    lie in a register of the processor, where 32 rows are looked up at once. Nearly a fifth of all
    cells is looked at, and more where rows are few, so that hardly a neighbor behind the border
    of a cell is missed; candidates are many times more than asked for, and are measured.

    References
    ----------
    Jégou, Douze, Schmid, "Product Quantization for Nearest Neighbor Search", IEEE Transactions
    on Pattern Analysis and Machine Intelligence, 2011.
    André, Kermarrec, Le Scouarnec, "Cache Locality Is Not Enough: High-Performance Nearest
    Neighbor Search with Product Quantization Fast Scan", VLDB, 2015.
    """

    name = "lists"

    def __init__(self, scan: Scan, codes: Any, components: Components) -> None:
        super().__init__(scan, codes, components)
        share = min(1, max(_PROBED, _PROBED_ROWS / len(scan)))
        probed = max(1, round(share * codes.nlist))
        self._probed = faiss().SearchParametersIVF(nprobe=probed)

    @classmethod
    def build(cls, scan: Scan, bits: Bits = 4) -> InvertedLists | None:
        """Sort the rows into cells.

        Parameters
        ----------
        scan : Scan
            Over the rows.
        bits : {4, 8, 32}, default 4
            Of each component in a code.

        Returns
        -------
        InvertedLists or None
            None if the rows are so few that there is nothing to gain.
        """
        if len(scan) < LEAST_ROWS:
            return None
        components = Components.fit(scan.rows, 1.0 if bits == 32 else _SHARE, _MOST)
        turned = components.of(scan.rows)
        m = turned.shape[1]
        cells = 1 << round(np.log2(1.5 * np.sqrt(len(scan))))
        codes = {4: f"PQ{m}x4fs", 8: "SQ8", 32: "Flat"}[bits]
        lists = faiss().index_factory(m, f"IVF{cells},{codes}")
        lists.cp.niter = _ROUNDS
        lists.cp.min_points_per_centroid = 1
        # Codes relative to a cell's middle would have to be looked up anew in every cell.
        lists.by_residual = False
        with faiss_threads(threads_for(len(scan), scan.threads)):
            lists.train(some(turned, cells * _TRAINING))
            lists.add(turned)
        if bits == 4:
            lists.implem = _ONE_BY_ONE
        return cls(scan, lists, components)

    def _candidates(self, k: int) -> int:
        return 5 * k + 120

    def _parameters(self, count: int) -> Any:
        del count
        return self._probed


class IvfIndex(MetricIndex):
    """Search in the cells near a query. Safe to share between threads.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    metric : Metric
        The distance.
    bits : {4, 8, 32}, default 4
        Of each number that is looked at to find candidates.
    threads : int, optional
        Of one search; default 1, and all cores for large batches.

    Raises
    ------
    ArrayError
        If something is not finite.

    Notes
    -----
    A neighbor may be missed; what is found has its exact distance. See `InvertedLists`.
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        metric: Metric,
        bits: Bits = 4,
        threads: int | None = None,
    ) -> None:
        scan = scan_over(vectors, metric, threads)
        super().__init__(metric, scan, InvertedLists.build(scan, bits), vectors.shape[1])

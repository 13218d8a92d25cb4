"""The reference: no row that could be an answer is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.search.byte_scan import ByteScan
from lookalike.search.metric_index import MetricIndex
from lookalike.search.options import require_finite
from lookalike.search.scan import Scan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.protocols import Metric
    from lookalike.search.options import Bits


class ExactIndex(MetricIndex):
    """Exhaustive search. Safe to share between threads.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    metric : Metric
        The distance.
    bits : {32, 8}, default 32
        Of each number that is looked at first; with 8, the rows themselves are hardly read, and
        need no memory if they are mapped from a file. The answer is the same.
    threads : int, optional
        Of one search; default 1, and all cores for large batches.

    Raises
    ------
    ArrayError
        If something is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.search.metrics import Euclidean
    >>> corners = np.array([[0, 0], [0, 3], [4, 0]], np.float32)
    >>> found = ExactIndex(corners, Euclidean()).search(corners[:1], k=2)
    >>> found.rows.tolist(), found.distances.tolist()
    ([[0, 1]], [[0.0, 3.0]])
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        metric: Metric,
        bits: Bits = 32,
        threads: int | None = None,
    ) -> None:
        scan = scan_over(vectors, metric, threads)
        shortcut = ByteScan.build(scan) if bits == 8 else None
        super().__init__(metric, scan, shortcut, vectors.shape[1])


def scan_over(vectors: NDArray[np.float32], metric: Metric, threads: int | None) -> Scan:
    """Make the scan over rows as the metric projects them.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    metric : Metric
        The distance.
    threads : int or None
        Of one search.

    Returns
    -------
    Scan
        Over projected rows.

    Raises
    ------
    ArrayError
        If something is not finite.
    """
    require_finite("vectors", vectors)
    return Scan(np.ascontiguousarray(metric.project(vectors), np.float32), threads)

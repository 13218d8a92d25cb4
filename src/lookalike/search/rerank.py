"""From candidates to neighbors: the rows themselves have the last word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.search.scan import Scan


def reranked(
    scan: Scan, queries: NDArray[np.float32], candidates: NDArray[np.int64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Measure candidates and keep the nearest.

    Parameters
    ----------
    scan : Scan
        Over the rows.
    queries : ndarray of shape (m, d), float32
        Finite.
    candidates : ndarray of shape (m, c), int64
        Rows to choose from for each query; -1 stands for none.
    k : int
        How many, 1 and up.

    Returns
    -------
    rows : ndarray of shape (m, k), int64
        Nearest first, among equals the earlier; padded with -1.
    squared : ndarray of shape (m, k), float64
        Padded with infinity.

    Notes
    -----
    A query with too few candidates is answered by the scan.
    """
    rows = np.full((len(queries), k), -1, np.int64)
    squared = np.full((len(queries), k), np.inf)
    wanted = min(k, len(scan))
    for at, query in enumerate(queries):
        found, values = scan.refine(query, candidates[at], k)
        if len(found) < wanted:
            both = scan.nearest(query[None], k)
            rows[at], squared[at] = both[0][0], both[1][0]
        else:
            rows[at, :wanted], squared[at, :wanted] = found, values
    return rows, squared

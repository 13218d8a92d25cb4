"""Matrix products that use no more threads than they were told to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.search.threads import blas_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Numbers of a block that OpenBLAS multiplies with one vector on the thread that asks.
_BLOCK: Final = 8192

#: Queries up to which the rows are read once for each.
_FEW_QUERIES: Final = 4


def products(
    queries: NDArray[np.float32], rows: NDArray[np.float32], threads: int
) -> NDArray[np.float32]:
    """Multiply queries with rows.

    Parameters
    ----------
    queries : ndarray of shape (m, d), float32
        Rows of their own.
    rows : ndarray of shape (n, d), float32
        Contiguous.
    threads : int
        1 and up.

    Returns
    -------
    ndarray of shape (m, n), float32
        Inner products.

    Notes
    -----
    BLAS has one pool of threads for the whole process, which the searches of a server would stand
    in line for. A product with one vector is therefore done block by block, each too small for
    BLAS to call for help; reading the rows from memory takes as long either way.
    """
    if threads > 1 or len(queries) > _FEW_QUERIES:
        with blas_threads(threads):
            return np.asarray(queries @ rows.T, np.float32)
    n, d = rows.shape
    height = max(1, _BLOCK // max(d, 1))
    whole = n // height * height
    found = np.empty((len(queries), n), np.float32)
    for query, row in zip(queries, found, strict=True):
        blocks = rows[:whole].reshape(-1, height, d)
        np.matmul(blocks, query, out=row[:whole].reshape(-1, height))
        np.matmul(rows[whole:], query, out=row[whole:])
    return found

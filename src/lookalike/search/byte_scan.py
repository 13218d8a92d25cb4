"""Exhaustive search over one byte for each number, made exact by a bound on what bytes lose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.search.faiss_library import faiss, packed, unpacked
from lookalike.search.metric_index import LEAST_ROWS
from lookalike.search.threads import faiss_threads, threads_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lookalike.search.scan import Scan

#: Rows that are decoded at one time.
_STEP: Final = 1 << 14

#: More than float32 sums of squares can be off by.
_ROUNDING: Final = 1e-4


class ByteScan:
    """Nearest rows by way of 8-bit codes: exact, on a quarter of the memory.

    Parameters
    ----------
    scan : Scan
        Over the rows.
    codes : faiss.IndexScalarQuantizer
        The rows, one byte for each number.
    lost : float
        The largest distance of a row to what its code says.

    Notes
    -----
    If a row x is read as c with ``|x - c| <= e``, then ``|q - x| >= |q - c| - e``. With t the
    distance to the k-th nearest of some rows, all rows that can be nearer are among those with
    ``|q - c| <= t + e``.
    """

    def __init__(self, scan: Scan, codes: Any, lost: float) -> None:
        self._scan = scan
        self._codes = codes
        self._lost = lost

    @classmethod
    def build(cls, scan: Scan) -> ByteScan | None:
        """Encode the rows.

        Parameters
        ----------
        scan : Scan
            Over the rows.

        Returns
        -------
        ByteScan or None
            None if the rows are so few that there is nothing to gain.
        """
        if len(scan) < LEAST_ROWS:
            return None
        with faiss_threads(threads_for(len(scan), scan.threads)):
            library = faiss()
            codes = library.IndexScalarQuantizer(
                scan.rows.shape[1], library.ScalarQuantizer.QT_8bit
            )
            codes.train(scan.rows)
            codes.add(scan.rows)
            lost = 0.0
            for start in range(0, len(scan), _STEP):
                rows = scan.rows[start : start + _STEP]
                read = codes.reconstruct_n(start, len(rows))
                lost = max(lost, float(np.linalg.norm(rows - read, axis=1).max()))
        return cls(scan, codes, lost * (1 + _ROUNDING))

    @property
    def parts(self) -> dict[str, NDArray[Any]]:
        """What it takes to have this again, see `of_parts`."""
        return {"faiss": packed(self._codes), "lost": np.array([self._lost])}

    @classmethod
    def of_parts(cls, scan: Scan, parts: Mapping[str, NDArray[Any]]) -> ByteScan:
        """Return a scan whose parts have been kept.

        Parameters
        ----------
        scan : Scan
            Over the rows.
        parts : mapping of str to ndarray
            As `parts` gave them.

        Returns
        -------
        ByteScan
            The same.
        """
        codes = unpacked(parts["faiss"], *scan.rows.shape)
        return cls(scan, codes, float(parts["lost"][0]))

    def nearest(
        self, queries: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find the nearest rows.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Finite.
        k : int
            How many, 1 and up.

        Returns
        -------
        rows : ndarray of shape (m, k), int64
            Nearest first, among equals the earlier; padded with -1.
        squared : ndarray of shape (m, k), float64
            Padded with infinity.
        """
        # A few more than are asked for are usually all that the bound lets in.
        count = 8 * k + 100
        if 4 * count > len(self._scan):
            return self._scan.nearest(queries, k)
        rows = np.empty((len(queries), k), np.int64)
        squared = np.empty((len(queries), k))
        with faiss_threads(threads_for(len(queries), self._scan.threads)):
            read, candidates = self._codes.search(queries, count)
            for at, query in enumerate(queries):
                found, values = self._scan.refine(query, candidates[at], k)
                farthest = (np.sqrt(values[-1]) + self._lost) ** 2 * (1 + _ROUNDING)
                if read[at, -1] <= farthest:
                    _, _, more = self._codes.range_search(query[None], float(farthest))
                    found, values = self._scan.refine(query, more, k)
                rows[at], squared[at] = found, values
        return rows, squared

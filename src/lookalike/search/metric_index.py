"""An index over rows of a metric: what all kinds have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from lookalike.errors import OptionError
from lookalike.search.options import checked_filter, checked_queries
from lookalike.types import Neighbors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lookalike.protocols import Metric
    from lookalike.search.options import Filter
    from lookalike.search.scan import Scan

#: Below this many rows a shortcut has nothing to gain.
LEAST_ROWS: Final = 1024


class Shortcut(Protocol):
    """Finds nearest rows without looking at all of them in full."""

    @property
    def parts(self) -> dict[str, NDArray[Any]]:
        """What it takes to have this again."""
        ...

    def nearest(
        self, queries: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return rows and exact squared distances, as `Scan.nearest` does."""
        ...


class MetricIndex:
    """Searches rows by a metric. Safe to share between threads.

    Parameters
    ----------
    metric : Metric
        The distance.
    scan : Scan
        Over the projected rows.
    shortcut : Shortcut, optional
        What to ask instead where it can answer.
    dim : int
        The length of raw rows.

    Notes
    -----
    A filter is always answered by the scan, and exactly: it looks at the allowed rows only, so
    that the fewer they are the quicker it is.
    """

    def __init__(self, metric: Metric, scan: Scan, shortcut: Shortcut | None, dim: int) -> None:
        self.metric = metric
        self.scan = scan
        self.shortcut = shortcut
        self.dim = dim

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.scan)

    @property
    def parts(self) -> dict[str, NDArray[Any]]:
        """What it takes to have this again without building, see `restored`."""
        return {**self.scan.parts, **(self.shortcut.parts if self.shortcut else {})}

    def search(
        self,
        queries: NDArray[np.float32],
        k: int,
        rows: Filter | None = None,
    ) -> Neighbors:
        """Find the nearest rows.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Raw rows.
        k : int
            How many, 1 and up.
        rows : ndarray of shape (n,), bool, or ndarray of shape (r,), int64, optional
            Only these rows: a mask, or their numbers.

        Returns
        -------
        Neighbors
            Of shape (m, k), nearest first; among equals the earlier row first.

        Raises
        ------
        OptionError
            If `k` is below 1.
        ArrayError
            If queries are not finite or of another length, or `rows` is no filter.
        """
        if k < 1:
            raise OptionError(f"k must be at least 1, got {k}")
        projected = self.metric.project(checked_queries(queries, self.dim))
        allowed = checked_filter(rows, len(self))
        if self.shortcut is None or allowed is not None:
            found, squared = self.scan.nearest(projected, k, allowed)
        else:
            found, squared = self.shortcut.nearest(projected, k)
        return Neighbors(found, self.metric.distances(squared))

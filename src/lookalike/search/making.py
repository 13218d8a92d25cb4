"""From rows to an index, and from an index's parts back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.registry import load
from lookalike.search.byte_scan import ByteScan
from lookalike.search.choice import choose
from lookalike.search.graph import Graph
from lookalike.search.inverted_lists import InvertedLists
from lookalike.search.metric_index import MetricIndex
from lookalike.search.scan import Scan
from lookalike.types._check import check_array

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lookalike.protocols import Metric
    from lookalike.search.metric_index import Shortcut
    from lookalike.search.options import IndexOptions


def make_index(
    vectors: NDArray[np.float32], metric: Metric, options: IndexOptions | None = None
) -> MetricIndex:
    """Make the index that was asked for, or the one for that many rows.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    metric : Metric
        The distance.
    options : IndexOptions, optional
        Which one; default by size, see `choose`.

    Returns
    -------
    MetricIndex
        Over these rows.

    Raises
    ------
    OptionError
        If the kind does not know that many bits.
    ArrayError
        If something is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.search.metrics import Cosine
    >>> axes = np.eye(3, dtype=np.float32)
    >>> make_index(axes, Cosine()).search(axes[:1], k=3).distances.tolist()
    [[0.0, 1.0, 1.0]]
    """
    choice = choose(len(vectors), vectors.shape[1], options)
    threads = options.threads if options else None
    made: MetricIndex = load("index", choice.kind)(vectors, metric, choice.bits, threads)
    return made


def restored(
    parts: Mapping[str, NDArray[Any]],
    metric: Metric,
    kind: str,
    dim: int,
    threads: int | None = None,
) -> MetricIndex:
    """Return an index whose parts have been kept.

    Parameters
    ----------
    parts : mapping of str to ndarray
        As `MetricIndex.parts` gave them.
    metric : Metric
        The distance, the same as before.
    kind : str
        What the index was: a name of the registry.
    dim : int
        The length of raw rows.
    threads : int, optional
        Of one search.

    Returns
    -------
    MetricIndex
        The same.

    Raises
    ------
    ArrayError
        If the parts do not belong together.
    """
    _require_fitting(parts, metric.project(np.zeros((1, dim), np.float32)).shape[1])
    scan = Scan.of_parts(parts, threads)
    shortcut: Shortcut | None = None
    if "faiss" in parts:
        kinds: dict[str, type[ByteScan | Graph | InvertedLists]] = {
            "exact": ByteScan,
            "hnsw": Graph,
            "ivf": InvertedLists,
        }
        shortcut = kinds[kind].of_parts(scan, parts)
    return MetricIndex(metric, scan, shortcut, dim)


def _require_fitting(parts: Mapping[str, NDArray[Any]], d: int) -> None:
    """Raise unless parts are what an index over projected rows of length d has."""
    n = len(parts["rows"])
    check_array("rows", parts["rows"], (n, d), np.float32)
    shapes: dict[str, tuple[int | str, ...]] = {
        "squares": (n,),
        "table": (n, "w"),
        "center": (d,),
        "basis": (d, d),
        "lists.center": (d,),
        "lists.basis": (d, "m"),
        "graph.center": (d,),
        "graph.basis": (d, "m"),
    }
    for name in shapes.keys() & parts.keys():
        check_array(name, parts[name], shapes[name], np.float32)

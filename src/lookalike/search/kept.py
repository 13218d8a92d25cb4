"""An index that is opened if it was kept, and built if not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import ArrayError
from lookalike.search.choice import choose
from lookalike.search.growing import GrowingIndex, outgrown, places_now
from lookalike.search.index_file import IndexFile
from lookalike.search.making import make_index, restored
from lookalike.search.stamp import Stamp, fingerprint, row_stamps

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from lookalike.protocols import Index, Metric
    from lookalike.search.options import IndexOptions

_DAMAGED: Final = "The index was damaged and was built again."


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows to search, and where they come from.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    ids : ndarray of shape (n,), int64
        What each row is called, once and for all, for example its number in the gallery.
    space : str
        The digest of the vectors' space.
    view : str
        Which rows of the gallery these are, in letters that a file name may have.
    generation : int
        The gallery's count of changes.
    """

    vectors: NDArray[np.float32]
    ids: NDArray[np.int64]
    space: str
    view: str
    generation: int


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """An index that is ready.

    Parameters
    ----------
    index : Index
        Its rows are numbered as they were given.
    note : str
        What happened to the file, in one sentence; empty if it was opened or none is needed.
    """

    index: Index
    note: str = ""


def open_index(
    rows: Rows, metric: Metric, options: IndexOptions | None = None, folder: Path | None = None
) -> Opened:
    """Open the index over rows that was kept in a folder, or build it and keep it there.

    Parameters
    ----------
    rows : Rows
        What to search.
    metric : Metric
        The distance.
    options : IndexOptions, optional
        Which index; default by size, see `choose`.
    folder : Path, optional
        Where indexes of this gallery are kept; default nowhere.

    Returns
    -------
    Opened
        The index, and what happened to the file.

    Raises
    ------
    OptionError
        If the kind does not know that many bits.
    ArrayError
        If something is not finite.

    Notes
    -----
    An exact index with 32 bits is quicker to make than to read, and is not kept. If only some
    rows have changed since an index was kept, they are searched beside it, see `GrowingIndex`;
    a row counts as the same only if its id and all of its numbers are.
    """
    n, dim = rows.vectors.shape
    choice = choose(n, dim, options)
    if folder is None or (choice.kind, choice.bits) == ("exact", 32):
        return Opened(make_index(rows.vectors, metric, options))
    stamp = Stamp(
        rows.space,
        fingerprint(metric, dim),
        rows.view,
        choice.kind,
        choice.bits,
        rows.generation,
    )
    file = IndexFile(folder / f"{rows.view}-{metric.name}-{choice.kind}-{choice.bits}.index")
    found = file.read(stamp)
    threads = options.threads if options else None
    if found is not None:
        opened = _reopened(found, rows, metric, choice.kind, threads)
        if isinstance(opened, str):
            file.note = opened
        else:
            return Opened(opened)
    index = make_index(rows.vectors, metric, options)
    file.write(stamp, {"ids": rows.ids, "stamps": row_stamps(rows.vectors), **index.parts})
    return Opened(index, file.note)


def _reopened(
    parts: dict[str, NDArray[Any]],
    rows: Rows,
    metric: Metric,
    kind: str,
    threads: int | None,
) -> Index | str:
    """Return the index that was kept, brought up to date, or why that is not possible."""
    try:
        ids, stamps = parts.pop("ids"), parts.pop("stamps")
        index = restored(parts, metric, kind, rows.vectors.shape[1], threads)
    except (ArrayError, KeyError, ValueError, IndexError):
        return _DAMAGED
    if not len(ids) == len(stamps) == len(index):
        return _DAMAGED
    places = places_now(ids, stamps, rows.ids, row_stamps(rows.vectors))
    if np.array_equal(places, np.arange(len(rows.ids))):
        return index
    kept = int((places >= 0).sum())
    if outgrown(len(places) + len(rows.ids) - 2 * kept, len(rows.ids)):
        return "Many rows have changed, and the index was built again."
    return GrowingIndex(index, places, rows.vectors, metric)

"""The covariance of pooled Mahalanobis distance, kept beside a large gallery.

Fitted anew at every photo, the distance would be a little another one each time, and no index
over it could be used again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.search.choice import choose
from lookalike.search.growing import outgrown, places_now
from lookalike.search.index_file import IndexFile
from lookalike.search.mahalanobis import PooledMahalanobis, within_person_covariance
from lookalike.search.stamp import Stamp, row_stamps

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from lookalike.search.kept import Rows

_KIND: Final = "covariance"


def kept_covariance(
    rows: Rows, groups: NDArray[np.int64], folder: Path | None = None
) -> NDArray[np.float64]:
    """Return how photos of one person scatter, as it was estimated when they were about the same.

    Parameters
    ----------
    rows : Rows
        The photos as they are now.
    groups : ndarray of shape (n,), int64
        The person of each, numbered from 0.
    folder : Path, optional
        Where indexes of this gallery are kept; default nowhere.

    Returns
    -------
    ndarray of shape (d, d), float64
        Positive definite, see `within_person_covariance`. It is estimated again once as many rows
        have come or gone as make an index be built again, see `outgrown`; and at once where rows
        are so few that no index is kept.

    Raises
    ------
    OptionError
        If hardly anybody has several photos.
    """
    choice = choose(*rows.vectors.shape)
    if folder is None or (choice.kind, choice.bits) == ("exact", 32):
        return within_person_covariance(rows.vectors, groups)
    name, bits = PooledMahalanobis.name, 64
    file = IndexFile(folder / f"{rows.view}-{name}-{_KIND}-{bits}.index")
    stamp = Stamp(rows.space, name, rows.view, _KIND, bits, rows.generation)
    stamps = row_stamps(rows.vectors)
    parts = file.read(stamp)
    covariance = None if parts is None else _still_fitting(parts, rows, stamps)
    if covariance is None:
        covariance = within_person_covariance(rows.vectors, groups)
        file.write(stamp, {"ids": rows.ids, "stamps": stamps, _KIND: covariance})
    return covariance


def _still_fitting(
    parts: dict[str, NDArray[Any]], rows: Rows, stamps: NDArray[np.uint64]
) -> NDArray[np.float64] | None:
    """Return what was kept, unless the rows have changed much or it is no covariance."""
    dim = rows.vectors.shape[1]
    if parts.keys() != {"ids", "stamps", _KIND} or len(parts["ids"]) != len(parts["stamps"]):
        return None
    covariance = parts[_KIND]
    if covariance.shape != (dim, dim) or not np.linalg.eigvalsh(covariance)[0] > 0:
        return None
    there = int((places_now(parts["ids"], parts["stamps"], rows.ids, stamps) >= 0).sum())
    changed = len(parts["ids"]) + len(rows.ids) - 2 * there
    return None if outgrown(changed, len(rows.ids)) else np.asarray(covariance, np.float64)

"""What a kept index was made from, so that it is never used for anything else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.protocols import Metric


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index was made from.

    Parameters
    ----------
    space : str
        The digest of the vectors' space.
    metric : str
        The metric and everything that it was fitted to, see `fingerprint`.
    view : str
        Which rows of the gallery, for example ``"photos"`` or ``"people"``.
    kind : str
        The kind of index.
    bits : int
        Of each number that is looked at to find candidates.
    generation : int
        The gallery's count of changes. It says how old an index is; whether it can be used is
        a matter of each row, see `row_stamps`.
    """

    space: str
    metric: str
    view: str
    kind: str
    bits: int
    generation: int

    def fits(self, other: Stamp) -> bool:
        """Whether an index with the other stamp can be used, apart from rows that have changed.

        Parameters
        ----------
        other : Stamp
            Of the index that was kept.

        Returns
        -------
        bool
            Whether all but the generation is the same.
        """
        return (self.space, self.metric, self.view, self.kind, self.bits) == (
            other.space,
            other.metric,
            other.view,
            other.kind,
            other.bits,
        )


def fingerprint(metric: Metric, dim: int) -> str:
    """Return a metric's name and a digest of what it does.

    Parameters
    ----------
    metric : Metric
        The distance.
    dim : int
        The length of rows.

    Returns
    -------
    str
        Another one if it was fitted to other vectors.
    """
    probes = np.concatenate([np.eye(dim), np.full((1, dim), 0.5)]).astype(np.float32)
    digest = hashlib.sha256(np.ascontiguousarray(metric.project(probes)).tobytes())
    return f"{metric.name}-{digest.hexdigest()[:16]}"


def row_stamps(vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return a number for each row that changes with any bit of it.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.

    Returns
    -------
    ndarray of shape (n,), uint64
        Sums of the numbers' bits, each times an odd number of its own.
    """
    bits = np.ascontiguousarray(vectors, np.float32).view(np.uint32)
    factors = np.random.default_rng(0).integers(0, 2**63, vectors.shape[1], np.uint64) * 2 + 1
    stamps = np.empty(len(bits), np.uint64)
    step = 1 << 14
    for start in range(0, len(bits), step):
        part = bits[start : start + step].astype(np.uint64)
        stamps[start : start + step] = (part * factors).sum(axis=1, dtype=np.uint64)
    return stamps

"""Nearest rows by way of short codes: candidates come from FAISS, distances from the rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

from lookalike.search.components import Components
from lookalike.search.faiss_library import packed, unpacked
from lookalike.search.rerank import reranked
from lookalike.search.threads import faiss_threads, threads_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from lookalike.search.scan import Scan


class Coded(ABC):
    """Finds candidates by codes of the rows' first components, and measures them.

    Parameters
    ----------
    scan : Scan
        Over the rows.
    codes : faiss.Index
        Over the codes.
    components : Components
        The directions of the codes.

    Attributes
    ----------
    name : str
        What its parts are named after.
    """

    name: ClassVar[str]

    def __init__(self, scan: Scan, codes: Any, components: Components) -> None:
        self._scan, self._codes, self._components = scan, codes, components

    @property
    def parts(self) -> dict[str, NDArray[Any]]:
        """What it takes to have this again, see `of_parts`."""
        return {
            "faiss": packed(self._codes),
            f"{self.name}.center": self._components.center,
            f"{self.name}.basis": self._components.basis,
        }

    @classmethod
    def of_parts(cls, scan: Scan, parts: Mapping[str, NDArray[Any]]) -> Self:
        """Return one whose parts have been kept.

        Parameters
        ----------
        scan : Scan
            Over the rows.
        parts : mapping of str to ndarray
            As `parts` gave them.

        Returns
        -------
        Coded
            The same.
        """
        components = Components(parts[f"{cls.name}.center"], parts[f"{cls.name}.basis"])
        codes = unpacked(parts["faiss"], len(scan), components.basis.shape[1])
        return cls(scan, codes, components)

    def nearest(
        self, queries: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find nearest rows.

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
        count = self._candidates(k)
        if 16 * count > len(self._scan):
            return self._scan.nearest(queries, k)
        with faiss_threads(threads_for(len(queries), self._scan.threads)):
            turned = self._components.of(queries)
            _, candidates = self._codes.search(turned, count, params=self._parameters(count))
        return reranked(self._scan, queries, candidates, k)

    @abstractmethod
    def _candidates(self, k: int) -> int:
        """Return how many rows are measured to be sure of k."""

    @abstractmethod
    def _parameters(self, count: int) -> Any:
        """Return FAISS's parameters of a search for so many candidates."""

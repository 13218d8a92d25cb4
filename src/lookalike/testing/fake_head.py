"""A fake of what tells people apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass
class FakeHead:
    """Scores a face by minus its distance from the first row of each person.

    Parameters
    ----------
    firsts : ndarray of shape (p, d), float32
        The first row of each person.
    """

    firsts: NDArray[np.float32]
    name: str = "fake"

    @classmethod
    def fit(cls, vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> FakeHead:
        """Remember the first row of each person.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Rows.
        groups : ndarray of shape (n,), int64
            The person of each.

        Returns
        -------
        FakeHead
            Ready.
        """
        return cls(vectors[np.unique(groups, return_index=True)[1]])

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return minus the distances.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Rows.

        Returns
        -------
        ndarray of shape (n, p), float32
            0 and below.
        """
        gaps = vectors[:, None].astype(np.float64) - self.firsts
        return np.asarray(-np.sqrt((gaps**2).sum(axis=2)), np.float32)

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return the first rows."""
        return {"firsts": self.firsts}

    @classmethod
    def restore(
        cls,
        arrays: Mapping[str, NDArray[np.float32]],
        vectors: NDArray[np.float32],
        groups: NDArray[np.int64],
    ) -> FakeHead:
        """Make the same head again.

        Parameters
        ----------
        arrays : mapping of str to ndarray
            What `arrays` gave.
        vectors, groups : ndarray
            Not needed.

        Returns
        -------
        FakeHead
            The same.
        """
        del vectors, groups
        return cls(arrays["firsts"])

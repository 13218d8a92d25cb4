"""What is learned from: rows of crops or of vectors, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.types import Person, Photo


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Photos of people, ready for a network.

    Parameters
    ----------
    people : tuple of Person
        Everybody.
    photos : tuple of Photo
        Of each row.
    groups : ndarray of shape (n,), int64
        The person of each row: a position in `people`.
    rows : ndarray
        Crops of shape (n, S, S, 3), uint8, which may be a map of a file; or vectors of shape
        (n, d), float32.
    digest : str
        SHA-256 of all that the rows follow from.
    encoder : str, default ""
        What made the vectors; empty for crops.
    views : int, default 1
        Views averaged in each vector.
    """

    people: tuple[Person, ...]
    photos: tuple[Photo, ...]
    groups: NDArray[np.int64]
    rows: NDArray[Any]
    digest: str
    encoder: str = ""
    views: int = 1

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many rows each person has."""
        return np.bincount(self.groups, minlength=len(self.people))

    def of(self, chosen: Sequence[int]) -> NDArray[np.int64]:
        """Return the rows of some people, in order.

        Parameters
        ----------
        chosen : sequence of int
            Positions of people.

        Returns
        -------
        ndarray of shape (m,), int64
            Positions of rows.
        """
        return np.flatnonzero(np.isin(self.groups, np.asarray(chosen)))

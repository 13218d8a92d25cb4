"""Two faces in one photo are never one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.types import Photo

#: Two faces of one photo whose vectors differ by less, relative to their length, are one face
#: that was filed twice, and no proof of anything.
_SAME_FACE: Final = 1e-3


class CannotLinks:
    """Pairs of faces that show two people, because one photo shows both.

    Parameters
    ----------
    photos : sequence of Photo
        The photo of each face.
    vectors : ndarray of shape (n, d), float32
        The faces.

    Attributes
    ----------
    faces, others : ndarray of shape (k,), int64
        Positions; every pair stands in both directions.
    """

    def __init__(self, photos: Sequence[Photo], vectors: NDArray[np.float32]) -> None:
        places: dict[str, list[int]] = {}
        for place, photo in enumerate(photos):
            places.setdefault(photo.id, []).append(place)
        pairs = [
            (one, two)
            for together in places.values()
            if len(together) > 1
            for one in together
            for two in together
            if one != two
        ]
        found = np.array(pairs, np.int64).reshape(-1, 2)
        apart = np.linalg.norm(vectors[found[:, 0]] - vectors[found[:, 1]], axis=1)
        lengths = np.linalg.norm(vectors[found[:, 0]], axis=1)
        self.faces, self.others = found[apart > _SAME_FACE * lengths].T

    def people(self, groups: NDArray[np.int64]) -> set[tuple[int, int]]:
        """Return the pairs of groups that have been seen together.

        Parameters
        ----------
        groups : ndarray of shape (n,), int64
            The group of each face; -1 for none.

        Returns
        -------
        set of tuple of int
            In both directions.
        """
        one, two = groups[self.faces], groups[self.others]
        kept = (one >= 0) & (two >= 0) & (one != two)
        return set(zip(one[kept].tolist(), two[kept].tolist(), strict=True))

    def weaker(self, groups: NDArray[np.int64], fits: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Find faces that share photo and group with a face that fits the group better.

        Parameters
        ----------
        groups : ndarray of shape (n,), int64
            The group of each face; -1 for none.
        fits : ndarray of shape (n,), float64
            How well each face fits it, more is better.

        Returns
        -------
        ndarray of shape (n,), bool
            Faces that cannot be where they are.
        """
        one, two = self.faces, self.others
        clash = (groups[one] == groups[two]) & (groups[one] >= 0)
        loses = (fits[one] < fits[two]) | ((fits[one] == fits[two]) & (one > two))
        weaker = np.zeros(len(groups), bool)
        weaker[one[clash & loses]] = True
        return weaker

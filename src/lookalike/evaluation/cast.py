"""Who is in the photos that were measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from lookalike.types import Person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """People and their photos, as scores point to them.

    Parameters
    ----------
    people : tuple of Person
        Everybody, with what is known of them.
    photos : tuple of str
        Where each photo came from.
    owners : ndarray of shape (f,), int32
        The person of each photo: a position in `people`.
    numbers : ndarray of shape (f,), int64
        The number of each face in the gallery that was measured, for its picture; -1 for none.
    """

    people: tuple[Person, ...]
    photos: tuple[str, ...]
    owners: NDArray[np.int32]
    numbers: NDArray[np.int64]

    @classmethod
    def of(cls, columns: Columns) -> Self:
        """Return the cast of a gallery.

        Parameters
        ----------
        columns : Columns
            The gallery.

        Returns
        -------
        Cast
            In its order.
        """
        uris = tuple(photo.uri for photo in columns.photos)
        owners = columns.groups.astype(np.int32)
        return cls(columns.people, uris, owners, columns.numbers.astype(np.int64))

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many photos each person has."""
        return np.bincount(self.owners, minlength=len(self.people))

    def fields(self) -> dict[str, Any]:
        """Return people and photos as JSON values."""
        people = [[one.id, one.name, dict(one.attributes)] for one in self.people]
        return {"people": people, "photos": list(self.photos)}

    @classmethod
    def read(
        cls, fields: Mapping[str, Any], owners: NDArray[np.int32], numbers: NDArray[np.int64]
    ) -> Self:
        """Read what `fields` gave.

        Parameters
        ----------
        fields : mapping
            JSON values.
        owners : ndarray of shape (f,), int32
            The person of each photo.
        numbers : ndarray of shape (f,), int64
            The number of each face.

        Returns
        -------
        Cast
            The same.

        Raises
        ------
        ValueError
            If the parts do not belong together.
        """
        people = tuple(Person(str(key), str(name), facts) for key, name, facts in fields["people"])
        photos = tuple(map(str, fields["photos"]))
        inside = not len(owners) or (owners.min() >= 0 and owners.max() < len(people))
        if not len(photos) == len(owners) == len(numbers) or not inside:
            raise ValueError("photos and people do not belong together")
        return cls(people, photos, owners, numbers)

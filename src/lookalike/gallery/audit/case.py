"""All that suggestions are written from: who is filed where, and who is sure to be right."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lookalike.gallery.audit.distances import apart, thinned
from lookalike.gallery.audit.findings import Evidence
from lookalike.gallery.audit.names import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.gallery.audit.findings import AuditOptions
    from lookalike.gallery.audit.sorting import Sorting
    from lookalike.gallery.records import Columns
    from lookalike.types import Person


class Case:
    """A sorted gallery.

    Parameters
    ----------
    columns : Columns
        The gallery as it is.
    sorting : Sorting
        The same as it seems to be.
    options : AuditOptions
        What is wanted.
    """

    def __init__(self, columns: Columns, sorting: Sorting, options: AuditOptions) -> None:
        self.columns, self.sorting, self.options = columns, sorting, options
        self.right = sorting.work == sorting.home

    @cached_property
    def _filed(self) -> list[NDArray[np.int64]]:
        order = np.argsort(self.columns.groups, kind="stable")
        ends = np.cumsum(np.bincount(self.columns.groups, minlength=len(self.columns.people)))
        return np.split(order, ends[:-1])

    def filed(self, person: int) -> NDArray[np.int64]:
        """Return the faces that are filed under a person.

        Parameters
        ----------
        person : int
            A position in the columns' people.

        Returns
        -------
        ndarray of shape (k,), int64
            Positions.
        """
        return self._filed[person]

    def kept(self, person: int, *, without: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Return the faces of a person that are in no doubt.

        Parameters
        ----------
        person : int
            A position in the columns' people.
        without : ndarray of shape (k,), int64, optional
            Faces to leave out.

        Returns
        -------
        ndarray of shape (m,), int64
            Positions; if all are in doubt, all but those left out.
        """
        faces = self.filed(person)
        if without is not None:
            faces = faces[~np.isin(faces, without)]
        sure = faces[self.right[faces]]
        return sure if len(sure) else faces

    def person(self, position: int) -> Person:
        """Return a person.

        Parameters
        ----------
        position : int
            A position in the columns' people.

        Returns
        -------
        Person
            As the gallery has it.
        """
        return self.columns.people[position]

    @cached_property
    def heads(self) -> dict[int, int]:
        """For each pile, the person whose name it goes by; piles of no person are not there."""
        piles: dict[int, list[int]] = {}
        for person, pile in enumerate(self.sorting.root[: len(self.columns.people)].tolist()):
            piles.setdefault(pile, []).append(person)
        return {pile: self.head(people) for pile, people in piles.items()}

    def head(self, people: list[int]) -> int:
        """Choose whose name stays if people are one.

        Parameters
        ----------
        people : list of int
            Positions in the columns' people, at least one.

        Returns
        -------
        int
            Who has the fullest name, or else the most photos.
        """
        if len(people) == 1:
            return people[0]
        said = {person: words(self.person(person).name) for person in people}

        def rank(person: int) -> tuple[int, bool, int, int]:
            fuller = sum(1 for other in people if said[other] < said[person])
            numbered = any(part.isdecimal() for part in self.person(person).id.split("-"))
            return fuller, not numbered, len(self.filed(person)), -person

        return max(people, key=rank)

    def numbers(self, faces: NDArray[np.int64]) -> tuple[int, ...]:
        """Return what faces are called in the file.

        Parameters
        ----------
        faces : ndarray of shape (k,), int64
            Positions.

        Returns
        -------
        tuple of int
            Their numbers.
        """
        return tuple(self.columns.numbers[faces].tolist())

    def nearest(self, faces: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the faces to show beside some faces.

        Parameters
        ----------
        faces : ndarray of shape (k,), int64
            Positions of what is in question.
        others : ndarray of shape (m,), int64
            Positions to choose from.

        Returns
        -------
        ndarray of shape (e,), int64
            The nearest first, at most `AuditOptions.evidence`.
        """
        others = thinned(others)
        measured = apart(self.columns.vectors, thinned(faces), others)
        if not measured.size:
            return others[:0]
        order = np.argsort(measured.mean(axis=0), kind="stable")
        return others[order[: self.options.evidence]]

    def mean_distance(self, faces: NDArray[np.int64], others: NDArray[np.int64]) -> float:
        """Return how far faces are from others on average.

        Parameters
        ----------
        faces, others : ndarray of shape (k,) and (m,), int64
            Positions.

        Returns
        -------
        float
            NaN if there are none.
        """
        measured = apart(self.columns.vectors, thinned(faces), thinned(others))
        return float(measured.mean()) if measured.size else float("nan")

    def evidence(
        self, faces: NDArray[np.int64], own: NDArray[np.int64], other: NDArray[np.int64]
    ) -> Evidence:
        """Choose the photos to compare faces with.

        Parameters
        ----------
        faces : ndarray of shape (k,), int64
            Positions of what is in question.
        own, other : ndarray of shape (m,), int64
            Positions to choose from.

        Returns
        -------
        Evidence
            The nearest of each.
        """
        return Evidence(
            self.numbers(self.nearest(faces, own)), self.numbers(self.nearest(faces, other))
        )

"""Sorting the faces anew, the surest first: what is put right helps to see what is wrong.

Every round fits the model to the piles as they are, puts people together who look like one,
takes people apart who look like two, and moves photos that look like somebody else. Photos that
look like nobody are set aside, so that they blur no one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.gallery.audit import confidence
from lookalike.gallery.audit.doubles import Doubles
from lookalike.gallery.audit.halves import smaller_half
from lookalike.gallery.audit.likeness import Likeness
from lookalike.gallery.audit.piles import Piles
from lookalike.gallery.audit.verdicts import Verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from lookalike.gallery.audit.links import CannotLinks

#: What is at least this sure is taken as true while the rest is judged.
TAKEN: Final = 0.5

#: No pile is cut that has fewer photos, and no part taken off that has fewer.
_LEAST_PILE: Final = 4
_LEAST_PART: Final = 2

#: A pile whose photos fit it this well on average is not two people: halves of strangers bring
#: each other down to about 0.3.
_WHOLE: Final = 0.85


class Sorting:
    """Faces on their way to where they belong.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        The faces, at length 1.
    filed : ndarray of shape (n,), int64
        The person that each is filed under: a position in `names`.
    names : sequence of str
        The people.
    links : CannotLinks
        Who cannot be one person.

    Attributes
    ----------
    root : ndarray of shape (p,), int64
        For each person, and after those for each part that was cut off, the pile it is in: the
        number of the first of those who are one.
    work : ndarray of shape (n,), int64
        The pile that each face is in; -1 for none.
    verdicts : Verdicts
        What is thought of each face, once `run` has been called.
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        filed: NDArray[np.int64],
        names: Sequence[str],
        links: CannotLinks,
    ) -> None:
        self.vectors, self.filed, self.names, self.links = vectors, filed, names, links
        self.root = np.arange(len(names))
        self.work = filed.copy()
        self._fit()
        self.doubles = Doubles.none()
        self.verdicts: Verdicts

    @property
    def home(self) -> NDArray[np.int64]:
        """The pile that each face would be in if its label were right."""
        return self.root[self.filed]

    def piles(self) -> Piles:
        """Return the piles as they are."""
        return Piles.of(self.rows, self.work, len(self.root))

    def run(self, rounds: int, on_step: Callable[[str], object]) -> None:
        """Sort until nothing moves.

        Parameters
        ----------
        rounds : int
            How often at most, 1 and up.
        on_step : callable
            Told what is done next.
        """
        for turn in range(1, rounds + 1):
            on_step(f"comparing faces and people, round {turn}")
            before = self.work
            self._join()
            if turn > 1:
                # Strangers that are still among a person's photos would look like a second one.
                self._cut()
            self.verdicts = self._judged()
            self._settle()
            self._fit()
            if turn > 1 and np.array_equal(before, self.work):
                return
        self._join()
        self.verdicts = self._judged()

    def _fit(self) -> None:
        self.model = Likeness.fit(self.vectors, self.work)
        self.rows = self.model.project(self.vectors)

    def _judged(self) -> Verdicts:
        return Verdicts.of(self.model, self.rows, self.work, self.home, self.links)

    def _join(self) -> None:
        """Put people together who look like one."""
        self.doubles = Doubles.among(self.model, self.piles(), self.names)
        apart = self.links.people(self.home) | self.links.people(self.work)
        members = {pile: [pile] for pile in range(len(self.root))}
        into = np.arange(len(self.root))
        for one, two in self.doubles.surest(TAKEN):
            first, second = sorted((int(into[one]), int(into[two])))
            if first == second or any(
                (a, b) in apart for a in members[first] for b in members[second]
            ):
                continue
            members[first] += members[second]
            into[members[second]] = first
        self.root = into[self.root]
        self.work = np.where(self.work >= 0, into[self.work], -1)

    def _cut(self) -> None:
        """Take people apart who look like two."""
        fits = np.where(self.work == self.home, self.verdicts.fit, 1.0)
        order = np.argsort(self.work, kind="stable")
        piles, starts = np.unique(self.work[order], return_index=True)
        for pile, faces in zip(piles, np.split(order, starts[1:]), strict=True):
            if pile < 0 or len(faces) < _LEAST_PILE or fits[faces].mean() > _WHOLE:
                continue
            part = smaller_half(self.rows[faces], self.model.between)
            if part is None or part.sum() < _LEAST_PART:
                continue
            if self.sure_of_two(faces[part], faces[~part]) > TAKEN:
                self.work[faces[part]] = len(self.root)
                self.root = np.append(self.root, len(self.root))

    def sure_of_two(self, one: NDArray[np.int64], two: NDArray[np.int64]) -> float:
        """Say how sure it is that faces of one name show two people.

        Parameters
        ----------
        one, two : ndarray of shape (k,), int64
            The faces of each, at least one.

        Returns
        -------
        float
            0 to 1.
        """
        parts = [Piles.of(self.rows[faces], np.zeros(len(faces), np.int64)) for faces in (one, two)]
        ratio = self.model.ratio(*parts)
        expected = self.model.expected(parts[0].counts, parts[1].counts)
        return float(confidence.two_people(ratio, ratio / expected)[0])

    def _settle(self) -> None:
        """Move the faces whose place is clear enough."""
        verdicts, home = self.verdicts, self.home
        moved = verdicts.relabel > TAKEN
        work = np.where(moved, verdicts.best, home)
        # Two faces of one photo that move to one person: the less sure one stays.
        moved &= ~(self.links.weaker(np.where(moved, work, -1), verdicts.relabel))
        aside = (verdicts.alien > TAKEN) & ~moved
        work = np.where(moved, verdicts.best, np.where(aside, -1, home))
        # Somebody must be left to compare with.
        self.work = work if (work >= 0).any() else home

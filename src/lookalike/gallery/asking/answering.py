"""From vectors to matches: people ranked, with what their distances mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import GalleryEmpty
from lookalike.gallery.asking.rarity import Meanings, rarity
from lookalike.gallery.asking.together import Askers, halves, with_stability
from lookalike.types import Match

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.gallery.asking.made import Made
    from lookalike.gallery.asking.ranking import FindOptions, Ranked
    from lookalike.gallery.asking.selection import Selection, Selections
    from lookalike.gallery.seam import Store
    from lookalike.search.rarity import Strangers
    from lookalike.types import Embeddings


class Answering:
    """Answers questions about one gallery. Safe to share between threads.

    Parameters
    ----------
    file : Store
        The gallery.
    selections : Selections
        Of it.
    made : Made
        What answers are made with.
    """

    def __init__(self, file: Store, selections: Selections, made: Made) -> None:
        self._file = file
        self._selections = selections
        self._made = made
        self._askers = Askers()
        self.meanings = Meanings(file)

    def one_by_one(self, vectors: NDArray[np.float32], options: FindOptions) -> list[list[Match]]:
        """Answer for each of some faces.

        Parameters
        ----------
        vectors : ndarray of shape (m, d), float32
            Raw rows.
        options : FindOptions
            The question.

        Returns
        -------
        list of list of Match
            For each face, the most alike first.

        Raises
        ------
        GalleryEmpty
            If there is nobody to compare with.
        OptionError
            If the metric cannot be fitted on this gallery.
        """
        everybody = self._selections.get(everyone=True).columns
        ranked = self._ranked(vectors, options)
        strangers = self.meanings.of(options.metric, options.rank, everybody)
        selection = self._selections.get(everyone=options.everyone)
        return [_matches(selection, people, strangers) for people in ranked]

    def together(self, faces: Embeddings, options: FindOptions) -> list[Match]:
        """Answer for somebody who is in several photos.

        Parameters
        ----------
        faces : Embeddings
            This person's face in each photo, one and up.
        options : FindOptions
            The question.

        Returns
        -------
        list of Match
            The most alike first. Each has its stability if there is more than one photo.

        Raises
        ------
        GalleryEmpty
            If there is nobody to compare with.
        OptionError
            If the metric cannot be fitted on this gallery.
        """
        if len(faces) == 1:
            return self.one_by_one(faces.vectors, options)[0]
        asked = np.concatenate([faces.mean().vectors, halves(faces.vectors)])
        ranked, *by_halves = self._ranked(asked, options)
        selection = self._selections.get(everyone=options.everyone)
        counts = [int(selection.everybody.counts[one.group]) for one in ranked]
        everybody = self._selections.get(everyone=True).columns
        strangers = self._askers.of(everybody, self._made, options, len(faces), counts)
        matches = _matches(selection, ranked, strangers)
        return with_stability(matches, ranked, by_halves)

    def _ranked(self, vectors: NDArray[np.float32], options: FindOptions) -> list[list[Ranked]]:
        if not self._selections.get(everyone=options.everyone).columns.people:
            raise GalleryEmpty(
                f"{self._file.name} has no people in it",
                "add photos with: lookalike gallery build FOLDER",
            )
        return self._made.ranked(vectors, options)


def _matches(
    selection: Selection, ranked: list[Ranked], strangers: tuple[Strangers, ...]
) -> list[Match]:
    columns, counts = selection.columns, selection.everybody.counts
    return [
        Match(
            columns.people[one.group],
            one.distance,
            rank,
            tuple(columns.photos[face] for face in one.faces),
            rarity(strangers, one.distance, int(counts[one.group])) if strangers else None,
        )
        for rank, one in enumerate(ranked, 1)
    ]

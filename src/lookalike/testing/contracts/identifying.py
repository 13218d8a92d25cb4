"""What everything that tells people apart must do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from lookalike.protocols import Head

if TYPE_CHECKING:
    from numpy.typing import NDArray


class HeadContract(ABC):
    """What every head must do."""

    @abstractmethod
    def head(self) -> type[Head]:
        """Return the class."""

    def known(
        self, people: int = 12, photos: int = 4, seed: int = 0
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return rows of people who are easily told apart, and whose each row is.

        Parameters
        ----------
        people, photos : int
            How many, and how many rows of each.
        seed : int, default 0
            Which.

        Returns
        -------
        vectors : ndarray of shape (people * photos, 32), float32
            Raw rows, mixed.
        groups : ndarray of shape (people * photos,), int64
            The person of each.
        """
        rng = np.random.default_rng(seed)
        middles = rng.normal(size=(people, 32))
        groups = rng.permutation(np.repeat(np.arange(people), photos))
        vectors = middles[groups] + rng.normal(0, 0.2, (len(groups), 32))
        return vectors.astype(np.float32), groups

    def test_is_a_head(self) -> None:
        """It has the seam's names, and scores everybody."""
        vectors, groups = self.known()
        head = self.head().fit(vectors, groups)
        assert isinstance(head, Head)
        scores = head.scores(vectors[:5])
        assert scores.shape == (5, 12)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()

    def test_a_photo_of_somebody_scores_highest_for_them(self) -> None:
        """Also one that it has not seen."""
        vectors, groups = self.known()
        seen = np.arange(len(groups)) % 3 > 0
        head = self.head().fit(vectors[seen], groups[seen])
        np.testing.assert_array_equal(head.scores(vectors).argmax(axis=1), groups)

    def test_strangers_score_lower(self) -> None:
        """The best score of somebody unknown is below that of a photo of somebody known."""
        vectors, groups = self.known()
        own = np.arange(len(groups)) % 4 > 0
        head = self.head().fit(vectors[own], groups[own])
        strangers = self.known(seed=1)[0]
        known, unknown = head.scores(vectors[~own]).max(1), head.scores(strangers).max(1)
        assert np.median(known) > np.quantile(unknown, 0.9)

    def test_a_row_is_scored_the_same_in_any_company(self) -> None:
        """Alone or in a batch; and none is fine."""
        vectors, groups = self.known()
        head = self.head().fit(vectors, groups)
        together = head.scores(vectors)
        for row in (0, 7):
            alone = head.scores(vectors[row : row + 1])
            np.testing.assert_allclose(alone[0], together[row], rtol=1e-4, atol=1e-5)
        assert head.scores(vectors[:0]).shape == (0, 12)

    def test_two_people_with_one_photo_each_are_enough(self) -> None:
        """The smallest gallery that there is something to tell apart in."""
        vectors, groups = self.known(people=2, photos=1)
        head = self.head().fit(vectors, groups)
        np.testing.assert_array_equal(head.scores(vectors).argmax(axis=1), groups)

    def test_one_photo_or_many(self) -> None:
        """Everybody is found, whether there is one photo of them or there are six."""
        vectors, groups = self.known(photos=7)
        first = np.unique(groups, return_index=True)[1]
        kept = np.isin(np.arange(len(groups)), first) | (groups % 2 == 0)
        kept[np.flatnonzero(groups == 0)[-1]] = False
        head = self.head().fit(vectors[kept], groups[kept])
        np.testing.assert_array_equal(head.scores(vectors[~kept]).argmax(axis=1), groups[~kept])

    def test_is_the_same_when_it_is_made_again(self) -> None:
        """From plain float32 numbers, and with the same scores."""
        vectors, groups = self.known()
        head = self.head().fit(vectors, groups)
        arrays = head.arrays()
        assert all(array.dtype == np.float32 for array in arrays.values())
        again = self.head().restore(arrays, vectors, groups)
        np.testing.assert_array_equal(again.scores(vectors), head.scores(vectors))

    def test_learns_the_same_every_time(self) -> None:
        """No chance in it."""
        vectors, groups = self.known()
        one, other = self.head().fit(vectors, groups), self.head().fit(vectors, groups)
        np.testing.assert_array_equal(one.scores(vectors), other.scores(vectors))

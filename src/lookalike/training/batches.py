"""Batches of P people with K photos each, drawn anew at each step.

What a step sees follows from the seed, the step and the process alone. A run that goes on after it
was killed needs no state of a random generator to see what it would have seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.training.config import ScheduleConfig


class Batches:
    """Draws batches.

    Parameters
    ----------
    groups : ndarray of shape (n,), int64
        The person of each row.
    people : sequence of int
        Whom to draw from.
    schedule : ScheduleConfig
        How many people and photos.
    seed : int
        The same seed, the same batches.

    Raises
    ------
    TrainingError
        If there are fewer people than a batch has.

    References
    ----------
    Hermans, Beyer, Leibe, "In Defense of the Triplet Loss for Person Re-Identification", 2017.
    """

    def __init__(
        self,
        groups: NDArray[np.int64],
        people: Sequence[int],
        schedule: ScheduleConfig,
        seed: int,
    ) -> None:
        if len(people) < schedule.people:
            raise TrainingError(
                f"a batch has {schedule.people} people, and there are {len(people)} to learn from",
                f"schedule.people = {len(people)} or fewer",
            )
        self._rows = [np.flatnonzero(groups == one) for one in people]
        self._schedule = schedule
        self._seed = seed

    def draw(self, step: int, turn: int = 0, process: int = 0) -> tuple[NDArray[np.int64], ...]:
        """Draw a batch.

        Parameters
        ----------
        step, turn, process : int
            Which one: the change of the weights, the batch of it, and the process that asks.

        Returns
        -------
        rows : ndarray of shape (people * photos,), int64
            A person with fewer photos shows some of them again.
        labels : ndarray of shape (people * photos,), int64
            The person of each: a position among those who are drawn from.
        """
        rng = np.random.default_rng([self._seed, step, turn, process])
        chosen = rng.choice(len(self._rows), self._schedule.people, replace=False)
        photos = self._schedule.photos
        rows = [
            rng.choice(self._rows[one], photos, replace=len(self._rows[one]) < photos)
            for one in chosen
        ]
        return np.concatenate(rows), np.repeat(chosen, photos)

    def seed_of(self, step: int, turn: int, process: int) -> int:
        """Return the seed of whatever else is drawn for a batch.

        Parameters
        ----------
        step, turn, process : int
            Which batch.

        Returns
        -------
        int
            Below 2**32.
        """
        parts = np.random.SeedSequence([self._seed, step, turn, process]).generate_state(1)
        return int(parts[0])

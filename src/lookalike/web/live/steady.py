"""Answers that do not flicker: who is shown stays until somebody else was nearer for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lookalike.types import Match

#: For how long, and how often, somebody else must come first before being shown.
_FOR_S: Final = 0.7
_TIMES: Final = 4


@dataclass(slots=True)
class Steady:
    """What is shown of one track.

    Parameters
    ----------
    shown : tuple of Match
        The answer that is shown.
    challenger : str
        The id of whoever else came first the last times.
    since_s : float
        Since when.
    times : int
        How often.
    """

    shown: tuple[Match, ...] = ()
    challenger: str = ""
    since_s: float = 0.0
    times: int = 0

    def update(self, matches: tuple[Match, ...], now_s: float) -> tuple[Match, ...]:
        """Take a new answer into account.

        Parameters
        ----------
        matches : tuple of Match
            The most alike first.
        now_s : float
            When, in seconds.

        Returns
        -------
        tuple of Match
            What to show: the new answer, unless it names somebody new too early.
        """
        if not matches or not self.shown or matches[0].person.id == self.shown[0].person.id:
            self.shown, self.challenger = matches or self.shown, ""
            return self.shown
        if matches[0].person.id != self.challenger:
            self.challenger, self.since_s, self.times = matches[0].person.id, now_s, 0
        self.times += 1
        if self.times >= _TIMES and now_s - self.since_s >= _FOR_S:
            self.shown, self.challenger = matches, ""
        return self.shown

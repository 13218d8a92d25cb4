"""A few photos that go to a worker together, until it is known what became of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lookalike.cluster.looking import Looked
from lookalike.cluster.sending import Held, held, sent
from lookalike.errors import ImageHarmful, ImageTooSlow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from distributed import Future

    from lookalike.cluster.looking import Answer
    from lookalike.types import Candidate

_HINT: Final = "look at the file elsewhere; builds pass over it until it changes"


class Part:
    """Photos of one task, and of those that follow it where something goes wrong.

    A task that ended its workers is done again one photo at a time, until the one that does it is
    found; the rest goes together again. So such a photo costs itself alone.

    Parameters
    ----------
    candidates : sequence of Candidate
        The photos.

    Attributes
    ----------
    candidates : list of Candidate
        The photos, as they were offered.
    looked : list of Looked
        What became of them so far, in order.
    task : Future or None
        The task that is under way.
    """

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = list(candidates)
        self.looked: list[Looked] = []
        self.task: Future[Answer] | None = None
        self._singly = False
        self._sent = list(candidates)

    @property
    def done(self) -> bool:
        """Whether it is known what became of every photo."""
        return len(self.looked) == len(self.candidates)

    def next(self, *, read_here: bool) -> list[Candidate]:
        """Return what has to be looked at next.

        Parameters
        ----------
        read_here : bool
            Whether workers cannot read the files themselves.

        Returns
        -------
        list of Candidate
            All photos that are left, or one where one of them ends workers.
        """
        start = len(self.looked)
        stop = start + 1 if self._singly else len(self.candidates)
        for at in range(start, stop):
            self._sent[at] = sent(self._sent[at], read_here=read_here)
        return self._sent[start:stop]

    def take(self, answer: Answer) -> bool:
        """Note what a worker answered.

        A file that a worker cannot read may be one that only this process sees: it is read here
        before that is believed.

        Parameters
        ----------
        answer : Answer
            Of the last task.

        Returns
        -------
        bool
            Whether a file could be read here that the worker could not read.
        """
        self.task = None
        for looked in answer.looked:
            if looked.fault is None or isinstance(looked.fault, ImageTooSlow):
                self.looked.append(looked)
                continue
            at = len(self.looked)
            read = self._sent[at].load
            if not isinstance(read, Held):
                read = held(self.candidates[at])
                if isinstance(read.content, bytes):
                    self._sent[at] = replace(self.candidates[at], load=read)
                    return True
                self.looked.append(Looked(fault=read.content))
            else:
                self.looked.append(looked)
        return False

    def crash(self) -> None:
        """Note that the last task ended every worker that tried it."""
        self.task = None
        if not self._singly and len(self.candidates) - len(self.looked) > 1:
            self._singly = True
            return
        uri = self.candidates[len(self.looked)].uri
        words = f"{uri} ends the process that looks at it"
        self.looked.append(Looked(fault=ImageHarmful(words, _HINT)))
        self._singly = False

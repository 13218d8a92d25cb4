"""Files on their way to an analyzer, read ahead of its answers.

An analyzer works best on one long stream of photos, but what becomes of a photo can depend on
what became of earlier ones, see `Settling`. So a stream ends where the next photo has to wait for
answers that are still to come, and the rest goes into another stream. The outcome is that of one
batch after the other.
"""

from __future__ import annotations

import hashlib
from collections import deque
from itertools import chain
from typing import TYPE_CHECKING, Final

from lookalike.errors import ImageError
from lookalike.gallery.building.settling import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.gallery.building.settling import Batch, Settling
    from lookalike.types import Candidate

#: So many photos in a row that need not be looked at end a stream, too, lest the ones before them
#: wait for the next one that does before they are written.
_UNSEEN: Final = 64


class Intake:
    """Photos between being offered and being looked at.

    Parameters
    ----------
    batches : iterator of list of Candidate
        What is offered, in order, in the batches that are written.
    settling : Settling
        Decides what is looked at.

    Attributes
    ----------
    ended : bool
        Whether everything has been offered.
    """

    def __init__(self, batches: Iterator[list[Candidate]], settling: Settling) -> None:
        self.ended = False
        self._settling = settling
        self._asked: deque[Opened] = deque()
        self._files = self._read(batches)

    def photos(self) -> Iterator[bytes]:
        """Read files, as far as one stream can go.

        Yields
        ------
        bytes
            The next file to look at.
        """
        unseen = 0
        for file in self._files:
            if file is not None and self._settling.waits(file[0]):
                self._files = chain([file], self._files)
                return
            if file is not None and self._settling.wants(file[0]):
                unseen = 0
                self._asked.append(file[0])
                yield file[1]
            elif (unseen := unseen + 1) == _UNSEEN:
                return
        self.ended = True

    def asked(self) -> Iterator[Opened]:
        """Say which photos the files are of.

        Yields
        ------
        Opened
            One for each file of this stream, in order.
        """
        while self._asked:
            yield self._asked.popleft()

    def _read(self, batches: Iterator[list[Candidate]]) -> Iterator[tuple[Opened, bytes] | None]:
        """Read all files in turn; None for one that is turned down before it is read."""
        for candidates in batches:
            batch = self._settling.begin(candidates)
            for candidate in candidates:
                data = self._loaded(candidate, batch)
                if data is None:
                    yield None
                else:
                    yield Opened(candidate, hashlib.sha256(data).hexdigest(), batch), data

    def _loaded(self, candidate: Candidate, batch: Batch) -> bytes | None:
        if not self._settling.admits(candidate, batch):
            return None
        try:
            return candidate.load()
        except ImageError as error:
            self._settling.unreadable(candidate, batch, error)
            return None

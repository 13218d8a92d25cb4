"""Photos on their way into a gallery: read ahead of their analyses, written in whole batches.

An analyzer works best on one long stream of photos, but what becomes of a photo can depend on
what became of earlier ones: a copy of a photo that was used is a duplicate, and a copy of one
that was not used is looked at again in the next batch. So a stream ends where the next photo has
to wait for answers that are still to come, and the rest goes into another stream. The outcome is
that of one batch after the other.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol

from lookalike.errors import ImageError, ImageHarmful, ImageMissing, ImageTooLarge, ImageTooSlow
from lookalike.gallery.records import FaceRecord, LedgerEntry, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.types import Candidate

#: So many photos in a row that need not be looked at end a stream, too, lest the ones before them
#: wait for the next one that does before they are written.
_UNSEEN: Final = 64

_REASONS: Final[tuple[tuple[type[ImageError], Reason], ...]] = (
    (ImageTooLarge, Reason.TOO_LARGE),
    (ImageMissing, Reason.MISSING),
    (ImageTooSlow, Reason.TOO_SLOW),
    (ImageHarmful, Reason.CRASHES),
)


@dataclass(slots=True)
class Batch:
    """Photos that are written together.

    Parameters
    ----------
    candidates : list of Candidate
        All of them.
    records : list of FaceRecord
        What goes into the gallery.
    unread : list of LedgerEntry
        Photos that were turned down without having been looked at.
    unfit : list of LedgerEntry
        Photos that were turned down after that.
    """

    candidates: list[Candidate]
    records: list[FaceRecord] = field(default_factory=list)
    unread: list[LedgerEntry] = field(default_factory=list)
    unfit: list[LedgerEntry] = field(default_factory=list)

    def whole(self) -> bool:
        """Tell whether it is known what becomes of every photo.

        Returns
        -------
        bool
            Whether the batch can be written.
        """
        known = len(self.records) + len(self.unread) + len(self.unfit)
        return known == len(self.candidates)


@dataclass(frozen=True, slots=True)
class Asked:
    """A photo that is being looked at.

    Parameters
    ----------
    candidate : Candidate
        The photo.
    sha256 : str
        Of its file.
    batch : Batch
        The one that it belongs to.
    """

    candidate: Candidate
    sha256: str
    batch: Batch


class Photographed(Protocol):
    """A photo whose file has been read."""

    @property
    def candidate(self) -> Candidate:
        """What the source says of it."""
        ...

    @property
    def sha256(self) -> str:
        """The file's digest; empty if it could not be read."""
        ...


class Intake:
    """Photos between being offered and being written.

    Parameters
    ----------
    batches : iterator of list of Candidate
        What is offered, in order, in the batches that are written.
    source : str
        The name of their source.
    digests : dict of str to tuple of (str, str)
        Source and uri of each photo in the gallery, by SHA-256; kept up to date.
    opted_out : frozenset of str
        Ids of people, and SHA-256 of photos, that shall never be in a gallery.

    Attributes
    ----------
    ended : bool
        Whether everything has been offered.
    """

    def __init__(
        self,
        batches: Iterator[list[Candidate]],
        source: str,
        digests: dict[str, tuple[str, str]],
        opted_out: frozenset[str],
    ) -> None:
        self.ended = False
        self._source, self._digests, self._opted_out = source, digests, opted_out
        self._held = {uri: sha256 for sha256, (of, uri) in digests.items() if of == source}
        self._batches: deque[Batch] = deque()
        self._asked: deque[Asked] = deque()
        self._undecided: dict[str, Batch] = {}
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
            if file is not None and self._undecided_before(file[0]):
                self._files = chain([file], self._files)
                return
            if file is not None and self._wanted(file[0]):
                unseen = 0
                yield file[1]
            elif (unseen := unseen + 1) == _UNSEEN:
                return
        self.ended = True

    def asked(self) -> Iterator[Asked]:
        """Say which photos the files are of.

        Yields
        ------
        Asked
            One for each file of this stream, in order.
        """
        while self._asked:
            yield self._asked.popleft()

    def decide(self, photo: Asked, outcome: FaceRecord | LedgerEntry) -> None:
        """Note what becomes of a photo that was looked at.

        Parameters
        ----------
        photo : Asked
            The photo.
        outcome : FaceRecord or LedgerEntry
            Its face, or why there is none.
        """
        if isinstance(outcome, FaceRecord):
            del self._undecided[photo.sha256]
            photo.batch.records.append(outcome)
        else:
            photo.batch.unfit.append(replace(outcome, source=self._source))

    def whole_batches(self) -> Iterator[Batch]:
        """Hand over what can be written.

        Yields
        ------
        Batch
            In order, as far as all is known.
        """
        while self._batches and self._batches[0].whole():
            batch = self._batches.popleft()
            for entry in batch.unfit:
                # Only now: whether a copy in the same batch is looked at must not depend on how far
                # ahead of the answers files are read.
                del self._undecided[entry.sha256]
                self._digests.pop(entry.sha256, None)
            yield batch

    def _read(self, batches: Iterator[list[Candidate]]) -> Iterator[tuple[Asked, bytes] | None]:
        """Read all files in turn; None for one that is turned down before it is read."""
        for candidates in batches:
            batch = Batch(candidates)
            self._batches.append(batch)
            for candidate in candidates:
                # What a photo held before it changed is no duplicate of it.
                self._digests.pop(self._held.get(candidate.uri, ""), None)
            for candidate in candidates:
                data = self._loaded(candidate, batch)
                if data is None:
                    yield None
                else:
                    yield Asked(candidate, hashlib.sha256(data).hexdigest(), batch), data

    def _loaded(self, candidate: Candidate, batch: Batch) -> bytes | None:
        unread = Asked(candidate, "", batch)
        if candidate.person.id in self._opted_out:
            self._turn_down(unread, Reason.OPTED_OUT, "this person opted out")
            return None
        try:
            return candidate.load()
        except ImageError as error:
            self._turn_down(unread, reason_of(error), error.message)
            return None

    def _undecided_before(self, photo: Asked) -> bool:
        """Tell whether the same file may yet be turned down in an earlier batch."""
        return self._undecided.get(photo.sha256, photo.batch) is not photo.batch

    def _wanted(self, photo: Asked) -> bool:
        """Tell whether a photo shall be looked at, and note it either way."""
        sha256 = photo.sha256
        same = self._digests.get(sha256)
        if sha256 in self._opted_out:
            self._turn_down(photo, Reason.OPTED_OUT, "this photo opted out")
            return False
        if same is not None:
            where = same[1] if same[0] == self._source else f"{same[1]} of {same[0]}"
            self._turn_down(photo, Reason.DUPLICATE, f"same file as {where}")
            return False
        self._digests[sha256] = self._source, photo.candidate.uri
        self._undecided[sha256] = photo.batch
        self._asked.append(photo)
        return True

    def _turn_down(self, photo: Asked, reason: Reason, detail: str) -> None:
        entry = entry_of(photo, reason, detail)
        photo.batch.unread.append(replace(entry, source=self._source))


def entry_of(photo: Photographed, reason: Reason, detail: str) -> LedgerEntry:
    """Write down why a photo is not used.

    Parameters
    ----------
    photo : Photographed
        The photo.
    reason : Reason
        Why.
    detail : str
        The same in words.

    Returns
    -------
    LedgerEntry
        For the gallery's ledger.
    """
    one = photo.candidate
    return LedgerEntry(one.uri, one.stamp, one.person.name, photo.sha256, reason, detail)


def reason_of(error: ImageError) -> Reason:
    """Sort a photo that cannot be read.

    Parameters
    ----------
    error : ImageError
        Why it cannot.

    Returns
    -------
    Reason
        The same for the ledger.
    """
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), Reason.UNREADABLE)

"""What becomes of photos, decided in the order in which they are offered.

A copy of a photo that was used is a duplicate; a copy of one that was not used is looked at again
in the next batch. Whoever looks at photos, and however far ahead: decided in this order, and
batch by batch, the same photos make the same gallery.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lookalike.gallery.records import FaceRecord, LedgerEntry, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.errors import ImageError
    from lookalike.types import Candidate


@dataclass(slots=True)
class Batch:
    """Photos that are written together.

    Parameters
    ----------
    candidates : list of Candidate
        All of them.
    records : list of FaceRecord
        What goes into the gallery.
    unseen : list of LedgerEntry
        Photos that were turned down without having been looked at.
    unfit : list of LedgerEntry
        Photos that were turned down after that.
    """

    candidates: list[Candidate]
    records: list[FaceRecord] = field(default_factory=list)
    unseen: list[LedgerEntry] = field(default_factory=list)
    unfit: list[LedgerEntry] = field(default_factory=list)

    def whole(self) -> bool:
        """Tell whether it is known what becomes of every photo.

        Returns
        -------
        bool
            Whether the batch can be written.
        """
        known = len(self.records) + len(self.unseen) + len(self.unfit)
        return known == len(self.candidates)


@dataclass(frozen=True, slots=True)
class Opened:
    """A photo whose file has been read.

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


class Settling:
    """Decides about the photos of one source.

    Batches are begun one after the other. Of each photo it is told, in this order: whether its
    person may be there at all (`admits`), whether its file could be read (`unreadable`), whether
    it is worth a look (`wants`), and what the look brought (`decide`). Only the last may come
    later than what is told of the photos that follow.

    Parameters
    ----------
    source : str
        The name of the source.
    digests : dict of str to tuple of (str, str)
        Source and uri of each photo in the gallery, by SHA-256; kept up to date.
    opted_out : frozenset of str
        Ids of people, and SHA-256 of photos, that shall never be in a gallery.

    Attributes
    ----------
    held : dict of str to str
        SHA-256 of each photo of the source that is in the gallery, by uri.
    """

    def __init__(
        self, source: str, digests: dict[str, tuple[str, str]], opted_out: frozenset[str]
    ) -> None:
        self.held = {uri: sha256 for sha256, (of, uri) in digests.items() if of == source}
        self._source, self._digests, self._opted_out = source, digests, opted_out
        self._batches: deque[Batch] = deque()
        self._undecided: dict[str, Batch] = {}

    def begin(self, candidates: list[Candidate]) -> Batch:
        """Begin with the next batch.

        Parameters
        ----------
        candidates : list of Candidate
            Its photos.

        Returns
        -------
        Batch
            Nothing is decided about it yet.
        """
        batch = Batch(candidates)
        self._batches.append(batch)
        for candidate in candidates:
            # What a photo held before it changed is no duplicate of it.
            self._digests.pop(self.held.get(candidate.uri, ""), None)
        return batch

    def admits(self, candidate: Candidate, batch: Batch) -> bool:
        """Tell whether a photo's person may be in a gallery, and note it if not.

        Parameters
        ----------
        candidate : Candidate
            The next photo.
        batch : Batch
            The one that it belongs to.

        Returns
        -------
        bool
            Whether the file is to be read.
        """
        if candidate.person.id not in self._opted_out:
            return True
        entry = LedgerEntry.of(candidate, "", Reason.OPTED_OUT, "this person opted out")
        self._pass_over(entry, batch)
        return False

    def unreadable(self, candidate: Candidate, batch: Batch, error: ImageError) -> None:
        """Note that a file cannot be read.

        Parameters
        ----------
        candidate : Candidate
            The photo.
        batch : Batch
            The one that it belongs to.
        error : ImageError
            Why it cannot.
        """
        self._pass_over(LedgerEntry.unread(candidate, "", error), batch)

    def waits(self, photo: Opened) -> bool:
        """Tell whether the same file may yet be turned down in an earlier batch.

        Parameters
        ----------
        photo : Opened
            The next photo.

        Returns
        -------
        bool
            Whether `wants` cannot tell yet.
        """
        return self._undecided.get(photo.sha256, photo.batch) is not photo.batch

    def wants(self, photo: Opened) -> bool:
        """Tell whether a photo shall be looked at, and note it either way.

        Parameters
        ----------
        photo : Opened
            The next photo, which does not have to wait.

        Returns
        -------
        bool
            Whether `decide` shall be told of it.
        """
        sha256 = photo.sha256
        same = self._digests.get(sha256)
        if sha256 in self._opted_out:
            reason, words = Reason.OPTED_OUT, "this photo opted out"
        elif same is not None:
            where = same[1] if same[0] == self._source else f"{same[1]} of {same[0]}"
            reason, words = Reason.DUPLICATE, f"same file as {where}"
        else:
            self._digests[sha256] = self._source, photo.candidate.uri
            self._undecided[sha256] = photo.batch
            return True
        self._pass_over(LedgerEntry.of(photo.candidate, sha256, reason, words), photo.batch)
        return False

    def decide(self, photo: Opened, outcome: FaceRecord | LedgerEntry) -> None:
        """Note what becomes of a photo that was looked at.

        Parameters
        ----------
        photo : Opened
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

    def _pass_over(self, entry: LedgerEntry, batch: Batch) -> None:
        batch.unseen.append(replace(entry, source=self._source))

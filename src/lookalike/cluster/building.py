"""Filling a gallery by workers: they look, this process decides and writes.

Workers do not know of one another's photos, so whether a photo is a duplicate is decided here, in
the order in which photos are offered. A part is written whole and once, whatever happened to the
workers that looked at it, and writing it again would change nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lookalike.cluster.looking import Job
from lookalike.gallery.build import (
    BuildOptions,
    BuildSummary,
    batches_of,
    known_before,
    unseen_of,
)
from lookalike.gallery.facts import require_same
from lookalike.gallery.intake import entry_of, reason_of
from lookalike.gallery.recording import record_of
from lookalike.gallery.records import FaceRecord, LedgerEntry, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lookalike.cluster.crew import Crew
    from lookalike.cluster.looking import Looked
    from lookalike.errors import ImageError
    from lookalike.gallery.seam import Store
    from lookalike.models.options import ModelOptions
    from lookalike.protocols import Source
    from lookalike.types import Analysis, Candidate


@dataclass(frozen=True, slots=True)
class Fetched:
    """A photo whose file has been read.

    Parameters
    ----------
    candidate : Candidate
        What the source says of it.
    sha256 : str
        The file's digest; empty if it could not be read.
    """

    candidate: Candidate
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """Makes of a photo what a gallery keeps of it.

    Parameters
    ----------
    source : str
        The name of the source.
    options : BuildOptions
        What to make of photos.
    """

    source: str
    options: BuildOptions

    def __call__(
        self, candidate: Candidate, sha256: str, analysis: Analysis | ImageError
    ) -> FaceRecord | LedgerEntry:
        """Return the face, or why there is none.

        Parameters
        ----------
        candidate : Candidate
            The photo.
        sha256 : str
            Of its file.
        analysis : Analysis or ImageError
            What it shows.

        Returns
        -------
        FaceRecord or LedgerEntry
            For the gallery.
        """
        return record_of(Fetched(candidate, sha256), self.source, analysis, self.options)


def build(
    gallery: Store,
    source: Source,
    crew: Crew,
    models: ModelOptions,
    options: BuildOptions | None = None,
    on_photo: Callable[[str], None] = lambda _uri: None,
) -> BuildSummary:
    """Add a source's photos to a gallery, looked at by workers.

    The gallery is the one that `lookalike.gallery.build.build` makes.

    Parameters
    ----------
    gallery : Store
        Writable, and of the networks' space.
    source : Source
        Where the photos are.
    crew : Crew
        The workers.
    models : ModelOptions
        The networks; each worker runs them on one thread.
    options : BuildOptions, optional
        What to make of the photos.
    on_photo : callable, optional
        Called with the uri of each photo once it is dealt with, for a progress bar.

    Returns
    -------
    BuildSummary
        Counts; each photo that was not used is in the gallery's ledger.

    Raises
    ------
    SpaceMismatch
        If the gallery was made with another number of views.
    ClusterLost, ClusterMismatch, ModelError
        If the workers are gone, or cannot do it.
    GalleryBusy, GalleryUnwritable
        If the gallery cannot be written; what was written before stays.
    """
    options = options or BuildOptions()
    options = replace(options, opted_out=options.opted_out | gallery.opted_out())
    there = gallery.header
    require_same(there, replace(there, views=models.views))
    summary = BuildSummary()
    settling = _Settling(gallery, source.name, options)
    known = known_before(gallery, source.name, settling.held, options)
    unseen = unseen_of(known, source, summary, on_photo)
    # The list of those who opted out stays here.
    making = Recording(source.name, replace(options, opted_out=frozenset()))
    job = Job(replace(models, threads=1), there.space, making, crew.options.photo_s)
    for looked in crew.look(job, settling.asked(batches_of(unseen))):
        candidates, records, turned_down = settling.settle(looked)
        gallery.write(records, turned_down)
        summary.added += len(records)
        summary.turned_down.update(entry.reason for entry in turned_down)
        for candidate in candidates:
            on_photo(candidate.uri)
    return summary


class _Settling:
    """Decides what becomes of photos as one process would that looked at batch after batch."""

    def __init__(self, gallery: Store, source: str, options: BuildOptions) -> None:
        self._digests = gallery.digests()
        self.held = {uri: sha256 for sha256, (of, uri) in self._digests.items() if of == source}
        self._source, self._opted_out = source, options.opted_out
        self._batches: deque[list[Candidate]] = deque()

    def asked(self, batches: Iterator[list[Candidate]]) -> Iterator[list[Candidate]]:
        """Say what to look at of each batch."""
        for batch in batches:
            self._batches.append(batch)
            yield [one for one in batch if one.person.id not in self._opted_out]

    def settle(
        self, looked: list[Looked]
    ) -> tuple[list[Candidate], list[FaceRecord], list[LedgerEntry]]:
        """Decide about the next batch."""
        batch, answers = self._batches.popleft(), iter(looked)
        for candidate in batch:
            # What a photo held before it changed is no duplicate of it.
            self._digests.pop(self.held.get(candidate.uri, ""), None)
        records: list[FaceRecord] = []
        turned_down: list[LedgerEntry] = []
        unfit: list[str] = []
        for candidate in batch:
            outcome = self._unwanted(candidate)
            if outcome is None:
                answer = next(answers)
                outcome = self._turned_down(candidate, answer)
                if outcome is None:
                    outcome = answer.made
                    self._digests[answer.sha256] = self._source, candidate.uri
                    if isinstance(outcome, LedgerEntry):
                        unfit.append(answer.sha256)
            if isinstance(outcome, FaceRecord):
                records.append(outcome)
            else:
                turned_down.append(replace(outcome, source=self._source))
        for sha256 in unfit:
            # A copy in a later batch gets its chance.
            self._digests.pop(sha256, None)
        return batch, records, turned_down

    def _unwanted(self, candidate: Candidate) -> LedgerEntry | None:
        if candidate.person.id not in self._opted_out:
            return None
        return entry_of(Fetched(candidate), Reason.OPTED_OUT, "this person opted out")

    def _turned_down(self, candidate: Candidate, answer: Looked) -> LedgerEntry | None:
        """Turn a photo down for what its face has nothing to do with."""
        photo = Fetched(candidate, answer.sha256)
        if answer.fault is not None:
            return entry_of(photo, reason_of(answer.fault), answer.fault.message)
        if photo.sha256 in self._opted_out:
            return entry_of(photo, Reason.OPTED_OUT, "this photo opted out")
        same = self._digests.get(photo.sha256)
        if same is None:
            return None
        where = same[1] if same[0] == self._source else f"{same[1]} of {same[0]}"
        return entry_of(photo, Reason.DUPLICATE, f"same file as {where}")

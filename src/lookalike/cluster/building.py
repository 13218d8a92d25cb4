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
from lookalike.gallery.building.filling import Filling
from lookalike.gallery.building.recording import record_of
from lookalike.gallery.building.settling import Opened
from lookalike.gallery.storage.facts import require_same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lookalike.cluster.crew import Crew
    from lookalike.cluster.looking import Looked
    from lookalike.errors import ImageError
    from lookalike.gallery.building.options import BuildOptions, BuildSummary
    from lookalike.gallery.records import FaceRecord, LedgerEntry
    from lookalike.gallery.seam import Store
    from lookalike.models.options import ModelOptions
    from lookalike.protocols import Source
    from lookalike.types import Analysis, Candidate


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
        return record_of(candidate, sha256, self.source, analysis, self.options)


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
    there = gallery.header
    require_same(there, replace(there, views=models.views))
    filling = Filling(gallery, source, options, on_photo)
    # The list of those who opted out stays here.
    making = Recording(source.name, replace(filling.options, opted_out=frozenset()))
    job = Job(replace(models, threads=1), there.space, making, crew.options.photo_s)
    asking = _Asking(filling)
    for looked in crew.look(job, asking.parts()):
        asking.take(looked)
        filling.write()
    return filling.summary


class _Asking:
    """Batches that workers look at; what they find is settled in order."""

    def __init__(self, filling: Filling) -> None:
        self._filling, self._settling = filling, filling.settling
        self._batches: deque[list[Candidate]] = deque()

    def parts(self) -> Iterator[list[Candidate]]:
        """Say what to look at of each batch."""
        opted_out = self._filling.options.opted_out
        for batch in self._filling.batches():
            self._batches.append(batch)
            yield [one for one in batch if one.person.id not in opted_out]

    def take(self, looked: list[Looked]) -> None:
        """Settle the next batch."""
        batch = self._settling.begin(self._batches.popleft())
        admitted = [one for one in batch.candidates if self._settling.admits(one, batch)]
        for candidate, answer in zip(admitted, looked, strict=True):
            photo = Opened(candidate, answer.sha256, batch)
            if answer.fault is not None:
                self._settling.unreadable(candidate, batch, answer.fault)
            elif self._settling.wants(photo):
                self._settling.decide(photo, answer.made)

"""What every build does, whoever looks at the photos.

Photos go in in batches, each written whole, so that a build can stop at any moment, and goes on
later without doing anything twice.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from lookalike.gallery.building.options import BuildOptions, BuildSummary
from lookalike.gallery.building.settling import Settling
from lookalike.gallery.building.strictness import still_stands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lookalike.gallery.seam import Store
    from lookalike.protocols import Source
    from lookalike.types import Candidate

#: Photos that are written together: with those that are being looked at, what a kill can cost.
BATCH: Final = 32


class Filling:
    """A gallery that a source's photos are being added to.

    Parameters
    ----------
    gallery : Store
        Writable.
    source : Source
        Where the photos are.
    options : BuildOptions or None
        What to make of them.
    on_photo : callable
        Called with the uri of each photo once it is dealt with, for a progress bar.

    Attributes
    ----------
    options : BuildOptions
        With everybody who opted out.
    settling : Settling
        Decides what becomes of the photos.
    summary : BuildSummary
        What has been done so far.
    """

    def __init__(
        self,
        gallery: Store,
        source: Source,
        options: BuildOptions | None,
        on_photo: Callable[[str], None],
    ) -> None:
        options = options or BuildOptions()
        self.options = replace(options, opted_out=options.opted_out | gallery.opted_out())
        self.settling = Settling(source.name, gallery.digests(), self.options.opted_out)
        self.summary = BuildSummary()
        self._gallery, self._source, self._on_photo = gallery, source, on_photo

    def batches(self) -> Iterator[list[Candidate]]:
        """Divide the photos that have to be looked at into what is written together.

        Yields
        ------
        list of Candidate
            `BATCH` of them; the last may be shorter.
        """
        unknown = self._unknown()
        while batch := list(islice(unknown, BATCH)):
            yield batch

    def write(self) -> None:
        """Write the batches of which all is known, each in one transaction.

        Raises
        ------
        GalleryBusy, GalleryUnwritable
            If it cannot be written; what was written before stays.
        """
        for batch in self.settling.whole_batches():
            turned_down = [*batch.unseen, *batch.unfit]
            self._gallery.write(batch.records, turned_down)
            self.summary.added += len(batch.records)
            self.summary.turned_down.update(entry.reason for entry in turned_down)
            for candidate in batch.candidates:
                self._on_photo(candidate.uri)

    def _unknown(self) -> Iterator[Candidate]:
        """Pass over what earlier runs have dealt with, as the files are now."""
        seen = self._gallery.seen(self._source.name)
        turned_away = self._gallery.turned_away(self._source.name)
        for candidate in self._source:
            self.summary.offered += 1
            if self._known(candidate, seen.get(candidate.uri), turned_away):
                self.summary.known += 1
                self._on_photo(candidate.uri)
            else:
                yield candidate

    def _known(self, candidate: Candidate, kept: str | None, turned_away: dict[str, str]) -> bool:
        options, uri = self.options, candidate.uri
        if not still_stands(kept, candidate.stamp, options.faces, options.min_quality):
            return False
        digest = turned_away.get(uri, self.settling.held.get(uri))
        opted_out = not options.opted_out.isdisjoint([candidate.person.id, digest])
        # Who opted out after being added is taken out, and who changed their mind comes back.
        return opted_out == (uri in turned_away)

"""Filling a gallery from a source.

Photos go in in batches, each written whole, so that a build can stop at any moment, and goes on
later without doing anything twice.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from lookalike.gallery.build_options import BuildOptions, BuildSummary
from lookalike.gallery.facts import require_same
from lookalike.gallery.intake import Intake
from lookalike.gallery.recording import record_of
from lookalike.gallery.strictness import still_stands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lookalike.errors import ImageError
    from lookalike.gallery.seam import Store
    from lookalike.protocols import Analyzer, Source
    from lookalike.types import Analysis, Candidate

__all__ = [
    "BuildOptions",
    "BuildSummary",
    "batches_of",
    "build",
    "known_before",
    "unseen_of",
]

#: Photos that are written together: with those that are being looked at, what a kill can cost.
BATCH: Final = 32


def build(
    gallery: Store,
    source: Source,
    analyzer: Analyzer,
    options: BuildOptions | None = None,
    on_photo: Callable[[str], None] = lambda _uri: None,
) -> BuildSummary:
    """Add a source's photos to a gallery.

    Parameters
    ----------
    gallery : Store
        Writable, and of the analyzer's space.
    source : Source
        Where the photos are.
    analyzer : Analyzer
        What finds and encodes their faces.
    options : BuildOptions, optional
        What to make of them.
    on_photo : callable, optional
        Called with the uri of each photo once it is dealt with, for a progress bar.

    Returns
    -------
    BuildSummary
        Counts; each photo that was not used is in the gallery's ledger.

    Raises
    ------
    SpaceMismatch
        If the gallery was made with another encoder or another number of views.
    GalleryBusy, GalleryUnwritable
        If it cannot be written; what was written before stays.
    """
    options = options or BuildOptions()
    options = replace(options, opted_out=options.opted_out | gallery.opted_out())
    there = gallery.header
    require_same(there, replace(there, space=analyzer.space, views=analyzer.views))
    summary = BuildSummary()
    digests = gallery.digests()
    held = {uri: sha256 for sha256, (of, uri) in digests.items() if of == source.name}
    passed_over = known_before(gallery, source.name, held, options)
    unseen = unseen_of(passed_over, source, summary, on_photo)
    intake = Intake(batches_of(unseen), source.name, digests, options.opted_out)
    while not intake.ended:
        with _ended(analyzer.analyze(intake.photos())) as analyses:
            for analysis, photo in zip(analyses, intake.asked(), strict=True):
                intake.decide(photo, record_of(photo, source.name, analysis, options))
                _write(gallery, intake, summary, on_photo)
        _write(gallery, intake, summary, on_photo)
    return summary


@contextlib.contextmanager
def _ended(
    analyses: Iterator[Analysis | ImageError],
) -> Iterator[Iterator[Analysis | ImageError]]:
    """Let whatever works on photos stop with the block, also when it is interrupted."""
    try:
        yield analyses
    finally:
        close = getattr(analyses, "close", None)
        if close is not None:
            close()


def _write(
    gallery: Store,
    intake: Intake,
    summary: BuildSummary,
    on_photo: Callable[[str], None],
) -> None:
    """Write the batches of which all is known, each in one transaction."""
    for batch in intake.whole_batches():
        turned_down = [*batch.unread, *batch.unfit]
        gallery.write(batch.records, turned_down)
        summary.added += len(batch.records)
        summary.turned_down.update(entry.reason for entry in turned_down)
        for candidate in batch.candidates:
            on_photo(candidate.uri)


def known_before(
    gallery: Store, source: str, held: dict[str, str], options: BuildOptions
) -> Callable[[Candidate], bool]:
    """Return what tells whether an earlier run has dealt with a photo, as the file is now.

    Parameters
    ----------
    gallery : Store
        What earlier runs have written.
    source : str
        The name of the source.
    held : dict of str to str
        SHA-256 of each photo of the source that is used, by uri.
    options : BuildOptions
        What is made of photos now.

    Returns
    -------
    callable
        Takes a candidate.
    """
    seen = gallery.seen(source)
    turned_away = gallery.turned_away(source)

    def known(candidate: Candidate) -> bool:
        uri = candidate.uri
        kept = seen.get(uri)
        if not still_stands(kept, candidate.stamp, options.faces, options.min_quality):
            return False
        digest = turned_away.get(uri, held.get(uri))
        opted_out = not options.opted_out.isdisjoint([candidate.person.id, digest])
        # Who opted out after being added is taken out, and who changed their mind comes back.
        return opted_out == (uri in turned_away)

    return known


def unseen_of(
    known: Callable[[Candidate], bool],
    source: Source,
    summary: BuildSummary,
    on_photo: Callable[[str], None],
) -> Iterator[Candidate]:
    """Pass over what is known.

    Parameters
    ----------
    known : callable
        See `known_before`.
    source : Source
        The photos.
    summary : BuildSummary
        Where to count them.
    on_photo : callable
        Called with the uri of each photo that is passed over.

    Yields
    ------
    Candidate
        The others.
    """
    for candidate in source:
        summary.offered += 1
        if known(candidate):
            summary.known += 1
            on_photo(candidate.uri)
        else:
            yield candidate


def batches_of(candidates: Iterable[Candidate]) -> Iterator[list[Candidate]]:
    """Divide photos into what is written together.

    Parameters
    ----------
    candidates : iterable of Candidate
        Any number.

    Yields
    ------
    list of Candidate
        `BATCH` of them; the last may be shorter.
    """
    stream = iter(candidates)
    while batch := list(islice(stream, BATCH)):
        yield batch

"""Filling a gallery from a source.

Photos go in in batches, each written whole, so that a build can stop at any moment, and goes on
later without doing anything twice.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from lookalike.alignment import EYES, cutout
from lookalike.encoding.gate import scores
from lookalike.errors import ImageError
from lookalike.gallery.choice import Choice, check_choice, choose_face, stated_face
from lookalike.gallery.facts import require_same
from lookalike.gallery.intake import Asked, Intake, entry_of, reason_of
from lookalike.gallery.pictures import PORTRAIT_PX
from lookalike.gallery.records import FaceRecord, LedgerEntry, Reason
from lookalike.gallery.strictness import stamp_when_refused, still_stands
from lookalike.images import encode_jpeg
from lookalike.types import Photo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lookalike.gallery.seam import Store
    from lookalike.protocols import Analyzer, Source
    from lookalike.types import Analysis, Candidate

#: Photos that are written together: with those that are being looked at, what a kill can cost.
BATCH: Final = 32


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What to make of photos.

    Parameters
    ----------
    faces : {"dominant", "largest", "centered", "only"}
        Which face of a photo is the person's, see `choose_face`.
    portrait_px : int
        Side in pixels of the largest portrait that can be cut from what is stored of a photo; 0
        stores nothing.
    min_quality : float
        The quality that a face must have, 0 to 1, see `lookalike.encoding.quality`; 0 takes all,
        0.25 is mild, 0.5 strict.
    opted_out : frozenset of str
        Ids of people, and SHA-256 of photos, that shall never be in a gallery.
    """

    faces: Choice = "dominant"
    portrait_px: int = PORTRAIT_PX
    min_quality: float = 0.0
    opted_out: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Check the choice."""
        check_choice(self.faces)


@dataclass(slots=True)
class BuildSummary:
    """What a build did.

    Parameters
    ----------
    offered : int
        Photos that the source offered.
    known : int
        Photos that an earlier run had dealt with.
    added : int
        Photos that were added.
    turned_down : Counter of Reason
        Photos that were not used, by reason.
    """

    offered: int = 0
    known: int = 0
    added: int = 0
    turned_down: Counter[Reason] = field(default_factory=Counter)


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
    passed_over = _known(gallery, source.name, held, options)
    unseen = _unseen(passed_over, source, summary, on_photo)
    intake = Intake(_batches(unseen), source.name, digests, options.opted_out)
    while not intake.ended:
        with _ended(analyzer.analyze(intake.photos())) as analyses:
            for analysis, photo in zip(analyses, intake.asked(), strict=True):
                intake.decide(photo, _record(photo, source.name, analysis, options))
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


def _known(
    gallery: Store, source: str, held: dict[str, str], options: BuildOptions
) -> Callable[[Candidate], bool]:
    """Return what tells whether an earlier run has dealt with a photo, as the file is now."""
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


def _unseen(
    known: Callable[[Candidate], bool],
    source: Source,
    summary: BuildSummary,
    on_photo: Callable[[str], None],
) -> Iterator[Candidate]:
    """Pass over what is known."""
    for candidate in source:
        summary.offered += 1
        if known(candidate):
            summary.known += 1
            on_photo(candidate.uri)
        else:
            yield candidate


def _batches(candidates: Iterable[Candidate]) -> Iterator[list[Candidate]]:
    stream = iter(candidates)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _record(
    photo: Asked, source: str, analysis: Analysis | ImageError, options: BuildOptions
) -> FaceRecord | LedgerEntry:
    """Decide what becomes of a photo that was looked at."""
    candidate = photo.candidate
    if isinstance(analysis, ImageError):
        return entry_of(photo, reason_of(analysis), analysis.message)
    if len(analysis) == 0:
        return entry_of(photo, Reason.NO_FACE, "no face was found")
    row = _row_of(candidate, analysis, options)
    if row is None:
        words = f"{len(analysis)} faces, and none stands out"
        stamp = stamp_when_refused(candidate.stamp, options.faces)
        return replace(entry_of(photo, Reason.SEVERAL_FACES, words), stamp=stamp)
    quality = float(scores(analysis)[row])
    if quality < options.min_quality:
        words = f"quality {quality:.2f}, at least {options.min_quality:.2f} is wanted"
        stamp = stamp_when_refused(candidate.stamp, options.faces, quality)
        return replace(entry_of(photo, Reason.LOW_QUALITY, words), stamp=stamp)
    image = analysis.image
    (face,) = analysis.faces.take([row])
    thumbnail, points = b"", None
    if options.portrait_px:
        cut, points = cutout(image, face, EYES * options.portrait_px)
        thumbnail = encode_jpeg(cut.pixels)
    (face,) = analysis.faces.take([row]).scaled(image.reduction)
    return FaceRecord(
        candidate.person,
        Photo(
            photo.sha256,
            candidate.uri,
            candidate.licence,
            candidate.credit,
            candidate.page,
            source,
            candidate.attributes,
        ),
        candidate.stamp,
        face,
        analysis.embeddings.vectors[row],
        thumbnail,
        points,
        quality,
        (image.width * image.reduction, image.height * image.reduction),
    )


def _row_of(candidate: Candidate, analysis: Analysis, options: BuildOptions) -> int | None:
    """Choose the face of the person, by what the source says if it says anything."""
    if candidate.face is None:
        return choose_face(analysis.image, analysis.faces, options.faces)
    return stated_face(analysis.image, analysis.faces, candidate.face)

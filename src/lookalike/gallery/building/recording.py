"""From what a photo shows to what a gallery keeps of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lookalike.alignment import EYES, cutout
from lookalike.encoding.gate import scores
from lookalike.errors import ImageError
from lookalike.gallery.building.choice import face_of
from lookalike.gallery.building.strictness import stamp_when_refused
from lookalike.gallery.records import FaceRecord, LedgerEntry, Reason
from lookalike.images import encode_jpeg
from lookalike.types import Photo

if TYPE_CHECKING:
    from lookalike.gallery.building.options import BuildOptions
    from lookalike.types import Analysis, Candidate


def record_of(
    candidate: Candidate,
    sha256: str,
    source: str,
    analysis: Analysis | ImageError,
    options: BuildOptions,
) -> FaceRecord | LedgerEntry:
    """Decide what becomes of a photo that was looked at.

    Parameters
    ----------
    candidate : Candidate
        The photo.
    sha256 : str
        Of its file.
    source : str
        The name of its source.
    analysis : Analysis or ImageError
        What it shows, or why it cannot be read.
    options : BuildOptions
        What to make of it.

    Returns
    -------
    FaceRecord or LedgerEntry
        Its face, or why there is none.
    """
    if isinstance(analysis, ImageError):
        return LedgerEntry.unread(candidate, sha256, analysis)
    if len(analysis) == 0:
        return LedgerEntry.of(candidate, sha256, Reason.NO_FACE, "no face was found")
    row = face_of(candidate, analysis.image, analysis.faces, options.faces)
    if row is None:
        words = f"{len(analysis)} faces, and none stands out"
        stamp = stamp_when_refused(candidate.stamp, options.faces)
        return replace(LedgerEntry.of(candidate, sha256, Reason.SEVERAL_FACES, words), stamp=stamp)
    quality = float(scores(analysis)[row])
    if quality < options.min_quality:
        words = f"quality {quality:.2f}, at least {options.min_quality:.2f} is wanted"
        stamp = stamp_when_refused(candidate.stamp, options.faces, quality)
        return replace(LedgerEntry.of(candidate, sha256, Reason.LOW_QUALITY, words), stamp=stamp)
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
            sha256,
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

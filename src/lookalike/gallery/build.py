"""Filling a gallery from a source."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from lookalike.gallery.building.filling import Filling
from lookalike.gallery.building.intake import Intake
from lookalike.gallery.building.options import BuildOptions, BuildSummary
from lookalike.gallery.building.recording import record_of
from lookalike.gallery.storage.facts import require_same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lookalike.errors import ImageError
    from lookalike.gallery.seam import Store
    from lookalike.protocols import Analyzer, Source
    from lookalike.types import Analysis

__all__ = ["BuildOptions", "BuildSummary", "build"]


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
    there = gallery.header
    require_same(there, replace(there, space=analyzer.space, views=analyzer.views))
    filling = Filling(gallery, source, options, on_photo)
    intake = Intake(filling.batches(), filling.settling)
    while not intake.ended:
        with _ended(analyzer.analyze(intake.photos())) as analyses:
            for analysis, photo in zip(analyses, intake.asked(), strict=True):
                made = record_of(
                    photo.candidate, photo.sha256, source.name, analysis, filling.options
                )
                filling.settling.decide(photo, made)
                filling.write()
        filling.write()
    return filling.summary


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

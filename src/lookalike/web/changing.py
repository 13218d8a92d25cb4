"""Changing galleries: adding photos of somebody, taking somebody out, and looking for mistakes."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.errors import OptionError, UnknownName
from lookalike.gallery import care
from lookalike.gallery.asking.rarity import LEARNED
from lookalike.gallery.audit import AuditOptions, audit, decisions_of
from lookalike.gallery.build import BuildOptions, build
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.opening import open_store
from lookalike.gallery.opt_out import opted_out
from lookalike.gallery.starter import starter_path
from lookalike.sources.listed import Provenance
from lookalike.types import Person
from lookalike.web.gallery_answers import AddedAnswer, AuditAnswer, RemovedAnswer, SuggestionAnswer
from lookalike.web.uploads import UploadedSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lookalike.gallery.seam import Store
    from lookalike.web.asked import AddAsked
    from lookalike.web.shelf import Shelf


def add(shelf: Shelf, gallery: str, asked: AddAsked, photos: Sequence[bytes]) -> AddedAnswer:
    """Add photos of one person.

    Parameters
    ----------
    shelf : Shelf
        The galleries.
    gallery : str
        The name of one.
    asked : AddAsked
        Who it is, and where the photos come from.
    photos : sequence of bytes
        Files.

    Returns
    -------
    AddedAnswer
        What became of them.

    Raises
    ------
    GalleryError
        If the gallery is not there, or cannot be written; then nothing has been added.
    OptionError
        If the gallery is the starter.
    """
    analyzer = shelf.get(gallery).finder.analyzer
    with _changing(shelf, gallery) as file:
        person = _person(file, asked.person)
        source = UploadedSource(person, photos, Provenance(asked.licence, asked.credit, asked.page))
        options = BuildOptions(asked.faces, opted_out=opted_out())
        summary = build(file, source, analyzer, options)
        if summary.added:
            for metric in LEARNED:
                # Not every metric can be fitted on few photos; then there is nothing to learn.
                with contextlib.suppress(OptionError):
                    Gallery(file).learn(metric)
        return AddedAnswer(
            id=person.id,
            name=person.name,
            added=summary.added,
            known_before=summary.known,
            turned_down={str(reason): count for reason, count in summary.turned_down.items()},
        )


def remove(shelf: Shelf, gallery: str, who: str, *, forever: bool) -> RemovedAnswer:
    """Delete somebody, or a photo, with everything that is known of them.

    Parameters
    ----------
    shelf : Shelf
        The galleries.
    gallery : str
        The name of one.
    who : str
        An id or a name, or the SHA-256 of a photo.
    forever : bool
        Whether to turn them away from now on.

    Returns
    -------
    RemovedAnswer
        How many faces are gone.

    Raises
    ------
    UnknownName
        If there is nobody of that name, and they are not to be turned away either.
    GalleryError
        If the gallery is not there, or cannot be written.
    OptionError
        If the gallery is the starter.
    """
    with _changing(shelf, gallery) as file:
        count = care.erase(file, [who], forever=forever)
    if not count and not forever:
        raise UnknownName("there is nobody of that name in this gallery", "look for them in people")
    return RemovedAnswer(faces_deleted=count, forever=forever)


def examine(shelf: Shelf, gallery: str, min_confidence: float) -> AuditAnswer:
    """Look for photos under a wrong name, people under two, and names of two people.

    Parameters
    ----------
    shelf : Shelf
        The galleries.
    gallery : str
        The name of one.
    min_confidence : float
        Leave out what is less sure, 0 to 1.

    Returns
    -------
    AuditAnswer
        What to do about it, the surest first; nothing has been changed.

    Raises
    ------
    GalleryError
        If the gallery is not there.
    """
    opened = shelf.get(gallery)
    file = opened.finder.gallery.file
    columns = opened.finder.gallery.columns(everyone=True)
    found = audit(columns, AuditOptions(min_confidence))
    decisions = decisions_of(found, columns, gallery=opened.name, generation=file.generation)
    digests = {
        int(number): photo.id for number, photo in zip(columns.numbers, columns.photos, strict=True)
    }
    return AuditAnswer(
        gallery=opened.name,
        faces=found.faces,
        counts={str(action): count for action, count in found.counts().items()},
        suggestions=[
            SuggestionAnswer(
                action=one.action,
                person=one.person,
                to=one.to,
                name=one.name,
                photos=[digests[face] for face in one.faces],
                confidence=one.confidence,
                why=one.why,
            )
            for one in decisions
        ],
    )


@contextlib.contextmanager
def _changing(shelf: Shelf, gallery: str) -> Iterator[Store]:
    place = shelf.place(gallery)
    if isinstance(place, Path) and place.samefile(starter_path()):
        raise OptionError(
            "the starter gallery is part of lookalike and stays as it is",
            "copy it with: lookalike gallery copy",
        )
    file = open_store(place, writable=True)
    try:
        yield file
    finally:
        file.close()


def _person(file: Store, who: str) -> Person:
    try:
        with file.reading() as connection:
            return care.person_of(connection, who)
    except UnknownName:
        return Person.named(who)

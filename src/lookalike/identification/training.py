"""Learning to tell a gallery's people apart, and how far the answers can be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ArrayError, GalleryEmpty, GalleryInvalid
from lookalike.gallery.heads import HeadRecord, digest_of, read_head, write_head
from lookalike.identification.certainty import Certainty
from lookalike.identification.strangers import ENOUGH, STARTER, starter_strangers
from lookalike.identification.trials import best_scores, run_trials, tries
from lookalike.registry import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.records import Columns
    from lookalike.protocols import Head
    from lookalike.types import Person


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A head that is ready, and what its scores mean.

    Parameters
    ----------
    head : Head
        What knows the people.
    certainty : Certainty
        What its scores mean.
    people : tuple of Person
        Whom it knows, in the order of its scores.
    kept : bool
        Whether it was kept in the gallery.
    """

    head: Head
    certainty: Certainty
    people: tuple[Person, ...]
    kept: bool


def steps(gallery: Gallery) -> int:
    """Return how often `train` calls `on_step`.

    Parameters
    ----------
    gallery : Gallery
        What to learn from.

    Returns
    -------
    int
        For a progress bar.
    """
    return tries(len(gallery.people)) + 1


def train(gallery: Gallery, name: str, on_step: Callable[[], None] = lambda: None) -> Trained:
    """Learn to tell a gallery's people apart. Nothing is written.

    Parameters
    ----------
    gallery : Gallery
        Everybody in it is learned, except who has opted out.
    name : str
        A head of the registry.
    on_step : callable, optional
        Called after each of `steps`.

    Returns
    -------
    Trained
        Ready.

    Raises
    ------
    UnknownName
        If there is no such head.
    GalleryEmpty
        If there are fewer than two people.

    Notes
    -----
    People of the gallery are left out in turn, to see what the head says of somebody unknown. A
    gallery with fewer than 500 faces is tried on the people of the starter gallery instead, where
    that is of the same space.
    """
    kind: type[Head] = load("head", name)
    columns = gallery.columns(everyone=True)
    if len(columns.people) < 2:
        raise GalleryEmpty(
            f"{gallery.file.name} has {len(columns.people)} people: there is nobody to tell apart",
            "identification needs at least two; add photos with: lookalike gallery add",
        )
    head = kind.fit(columns.vectors, columns.groups)
    on_step()
    trials = run_trials(kind, columns.vectors, columns.groups, on_step)
    if len(trials.unknown) < ENOUGH:
        others = starter_strangers(gallery.header, columns)
        if others is not None and len(others) > len(trials.unknown):
            best = best_scores(head, others)[1]
            trials = replace(trials, unknown=best, share=1.0, strangers=STARTER)
    return Trained(head, Certainty.of(trials), columns.people, kept=False)


def keep(gallery: Gallery, trained: Trained) -> Trained:
    """Keep a head in its gallery.

    Parameters
    ----------
    gallery : Gallery
        What it was learned from; its file must be writable.
    trained : Trained
        As `train` gave it.

    Returns
    -------
    Trained
        The same, kept.

    Raises
    ------
    GalleryBusy, GalleryUnwritable
        If it cannot be written.
    """
    digest = digest_of(gallery.columns(everyone=True), gallery.header.space)
    arrays = {f"head.{name}": array for name, array in trained.head.arrays().items()}
    arrays |= trained.certainty.arrays()
    facts = trained.certainty.facts()
    write_head(gallery.file, HeadRecord(trained.head.name, digest, facts, arrays))
    return replace(trained, kept=True)


def kept(gallery: Gallery, name: str) -> Trained | None:
    """Open the head that is kept in a gallery, if it is of the faces that are there now.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    name : str
        A head of the registry.

    Returns
    -------
    Trained or None
        None if there is none, or it is stale: faces or people have come or gone since, or
        somebody has opted out.

    Raises
    ------
    UnknownName
        If there is no such head.
    GalleryInvalid
        If it is damaged.
    """
    kind: type[Head] = load("head", name)
    record = read_head(gallery.file, name)
    if record is None:
        return None
    columns = gallery.columns(everyone=True)
    if record.learned_from != digest_of(columns, gallery.header.space):
        return None
    try:
        return _restored(kind, record, columns)
    except (LookupError, TypeError, ValueError) as error:
        name = gallery.file.name
        raise GalleryInvalid(
            f"the classifier in {name} is damaged",
            f"learn it again with: lookalike gallery train-classifier {name} --again",
        ) from error


def _restored(kind: type[Head], record: HeadRecord, columns: Columns) -> Trained:
    arrays = {
        key.removeprefix("head."): array
        for key, array in record.arrays.items()
        if key.startswith("head.")
    }
    head = kind.restore(arrays, columns.vectors, columns.groups)
    tried = head.scores(columns.vectors[:1])
    if tried.shape != (1, len(columns.people)) or not np.isfinite(tried).all():
        raise ArrayError(f"scores of {len(columns.people)} people expected, got {tried.shape}")
    certainty = Certainty.restore(record.facts, record.arrays)
    return Trained(head, certainty, columns.people, kept=True)

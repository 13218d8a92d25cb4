"""Vectors of galleries, for a head: no photo is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import OptionError
from lookalike.evaluation.all_pairs import digest_of
from lookalike.gallery.gallery import Gallery
from lookalike.training.material import Material

if TYPE_CHECKING:
    from lookalike.training.config import DataConfig
    from lookalike.types import Person, Photo


def vectors_of(data: DataConfig) -> Material:
    """Take the vectors of galleries.

    Parameters
    ----------
    data : DataConfig
        Which galleries; all of one space and number of views.

    Returns
    -------
    Material
        Vectors. Somebody who is in two galleries is one person.

    Raises
    ------
    GalleryError
        If one cannot be read.
    SpaceMismatch
        If they are of two spaces.
    OptionError
        If they have other views.
    """
    header, digests = None, []
    people: dict[str, Person] = {}
    photos: list[Photo] = []
    rows, groups = [], []
    for place in data.places:
        with Gallery.open(Path(place)) as gallery:
            header = header or gallery.header
            header.space.require(gallery.header.space)
            if gallery.header.views != header.views:
                raise OptionError(f"{place} has {gallery.header.views} views, not {header.views}")
            columns = gallery.columns(everyone=True)
        digests.append(digest_of(columns))
        for person in columns.people:
            people.setdefault(person.id, person)
        place_of = {person: at for at, person in enumerate(people)}
        groups += [place_of[columns.people[group].id] for group in columns.groups]
        photos += columns.photos
        rows.append(columns.vectors)
    assert header is not None  # noqa: S101 - a configuration names a place
    return Material(
        tuple(people.values()),
        tuple(photos),
        np.array(groups, np.int64),
        np.concatenate(rows),
        "+".join(digests),
        header.space.encoder,
        header.views,
    )

"""Faces of other people, for galleries that are too small to leave anybody out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.gallery.gallery import Gallery
from lookalike.gallery.starter import starter_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns, Header

#: With fewer faces than this a rate of one in a hundred rests on next to nothing.
ENOUGH: Final = 500

#: Who they are, in words.
STARTER: Final = "people of the starter gallery"


def starter_strangers(header: Header, columns: Columns) -> NDArray[np.float32] | None:
    """Return a face of each person of the starter gallery who is not in a gallery.

    Parameters
    ----------
    header : Header
        What the gallery is.
    columns : Columns
        Who is in it.

    Returns
    -------
    ndarray of shape (n, d), float32, or None
        None if the starter gallery is not there, or of another space.
    """
    path = starter_path()
    if not path.is_file():
        return None
    with Gallery.open(path) as starter:
        if (starter.header.space, starter.header.views) != (header.space, header.views):
            return None
        others = starter.columns(everyone=True)
    here = {person.id for person in columns.people}
    _, first = np.unique(others.groups, return_index=True)
    rows = [row for row in first if others.people[others.groups[row]].id not in here]
    return others.vectors[rows] if rows else None

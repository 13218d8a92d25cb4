"""A map of a gallery as a figure and as rows for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.cli.kinds import kinds_of
from lookalike.figures.gallery_map import Marker, gallery_map
from lookalike.figures.legend import Legend
from lookalike.figures.poster import Wording
from lookalike.gallery.pictures import portrait
from lookalike.gallery.projection import typical_faces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.projection import GalleryMap, MapOptions, Points
    from lookalike.gallery.records import Columns

#: What a line of the CSV file says.
HEADING: Final = ("id", "name", "photo", "photos", "x", "y")

#: More portraits than this would be too small to know anybody by.
_MOST_PORTRAITS: Final = 600
_PORTRAIT_PX: Final = 160

_METHODS: Final = {
    "tsne": "t-SNE: neighbors on the map are alike, the distance between islands means nothing.",
    "pca": "The two directions in which faces differ most.",
}


def map_rows(found: GalleryMap) -> list[list[Any]]:
    """Return the lines of a CSV file, see `HEADING`.

    Parameters
    ----------
    found : GalleryMap
        The map.

    Returns
    -------
    list of list
        One for each point; ``photos`` is how many the person has.
    """
    columns, photos = found.columns, np.bincount(found.columns.groups)
    return [
        [
            columns.people[group].id,
            columns.people[group].name,
            columns.photos[face].uri,
            int(photos[group]),
            round(float(x), 5),
            round(float(y), 5),
        ]
        for group, face, (x, y) in zip(found.groups, found.faces, found.places, strict=True)
    ]


def facts_of(columns: Columns, points: Points) -> list[Mapping[str, Any]]:
    """Return what is known of each point of a map.

    Parameters
    ----------
    columns : Columns
        Who is on it.
    points : {"people", "faces"}
        What is on it; a face is known by its photo as well.

    Returns
    -------
    list of mapping
        Attributes.
    """
    if points == "people":
        return [person.attributes for person in columns.people]
    return [
        {**photo.attributes, **columns.people[group].attributes}
        for photo, group in zip(columns.photos, columns.groups, strict=True)
    ]


def draw_map(gallery: Gallery, found: GalleryMap, options: MapOptions, color: str) -> Figure:
    """Draw a map of a gallery.

    Parameters
    ----------
    gallery : Gallery
        Where the portraits are.
    found : GalleryMap
        Where everybody is.
    options : MapOptions
        How the map was made.
    color : str
        The attribute that colors tell apart; empty for none.

    Returns
    -------
    matplotlib.figure.Figure
        For `lookalike.figures.save`.

    Raises
    ------
    OptionError
        If nobody has such an attribute.
    """
    columns = found.columns
    photos = np.bincount(columns.groups)
    kinds, legend = [-1] * len(found.groups), Legend()
    if color:
        kinds, legend = kinds_of(facts_of(columns, options.points), color)
    leading = _leading(found)
    # Where every photo is a point, one of them is enough to know somebody by.
    order = np.lexsort((-photos[found.groups], ~leading))[:_MOST_PORTRAITS]
    pictured = np.zeros(len(leading), bool)
    pictured[order] = leading[order] | (len(leading) <= _MOST_PORTRAITS)
    markers = [
        Marker(
            columns.people[group].name if named else "",
            float(x),
            float(y),
            # A photo is a photo: only people differ in how much there is of them.
            float(photos[group]) if options.points == "people" else 1.0,
            kind,
            portrait(gallery.file, int(columns.numbers[face]), _PORTRAIT_PX) if shown else None,
        )
        for group, face, (x, y), kind, named, shown in zip(
            found.groups, found.faces, found.places, kinds, leading, pictured, strict=True
        )
    ]
    return gallery_map(markers, _wording(gallery, found, options), legend)


def _leading(found: GalleryMap) -> NDArray[np.bool_]:
    """Choose the point of each person that gets the name."""
    leading = np.zeros(len(found.groups), bool)
    leading[np.isin(found.faces, typical_faces(found.columns))] = True
    return leading


def _wording(gallery: Gallery, found: GalleryMap, options: MapOptions) -> Wording:
    header = gallery.header
    one, many = {"people": ("person", "people"), "faces": ("photo", "photos")}[options.points]
    what = one if len(found.groups) == 1 else many
    return Wording(
        header.title or "A map of known people",
        f"{len(found.groups):,} {what}. {_METHODS[found.method]}",
        f"{header.space.encoder}, {options.metric} distance. For fun, never for identification.",
    )

"""Which face of each photo is the visitor's: that of the person who is in most of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.encoding.gate import gate
from lookalike.errors import ImageError, NoFace, OptionError, UnknownName
from lookalike.models.card import card
from lookalike.search.calibration import fitting, threshold_at
from lookalike.types import Embeddings, Visitor, VisitorPhoto

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from lookalike.protocols import Analyzer, Readable
    from lookalike.types import Analysis, Space

#: Of two strangers' faces, one pair in a hundred is nearer: few of one person's are farther.
_FALSE_MATCHES: Final = 1e-2


def same_below(space: Space, views: int) -> float | None:
    """Return the Euclidean distance below which two faces may be one person's.

    Parameters
    ----------
    space : Space
        Where the faces live.
    views : int
        The number of views averaged in each vector.

    Returns
    -------
    float or None
        What 99 of 100 pairs of strangers are beyond; None if that has not been measured.
    """
    try:
        measured = card(space.encoder).calibration
    except UnknownName:
        return None
    found = threshold_at(fitting(measured, "euclidean", views), _FALSE_MATCHES)
    return None if found is None else found[0]


def visitor_in(photos: Iterable[Readable], analyzer: Analyzer, min_quality: float = 0) -> Visitor:
    """Look at several photos of one person.

    Parameters
    ----------
    photos : iterable of path, bytes, file, PIL image, ndarray or Image
        The photos.
    analyzer : Analyzer
        What finds and encodes faces.
    min_quality : float, default 0
        The quality that a face must have to count, 0 to 1.

    Returns
    -------
    Visitor
        Who is in most of them, see `choose_visitor`.

    Raises
    ------
    NoFace, ImageError
        If there is no face in any of them, or none can be read.
    OptionError
        If there is no photo.
    """
    looks = [
        look if isinstance(look, ImageError) else gate(look, min_quality)
        for look in analyzer.analyze(photos)
    ]
    if not looks:
        raise OptionError("a photo is needed to look for somebody, got none")
    return choose_visitor(looks, same_below(analyzer.space, analyzer.views))


def choose_visitor(looks: Sequence[Analysis | ImageError], same_below: float | None) -> Visitor:
    """Say who is shown by several photos, and by which of them.

    Parameters
    ----------
    looks : sequence of Analysis or ImageError
        What each photo shows, in order.
    same_below : float or None
        The Euclidean distance below which two faces may be one person's. If it is not known, the
        largest face of each photo is taken for the visitor's.

    Returns
    -------
    Visitor
        The faces of whoever is in most of the photos; of two, the one who is larger in them.

    Raises
    ------
    NoFace
        If no photo has a face.
    ImageError
        If no photo can be read: the first one's error.

    Notes
    -----
    Faces nearer to each other than `same_below`, and those that hang together so, are one
    person's. If nobody is in more than half of the photos that have a face, the photos do not
    agree, and it is not known whom to leave out: then the largest face of every photo counts.
    """
    seen = [look for look in looks if not isinstance(look, ImageError)]
    if not any(len(look) for look in seen):
        raise _nobody(looks)
    largest = [_largest(look) for look in looks]
    chosen = largest if same_below is None else _of_one_person(looks, same_below)
    showing = sum(row is not None for row in largest)
    agree = 2 * sum(row is not None for row in chosen) > showing
    if not agree:
        chosen = largest
    photos = tuple(VisitorPhoto(look, row) for look, row in zip(looks, chosen, strict=True))
    rows = [
        look.embeddings.rows(row, row + 1)
        for look, row in zip(looks, chosen, strict=True)
        if row is not None and not isinstance(look, ImageError)
    ]
    vectors = np.concatenate([row.vectors for row in rows])
    return Visitor(photos, Embeddings(vectors, rows[0].space), agree)


def _nobody(looks: Sequence[Analysis | ImageError]) -> ImageError | NoFace:
    """Return why there is nobody to speak of."""
    errors = [look for look in looks if isinstance(look, ImageError)]
    if errors and len(errors) == len(looks):
        return errors[0]
    which = "the photo" if len(looks) == 1 else f"any of the {len(looks)} photos"
    return NoFace(f"no face was found in {which}", "use photos that show the face upright")


def _largest(look: Analysis | ImageError) -> int | None:
    if isinstance(look, ImageError) or len(look) == 0:
        return None
    return int(np.argmax(look.faces.sizes_px))


def _of_one_person(looks: Sequence[Analysis | ImageError], same_below: float) -> list[int | None]:
    """Return each photo's face of the person who is in most of the photos."""
    from scipy.sparse.csgraph import connected_components

    there = [(at, look) for at, look in enumerate(looks) if not isinstance(look, ImageError)]
    photo = np.concatenate([np.full(len(look), at) for at, look in there])
    rows = np.concatenate([np.arange(len(look)) for _, look in there])
    sizes = np.concatenate([_shares(look) for _, look in there])
    vectors = np.concatenate([look.embeddings.vectors for _, look in there]).astype(np.float64)
    away = np.sqrt(((vectors[:, None] - vectors[None]) ** 2).sum(axis=2))
    _, people = connected_components(away < same_below, directed=False)

    def importance(person: int) -> tuple[int, float]:
        mine = people == person
        # Nobody is in a photo twice: of twins and mirrors, the larger counts.
        in_photos = np.unique(photo[mine])
        return len(in_photos), sum(float(sizes[mine & (photo == at)].max()) for at in in_photos)

    visitor = max(range(int(people.max()) + 1), key=importance)
    chosen: list[int | None] = [None] * len(looks)
    for at in np.unique(photo[people == visitor]):
        faces = np.flatnonzero((people == visitor) & (photo == at))
        others = (people == visitor) & (photo != at)
        # Of several who may be the visitor, the one most like the other photos; else the largest.
        fit = -away[faces][:, others].mean(axis=1) if others.any() else sizes[faces]
        chosen[at] = int(rows[faces[np.argmax(fit)]])
    return chosen


def _shares(look: Analysis) -> NDArray[np.float64]:
    """Return how large each face is beside the largest of its photo, 0 to 1."""
    sizes = np.asarray(look.faces.sizes_px, np.float64)
    return sizes / max(float(sizes.max(initial=0)), 1e-9)

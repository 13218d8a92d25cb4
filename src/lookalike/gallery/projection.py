"""A map of known people: their vectors in two dimensions, those who look alike close together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from lookalike.errors import GalleryEmpty, OptionError
from lookalike.gallery.asking.ranking import centroids

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.records import Columns

Method = Literal["tsne", "pca"]
Points = Literal["people", "faces"]

#: How many points t-SNE arranges. The others take their places among those nearest to them, so
#: that a map of any gallery takes a minute, not a day.
MOST_ARRANGED: Final = 5_000

#: To how many numbers vectors are reduced before t-SNE where there are many.
_REDUCED: Final = 50
_REDUCED_FROM: Final = 2_000

#: Among how many arranged points one that is added finds its place.
_GUIDES: Final = 5

#: Fewer points than this have no neighborhoods that t-SNE could keep.
_FEWEST: Final = 8

#: How much of a coordinate's place is its rank, see `_drawn_together`.
_EVEN: Final = 0.55

#: Numbers in the largest matrix that is held at one time (64 MB of float32).
_BUDGET: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class MapOptions:
    """How a map is made.

    Parameters
    ----------
    method : {"tsne", "pca"}
        ``tsne`` keeps neighborhoods, and its distances mean little between them; ``pca`` keeps
        directions, the two in which people differ most.
    points : {"people", "faces"}
        What is on it: the mean of each person's photos, or every photo.
    metric : str
        A name of the registry.
    everyone : bool
        Whether to show everybody, where a gallery says who is well known.
    seed : int
        The same seed gives the same map.
    """

    method: Method = "tsne"
    points: Points = "people"
    metric: str = "euclidean"
    everyone: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the names."""
        for what, value, known in (
            ("method", self.method, get_args(Method)),
            ("kind of points", self.points, get_args(Points)),
        ):
            if value not in known:
                raise OptionError(
                    f"there is no {what} named {value!r}", f"known: {', '.join(known)}"
                )


@dataclass(frozen=True, slots=True, eq=False)
class GalleryMap:
    """Where known people are on a map.

    Parameters
    ----------
    columns : Columns
        Who is on it.
    groups : ndarray of shape (n,), int64
        The person of each point: a position in ``columns.people``.
    faces : ndarray of shape (n,), int64
        A face that stands for each point, in ``columns``: the most typical one of a person.
    places : ndarray of shape (n, 2), float32
        Where each point is, with the largest side of the map from -1 to 1; y grows upward.
    method : {"tsne", "pca"}
        How it was made: a few points have no neighborhoods that t-SNE could keep.
    """

    columns: Columns
    groups: NDArray[np.int64]
    faces: NDArray[np.int64]
    places: NDArray[np.float32]
    method: Method


def draw_up(gallery: Gallery, options: MapOptions | None = None) -> GalleryMap:
    """Make a map of a gallery.

    Parameters
    ----------
    gallery : Gallery
        Who is known. Hidden faces and those who have opted out are not on it.
    options : MapOptions, optional
        How.

    Returns
    -------
    GalleryMap
        The same for the same gallery, options and machine.

    Raises
    ------
    GalleryEmpty
        If there is nobody.
    OptionError
        If the metric cannot be fitted on this gallery.
    UnknownName
        If there is no such metric.
    """
    options = options or MapOptions()
    columns = gallery.columns(everyone=options.everyone)
    if not columns.people:
        raise GalleryEmpty(
            f"{gallery.file.name} has no people in it",
            "add photos with: lookalike gallery build FOLDER",
        )
    metric = gallery.metric(options.metric)
    if options.points == "faces":
        groups, faces = columns.groups, np.arange(len(columns.groups))
        rows = metric.project(columns.vectors)
    else:
        groups, faces = np.arange(len(columns.people)), typical_faces(columns)
        rows = metric.project(centroids(columns.vectors, columns.groups))
    photos = np.bincount(columns.groups) if options.points == "people" else None
    method = options.method if len(rows) >= _FEWEST else "pca"
    places = arrange(rows, method, options.seed, photos)
    return GalleryMap(columns, groups, faces, places, method)


def typical_faces(columns: Columns) -> NDArray[np.int64]:
    """Return the face of each person that is nearest to the mean of all of them.

    Parameters
    ----------
    columns : Columns
        Everybody with a face.

    Returns
    -------
    ndarray of shape (len(columns.people),), int64
        Positions in `columns`.
    """
    means = centroids(columns.vectors, columns.groups)
    away = np.linalg.norm(columns.vectors - means[columns.groups], axis=1)
    order = np.lexsort((away, columns.groups))
    starts = np.searchsorted(columns.groups[order], np.arange(len(columns.people)))
    return np.asarray(order[starts], np.int64)


def arrange(
    rows: NDArray[np.float32],
    method: Method = "tsne",
    seed: int = 0,
    weights: NDArray[np.int64] | None = None,
) -> NDArray[np.float32]:
    """Give every row a place in the plane.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
        Projected rows, at least one.
    method : {"tsne", "pca"}
        See `MapOptions`.
    seed : int, default 0
        Of what is left to chance: who is arranged, where there are too many.
    weights : ndarray of shape (n,), int64, optional
        Rows of more weight are arranged first.

    Returns
    -------
    ndarray of shape (n, 2), float32
        In the middle around 0, the largest side from -1 to 1, wider than high.

    References
    ----------
    van der Maaten, Hinton, "Visualizing Data using t-SNE", JMLR, 2008; van der Maaten,
    "Accelerating t-SNE using Tree-Based Algorithms", JMLR, 2014.
    """
    flat = _flattened(rows)
    if method == "pca" or len(rows) < _FEWEST or not flat.any():
        return _framed(flat[:, :2])
    random = np.random.default_rng(seed).random(len(rows))
    chosen = np.lexsort((random, -(weights if weights is not None else np.ones(len(rows)))))
    chosen = np.sort(chosen[:MOST_ARRANGED])
    places = np.empty((len(rows), 2))
    places[chosen] = _tsne(flat[chosen], seed)
    others = np.setdiff1d(np.arange(len(rows)), chosen)
    if len(others):
        places[others] = _guided(flat[others], flat[chosen], places[chosen])
    return _framed(_drawn_together(places))


def _flattened(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the rows by their principal components, the largest first; two at least."""
    middle = rows - rows.mean(axis=0, dtype=np.float64)
    # Of the covariance: its size does not grow with the gallery.
    _, axes = np.linalg.eigh(middle.T @ middle)
    axes = axes[:, ::-1][:, : _REDUCED if len(rows) > _REDUCED_FROM else None]
    # An axis may as well point the other way; so that it is always the same one:
    largest = np.abs(axes).argmax(axis=0)
    axes = axes * np.where(axes[largest, np.arange(axes.shape[1])] < 0, -1.0, 1.0)
    turned = middle @ axes
    return np.pad(turned, ((0, 0), (0, max(0, 2 - turned.shape[1]))))


def _tsne(rows: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    from sklearn.manifold import TSNE

    start = rows[:, :2] / max(rows[:, 0].std(), 1e-12) * 1e-4
    tsne = TSNE(
        perplexity=min(30.0, (len(rows) - 1) / 3),
        init=start.astype(np.float32),
        max_iter=1000 if len(rows) <= _REDUCED_FROM else 600,
        random_state=seed,
    )
    return np.asarray(tsne.fit_transform(rows.astype(np.float32)), np.float64)


def _guided(
    rows: NDArray[np.float64], guides: NDArray[np.float64], places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Place rows among the arranged ones that they are nearest to; the nearest counts most."""
    found = np.empty((len(rows), 2))
    squares = (guides**2).sum(axis=1)
    step = max(1, _BUDGET // len(guides))
    for at in range(0, len(rows), step):
        part = rows[at : at + step]
        squared = squares - 2 * part @ guides.T + (part**2).sum(axis=1)[:, None]
        nearest = np.argpartition(squared, _GUIDES - 1, axis=1)[:, :_GUIDES]
        away = np.maximum(np.take_along_axis(squared, nearest, axis=1), 1e-12)
        weight = away**-2 / (away**-2).sum(axis=1, keepdims=True)
        found[at : at + step] = (places[nearest] * weight[:, :, None]).sum(axis=1)
    return found


def _drawn_together(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make the voids between islands narrower, whose width means nothing in t-SNE.

    Every coordinate becomes a mix of itself and of its rank.
    """
    low, high = places.min(axis=0), places.max(axis=0)
    ranks = places.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    even = low + (high - low) * ranks / max(len(places) - 1, 1)
    return np.asarray((1 - _EVEN) * places + _EVEN * even, np.float64)


def _framed(places: NDArray[np.float64]) -> NDArray[np.float32]:
    """Turn a map so that it is wider than high, and scale it into its frame."""
    middle = places - places.mean(axis=0)
    if len(places) > 1:
        _, axes = np.linalg.eigh(middle.T @ middle)
        axes = axes[:, ::-1]
        # What was on the right stays there, and what was above.
        middle = middle @ (axes * np.where(np.diagonal(axes) < 0, -1.0, 1.0))
    low, high = middle.min(axis=0), middle.max(axis=0)
    middle = middle - (low + high) / 2
    return np.asarray(middle / max((high - low).max() / 2, 1e-12), np.float32)

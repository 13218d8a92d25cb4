"""Known people who look alike: each one's nearest others, in blocks that fit into memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import GalleryEmpty, OptionError
from lookalike.gallery.asking.ranking import EVIDENCE, FindOptions, centroids
from lookalike.gallery.between import Between
from lookalike.gallery.projection import typical_faces
from lookalike.registry import names
from lookalike.search.mahalanobis import PersonMahalanobis

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.records import Columns
    from lookalike.protocols import Metric
    from lookalike.types import Person

#: People times people whose distances to a model are held at one time (64 MB of float64, thrice).
_BUDGET: Final = 1 << 23


@dataclass(frozen=True, slots=True)
class Neighbor:
    """Somebody who resembles somebody else.

    Parameters
    ----------
    person : Person
        Who it is.
    distance : float
        Smaller is closer.
    faces : tuple of (int, int)
        Pairs of positions in the gallery's columns that the distance rests on, nearest first:
        a face of the one, and a face of this person.
    """

    person: Person
    distance: float
    faces: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Neighborhood:
    """A person and whom this person resembles.

    Parameters
    ----------
    person : Person
        Who it is.
    neighbors : tuple of Neighbor
        The most alike first.
    """

    person: Person
    neighbors: tuple[Neighbor, ...]

    @property
    def distance(self) -> float:
        """How far the most alike person is."""
        return self.neighbors[0].distance


def meaning(options: FindOptions) -> str:
    """Say what the distance of two people is.

    Parameters
    ----------
    options : FindOptions
        How they are ranked.

    Returns
    -------
    str
        Half a sentence.
    """
    if options.metric in names("person-model"):
        return f"{options.metric} distance from the mean of one's photos to the model of the other"
    between = {
        "nearest": "between their two nearest photos",
        "mean": f"the mean over their {EVIDENCE} nearest pairs of photos",
        "centroid": "between the means of their photos",
    }
    return f"{options.metric} distance {between[options.rank]}"


def neighborhoods(
    gallery: Gallery,
    options: FindOptions | None = None,
    of: Collection[str] = (),
    step: Callable[[], None] = lambda: None,
) -> list[Neighborhood]:
    """Find for each known person the others who look most alike.

    Parameters
    ----------
    gallery : Gallery
        Who is known. Hidden faces and those who have opted out are not looked at.
    options : FindOptions, optional
        How many, and by what; see `meaning`.
    of : collection of str, optional
        Ids of those to answer for; default all.
    step : callable, optional
        Called after each person.

    Returns
    -------
    list of Neighborhood
        One for each person, those with the nearest neighbor first.

    Raises
    ------
    GalleryEmpty
        If there are not two people.
    OptionError
        If the metric cannot be fitted on this gallery, or somebody of `of` is not ranked.
    UnknownName
        If there is no such metric.

    Notes
    -----
    Every face is compared with every other one, in blocks, see `Between`.
    """
    options = options or FindOptions()
    columns = gallery.columns(everyone=options.everyone)
    if len(columns.people) < 2:
        raise GalleryEmpty(
            f"{gallery.file.name} has not two people to compare",
            "add photos with: lookalike gallery build FOLDER",
        )
    asked = _asked(columns, of)
    k = min(options.k, len(columns.people) - 1)
    if options.metric in names("person-model"):
        found = _by_model(columns, asked, k)
    else:
        metric = gallery.metric(options.metric)
        found = _by_distance(columns, metric, asked, k, options.rank)
    answers = []
    for person, neighbors in found:
        answers.append(Neighborhood(columns.people[person], tuple(neighbors)))
        step()
    return sorted(answers, key=lambda one: one.distance)


def each_pair_once(found: Sequence[Neighborhood]) -> list[Neighborhood]:
    """Leave out whose most alike person has been answered with them already.

    Parameters
    ----------
    found : sequence of Neighborhood
        As `neighborhoods` gave them.

    Returns
    -------
    list of Neighborhood
        In the same order, without the second half of each pair.
    """
    pairs: set[tuple[str, str]] = set()
    kept = []
    for one in found:
        nearest = one.neighbors[0].person.id
        if (nearest, one.person.id) not in pairs:
            pairs.add((one.person.id, nearest))
            kept.append(one)
    return kept


def _asked(columns: Columns, of: Collection[str]) -> list[int]:
    ids = {person.id: number for number, person in enumerate(columns.people)}
    absent = [key for key in of if key not in ids]
    if absent:
        raise OptionError(
            f"{absent[0]} is not among those who are ranked", "rank everybody with --everyone"
        )
    return [ids[key] for key in of] if of else list(range(len(ids)))


def _by_distance(
    columns: Columns, metric: Metric, asked: list[int], k: int, rank: str
) -> Iterator[tuple[int, list[Neighbor]]]:
    """Go through people and their nearest others; rows are photos, or the mean of each person's."""
    typical = typical_faces(columns).tolist() if rank == "centroid" else None
    if typical is None:
        rows, groups = metric.project(columns.vectors), columns.groups
    else:
        rows = metric.project(centroids(columns.vectors, columns.groups))
        groups = np.arange(len(rows))
    measure = Between(rows, groups, metric, EVIDENCE if rank == "mean" else 1)
    for person, bounds in measure.bounds(asked):
        nearest = measure.nearest(person, bounds, k)
        yield (
            person,
            [
                Neighbor(
                    columns.people[other],
                    distance,
                    pairs if typical is None else ((typical[person], typical[other]),),
                )
                for distance, other, pairs in nearest
            ],
        )


def _by_model(columns: Columns, asked: list[int], k: int) -> Iterator[tuple[int, list[Neighbor]]]:
    """Go through people and those whose model the mean of their photos is nearest to."""
    model = PersonMahalanobis.fit(columns.vectors, columns.groups)
    means = centroids(columns.vectors, columns.groups)
    typical = typical_faces(columns).tolist()
    step = max(1, _BUDGET // len(means))
    for start in range(0, len(asked), step):
        block = asked[start : start + step]
        found = model.search(means[block], k + 1)
        for person, rows, distances in zip(block, found.rows, found.distances, strict=True):
            others = [
                (int(row), float(distance))
                for row, distance in zip(rows, distances, strict=True)
                if row != person
            ]
            yield (
                person,
                [
                    Neighbor(columns.people[row], distance, ((typical[person], typical[row]),))
                    for row, distance in others[:k]
                ],
            )

"""What a search answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ArrayError
from lookalike.types._check import check_array, check_same_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lookalike.types.analysis import Analysis
    from lookalike.types.people import Person, Photo


@dataclass(frozen=True, slots=True, eq=False)
class Neighbors:
    """The nearest rows of an index, for each query, nearest first.

    Parameters
    ----------
    rows : ndarray of shape (n, k), int64
        Row numbers of the index, padded with -1.
    distances : ndarray of shape (n, k), float32
        Smaller is closer, padded with +inf.
    """

    rows: NDArray[np.int64]
    distances: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Check shapes and dtypes."""
        check_array("Neighbors.rows", self.rows, ("n", "k"), np.int64)
        check_array("Neighbors.distances", self.distances, ("n", "k"), np.float32)
        if self.rows.shape != self.distances.shape:
            raise ArrayError(
                "Neighbors.rows and .distances must have one shape, "
                f"got {self.rows.shape} and {self.distances.shape}"
            )

    def __len__(self) -> int:
        """Return the number of queries."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare it is that a stranger looks as much alike.

    Parameters
    ----------
    one_in : float
        One of so many strangers does, 1 and up.
    low, high : float
        Where that number lies nine times of ten.
    """

    one_in: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Match:
    """A known person whom a face resembles.

    Parameters
    ----------
    person : Person
        Who it is.
    distance : float
        In the metric that was asked for; smaller is closer.
    rank : int
        1 is the most alike.
    photos : tuple of Photo
        The evidence: the person's photos that the distance rests on, nearest first.
    rarity : Rarity, optional
        What the distance means; None if the gallery is too small to say.
    stability : float, optional
        Of several photos of one visitor: the share of halves of them that name this person at
        this rank or better, 0 to 1; None for a single photo.
    """

    person: Person
    distance: float
    rank: int
    photos: tuple[Photo, ...] = ()
    rarity: Rarity | None = None
    stability: float | None = None


def stands_out(matches: tuple[Match, ...], among: int) -> bool | None:
    """Say whether the best match is nearer than the best of so many strangers.

    Parameters
    ----------
    matches : tuple of Match
        The most alike first.
    among : int
        How many people were ranked.

    Returns
    -------
    bool or None
        None if there is no rarity to go by.
    """
    best = matches[0].rarity if matches else None
    return None if best is None else best.one_in > among


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The look-alikes of every face of a photo.

    Parameters
    ----------
    analysis : Analysis
        The photo and its faces.
    matches : tuple of tuple of Match
        For each face, the most alike first.
    among : int
        How many people were ranked.
    """

    analysis: Analysis
    matches: tuple[tuple[Match, ...], ...]
    among: int = 0

    def __post_init__(self) -> None:
        """Check that every face has its matches."""
        check_same_length("Found", faces=self.analysis.faces, matches=self.matches)

    def stands_out(self, face: int = 0) -> bool | None:
        """Say whether a face's best match is nearer than the best of so many strangers.

        Parameters
        ----------
        face : int, default 0
            The face's number in the photo.

        Returns
        -------
        bool or None
            False: somebody as much alike would be among as many strangers, so nobody here looks
            like this face. None if the gallery is too small to say.
        """
        return stands_out(self.matches[face], self.among)

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.matches)

    def __iter__(self) -> Iterator[tuple[Match, ...]]:
        """Go through the matches face by face."""
        return iter(self.matches)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a face is, or nobody who is known.

    Parameters
    ----------
    person : Person or None
        Who it is; None for somebody unknown.
    likeliest : Person
        Who comes nearest, whether or not that is enough to be named.
    score : float
        Of the likeliest, in the unit of what tells people apart; higher is surer.
    probability : float or None
        That the likeliest is the right one, 0 to 1, if as many faces are of unknown people as of
        known ones; None if everybody in the gallery has only one photo.
    """

    person: Person | None
    likeliest: Person
    score: float
    probability: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Identified:
    """Who is in a photo.

    Parameters
    ----------
    analysis : Analysis
        The photo and its faces.
    identities : tuple of Identity
        One for each face.
    """

    analysis: Analysis
    identities: tuple[Identity, ...]

    def __post_init__(self) -> None:
        """Check that every face has its answer."""
        check_same_length("Identified", faces=self.analysis.faces, identities=self.identities)

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.identities)

    def __iter__(self) -> Iterator[Identity]:
        """Go through the answers face by face."""
        return iter(self.identities)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike the faces of two photos are.

    Parameters
    ----------
    distance : float
        In the metric; smaller is closer.
    metric : str
        The metric's name.
    threshold : float or None
        The distance below which the two are called one person; None if the encoder has not been
        measured with this metric and these views.
    false_match_rate : float or None
        How often two different people come below the threshold.
    probability : float or None
        That it is one person, 0 to 1, if that was as likely as `prior` beforehand; None if nothing
        has been measured to say so.
    prior : float
        How likely it was before the photos were looked at, 0 to 1.
    rarity : Rarity or None
        How many pairs of two different people there are for one that is as near.
    measured_on : str
        What threshold and rarity rest on.
    faces : tuple of int
        How many faces each photo shows; the largest of each are compared.
    """

    distance: float
    metric: str
    threshold: float | None
    false_match_rate: float | None
    probability: float | None = None
    prior: float = 0.5
    rarity: Rarity | None = None
    measured_on: str = ""
    faces: tuple[int, int] = (1, 1)

    @property
    def same_person(self) -> bool | None:
        """Whether the two are called one person; None without a threshold."""
        return None if self.threshold is None else self.distance < self.threshold

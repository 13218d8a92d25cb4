"""What says whom a face shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from lookalike.gallery.asking.ranking import FindOptions
from lookalike.search.calibration import fitting
from lookalike.video.voting import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.gallery.gallery import Gallery
    from lookalike.identification.identifier import Identifier
    from lookalike.models.card import Threshold
    from lookalike.types import Embeddings, Person


class Head(Protocol):
    """Answers for faces; those of a track come as their mean, again whenever more are known.

    Attributes
    ----------
    name : str
        For people.
    measure : str
        What `Answer.measure` is: ``"distance"`` or ``"probability"``.
    exclusive : bool
        Whether it says who somebody is, so that two faces of a frame cannot have one name, and
        not whom somebody looks like.
    """

    name: str
    measure: str
    exclusive: bool

    def answers(self, faces: Embeddings) -> list[Answer]:
        """Say whom each face shows."""
        ...


class LookAlikes:
    """Names the person of a gallery whom a face resembles most.

    Parameters
    ----------
    gallery : Gallery
        The known people.
    options : FindOptions, optional
        By what they are ranked.
    threshold : float, optional
        The distance up to which the person is named; everybody is named by default, because it is
        a likeness and not an identity.
    """

    name = "find"
    measure = "distance"

    def __init__(
        self,
        gallery: Gallery,
        options: FindOptions | None = None,
        threshold: float | None = None,
    ) -> None:
        self._gallery = gallery
        self._options = options or FindOptions(k=1)
        self._threshold = threshold
        self.exclusive = threshold is not None

    def answers(self, faces: Embeddings) -> list[Answer]:
        """Say whom each face resembles.

        Parameters
        ----------
        faces : Embeddings
            Of the gallery's own space.

        Returns
        -------
        list of Answer
            With the distance.
        """
        found = self._gallery.find(faces, self._options)
        return [self._answer(matches[0].person, matches[0].distance) if matches else Answer(None, 0)
                for matches in found]  # fmt: skip

    def _answer(self, person: Person, distance: float) -> Answer:
        near = self._threshold is None or distance <= self._threshold
        return Answer(person if near else None, distance)


def threshold_among(
    thresholds: Sequence[Threshold], views: int, fmr: float, people: int
) -> float | None:
    """Return the distance at which a stranger is rarely taken for anybody of a gallery.

    Parameters
    ----------
    thresholds : sequence of Threshold
        What has been measured for the encoder, by pairs.
    views : int
        Views averaged in each vector.
    fmr : float
        How often a stranger may be given a name, more than 0 and less than 1.
    people : int
        How many people there are to be taken for.

    Returns
    -------
    float or None
        A Euclidean distance; None if nothing has been measured.

    Notes
    -----
    Each of n people may be mistaken, so each pair is allowed a part of the rate, ``fmr / n``
    (Bonferroni). Between two measured rates, and beyond the lowest, the distance runs straight
    over the logarithm of the rate. The measured curves bend so little that between two rates a
    tenth apart this is within a twentieth of the rate; beyond the lowest it is strict.
    """
    points = fitting(thresholds, "euclidean", views)
    if len(points) < 2:
        return None
    wanted = np.log(fmr / max(people, 1))
    rates, distances = [np.log(one.fmr) for one in points], [one.distance for one in points]
    if wanted >= rates[0]:
        return float(np.interp(wanted, rates, distances))
    slope = (distances[1] - distances[0]) / (rates[1] - rates[0])
    return max(float(distances[0] + slope * (wanted - rates[0])), 0.0)


class Identities:
    """Names who of a gallery a face shows, at a stated rate of false names.

    Parameters
    ----------
    identifier : Identifier
        What tells the people of the gallery apart.
    name : str
        The head's name, for people.
    """

    measure = "probability"
    exclusive = True

    def __init__(self, identifier: Identifier, name: str) -> None:
        self._identifier = identifier
        self.name = name

    def answers(self, faces: Embeddings) -> list[Answer]:
        """Say whom each face shows.

        Parameters
        ----------
        faces : Embeddings
            Of the gallery's own space.

        Returns
        -------
        list of Answer
            With the probability.
        """
        said = self._identifier.identify_faces(faces)
        return [Answer(one.person, one.probability) for one in said]


class Nobody:
    """Names nobody: for hiding all faces."""

    name = "nobody"
    measure = "distance"
    exclusive = False

    def answers(self, faces: Embeddings) -> list[Answer]:
        """Say nothing.

        Parameters
        ----------
        faces : Embeddings
            Any.

        Returns
        -------
        list of Answer
            All unknown.
        """
        return [Answer(None, 0.0) for _ in range(len(faces))]

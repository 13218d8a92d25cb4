"""Who a track is.

One face of a video says little: its distance to a photo of the same person varies as much as that
of strangers. So the faces of a track are averaged, each with the weight of its quality, and what a
head answers for the mean is a vote, with the weight of all faces behind it. Later votes rest on
more faces and count for more, but a name that is shown is not given up lightly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.types import Person

#: A face that says less than this has no vote about who it is: how often strangers are mistaken
#: has been measured on clearer ones. For a likeness, and for telling two faces apart, less will do.
CLEAR: Final = 0.2
LEAST_QUALITY: Final = 0.05
#: So many faces are kept of a track; of more, the poorest are forgotten.
MOST_SAMPLES: Final = 20
#: So many answers count, the latest ones.
MOST_VOTES: Final = 16
#: The weight that a name needs, and its share of all votes, to be given.
_LEAST_WEIGHT: Final = 0.25
TO_NAME: Final = 0.5
#: The part of that share that it needs to be kept.
_TO_KEEP: Final = 0.5
#: By how much another name must outweigh the one that is shown.
_TO_CHANGE: Final = 1.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a head says of a face.

    Parameters
    ----------
    person : Person or None
        None for unknown.
    measure : float or None
        The head's own: a distance, or a probability; None where it cannot say.
    """

    person: Person | None
    measure: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A face that has been encoded.

    Parameters
    ----------
    vector : ndarray of shape (d,), float32
        The face.
    weight : float
        Its quality, 0 to 1.
    """

    vector: NDArray[np.float32]
    weight: float


@dataclass(frozen=True, slots=True)
class Vote:
    """An answer and what it weighs.

    Parameters
    ----------
    answer : Answer
        Who.
    weight : float
        The quality of all faces that it rests on, added up.
    """

    answer: Answer
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the votes come to.

    Parameters
    ----------
    person : Person or None
        None for unknown.
    confidence : float
        The share of the votes for it, 0 to 1.
    measure : float or None
        The weighted mean of the head's measure over these votes.
    """

    person: Person | None
    confidence: float
    measure: float | None


UNKNOWN: Final = Verdict(None, 0.0, None)


@dataclass(slots=True, eq=False)
class Ballot:
    """The faces of one track that were encoded, the votes about it, and the name that is shown.

    Parameters
    ----------
    samples : list of Sample
        The best of its faces, in the order of time.
    votes : list of Vote
        In the order of time.
    shown : Person or None
        The name that is shown.
    """

    samples: list[Sample] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    shown: Person | None = None
    _barred: set[str] = field(default_factory=set)

    def know(self, sample: Sample) -> None:
        """Take one more face.

        Parameters
        ----------
        sample : Sample
            Of the track.
        """
        self.samples.append(sample)
        if len(self.samples) > MOST_SAMPLES:
            self.samples.remove(min(self.samples, key=lambda one: one.weight))

    def mean(self) -> NDArray[np.float32]:
        """Return the face that all faces make together, each as far as it tells something.

        Returns
        -------
        ndarray of shape (d,), float32
            The mean, weighed by quality.
        """
        vectors = np.stack([one.vector for one in self.samples])
        weights = [one.weight for one in self.samples]
        return np.average(vectors, axis=0, weights=weights).astype(np.float32)

    def add(self, answer: Answer) -> None:
        """Count what has been answered for the faces so far; the more they are, the more.

        Parameters
        ----------
        answer : Answer
            For `mean`.
        """
        self.votes.append(Vote(answer, sum(one.weight for one in self.samples)))
        del self.votes[:-MOST_VOTES]

    def bar(self, person: Person) -> None:
        """Say who it is not: somebody else in the same frame is.

        Parameters
        ----------
        person : Person
            Who it is not.
        """
        self._barred.add(person.id)
        if self.shown is not None and self.shown.id == person.id:
            self.shown = None

    @property
    def weight(self) -> float:
        """The weight of all votes."""
        return sum(vote.weight for vote in self.votes)

    def verdict(self, least: float = TO_NAME) -> Verdict:
        """Return who it is, given what is shown: a name that is shown is not lightly given up.

        Parameters
        ----------
        least : float, default 0.5
            The share of the votes that a name needs to be given, 0 to 1.

        Returns
        -------
        Verdict
            Unknown where the votes are too few, too light or divided.
        """
        weights: dict[str, float] = {}
        people: dict[str, Person] = {}
        for vote in self.votes:
            person = vote.answer.person
            if person is not None and person.id not in self._barred:
                weights[person.id] = weights.get(person.id, 0.0) + vote.weight
                people[person.id] = person
        if not weights:
            return UNKNOWN
        first = max(weights, key=weights.__getitem__)
        total, shown = self.weight, self.shown
        if shown is not None and shown.id in weights:
            changes = first != shown.id and weights[first] > _TO_CHANGE * weights[shown.id]
            if not changes and weights[shown.id] >= _TO_KEEP * least * total:
                return self._of(shown, weights[shown.id] / total)
        if weights[first] >= _LEAST_WEIGHT and weights[first] > least * total:
            return self._of(people[first], weights[first] / total)
        return UNKNOWN

    def _of(self, person: Person, share: float) -> Verdict:
        own = [v for v in self.votes if v.answer.person and v.answer.person.id == person.id]
        said = [(v.answer.measure, v.weight) for v in own if v.answer.measure is not None]
        if not said:
            return Verdict(person, share, None)
        measures, weights = zip(*said, strict=True)
        return Verdict(person, share, float(np.average(measures, weights=weights)))

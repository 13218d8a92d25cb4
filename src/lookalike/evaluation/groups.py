"""Whom it serves worse: both errors at one threshold, group by group, with intervals."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import EvaluationError
from lookalike.evaluation.bootstrap import Drawing, Rate, bounds, never_certain, rate_of, ratio
from lookalike.evaluation.resampled import pairs_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.evaluation.cast import Cast
    from lookalike.evaluation.scores import Scores
    from lookalike.types import Person

#: What people are called of whom an attribute is not known.
UNKNOWN: Final = "not known"

#: What the line of all people together is called.
EVERYBODY: Final = "everybody"

_YEAR_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Group:
    """The errors among the people of one group.

    Parameters
    ----------
    name : str
        The value of the attribute.
    people : int
        How many people are in it.
    same_pairs, stranger_pairs : int
        Pairs of photos of one of them, and of two of them.
    fnmr : Rate
        False-non-match rate: how often two photos of one of them count as two people.
    fmr : Rate
        False-match rate: how often photos of two of them count as one person.
    times : Rate
        The false-match rate divided by that of everybody; above 1, strangers of this group are
        taken for each other more often than strangers are on the whole.
    """

    name: str
    people: int
    same_pairs: int
    stranger_pairs: int
    fnmr: Rate
    fmr: Rate
    times: Rate


def groups(
    scores: Scores, attribute: str, threshold: float, drawing: Drawing | None = None
) -> tuple[Group, ...]:
    """Count errors group by group.

    Parameters
    ----------
    scores : Scores
        Distances of pairs, with the people in the photos.
    attribute : str
        What people are told apart by, for example ``"gender"``; of dates and years, the decade.
    threshold : float
        The distance below which two photos count as one person, the same for all.
    drawing : Drawing, optional
        How people are drawn again for the intervals.

    Returns
    -------
    tuple of Group
        Everybody first, then the largest group; those of whom it is not known last. Groups of
        one person are left out.

    Raises
    ------
    EvaluationError
        If the scores do not say who is in the photos, nobody has the attribute, or pairs as far
        apart as the threshold are only counted.
    """
    if scores.cast is None:
        raise EvaluationError(
            "these scores do not say who is in the photos", "measure again with this version"
        )
    if threshold > scores.limit:
        raise EvaluationError(
            f"only pairs nearer than {scores.limit:.4f} are listed, and {threshold:.4f} is asked",
            "choose a lower false-match rate, or measure again with more --listed",
        )
    values = [value_of(person, attribute) for person in scores.cast.people]
    if all(value == UNKNOWN for value in values):
        raise EvaluationError(
            f"nothing is known of anybody's {attribute}",
            "say it with: lookalike gallery annotate GALLERY PERSON KEY=VALUE",
        )
    table = _Table(scores, threshold, (drawing or Drawing()))
    everybody = table.group(EVERYBODY, np.ones(len(values), bool), None)
    found = [everybody[0]]
    for name in _ordered(values):
        members = np.array([value == name for value in values])
        if members.sum() > 1:
            found.append(table.group(name, members, everybody[1])[0])
    return tuple(found)


def value_of(person: Person, attribute: str) -> str:
    """Return the group that somebody is in.

    Parameters
    ----------
    person : Person
        Who.
    attribute : str
        What people are told apart by.

    Returns
    -------
    str
        The value in words; the decade of a date or a year; `UNKNOWN`.
    """
    value: Any = person.attributes.get(attribute)
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    year = text[:_YEAR_DIGITS]
    dated = len(text) == _YEAR_DIGITS or text[_YEAR_DIGITS : _YEAR_DIGITS + 1] == "-"
    if year.isdecimal() and len(year) == _YEAR_DIGITS and dated:
        return f"{year[:3]}0s"
    return text


def _ordered(values: list[str]) -> list[str]:
    counts = Counter(values)
    return sorted(counts, key=lambda name: (name == UNKNOWN, -counts[name], name))


class _Table:
    """What the errors of any group are counted from."""

    def __init__(self, scores: Scores, threshold: float, drawing: Drawing) -> None:
        from scipy.sparse import coo_array

        assert scores.cast is not None  # noqa: S101 - `groups` has looked
        self._cast: Cast = scores.cast
        size = len(self._cast.people)
        one, other = scores.people_of(0), scores.people_of(1)
        accepted = scores.distances < threshold
        same = scores.same
        self._tried = np.bincount(one[same], minlength=size).astype(np.float64)
        self._missed = np.bincount(one[same & ~accepted], minlength=size).astype(np.float64)
        self._weights = drawing.weights(size)

        def table(chosen: NDArray[np.bool_]) -> Any:
            pairs = one[chosen], other[chosen]
            return coo_array((np.ones(len(pairs[0])), pairs), shape=(size, size)).tocsr()

        self._false = table(~same & accepted)
        # Of a gallery every pair was measured, however few of them are listed.
        self._listed = None if scores.beyond is not None else table(~same)

    def group(
        self, name: str, members: NDArray[np.bool_], reference: NDArray[np.float64] | None
    ) -> tuple[Group, NDArray[np.float64]]:
        """Return a group, and its false-match rate in each drawing, the counted one first."""
        fnmr = rate_of(self._missed * members, self._tried * members, self._weights)
        weights = np.vstack([members.astype(np.float64), self._weights * members])
        false, tried = self._pairs(self._false, weights), self._strangers(weights)
        rates = ratio(false, tried)
        people = int(members.sum())
        # Where none was counted, each two people are one trial.
        fmr = never_certain(float(rates[0]), rates[1:], people * (people - 1) // 2)
        times = Rate(math.nan)
        if reference is not None:
            many = ratio(rates, np.nan_to_num(reference))
            times = Rate(float(many[0]), *bounds(many[1:])) if rates[0] > 0 else Rate(0.0)
        tries = int((self._tried * members).sum()), round(float(tried[0]))
        return Group(name, people, *tries, fnmr, fmr, times), rates

    def _strangers(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._listed is not None:
            return self._pairs(self._listed, weights)
        counts = self._cast.counts
        return np.array([pairs_between(row * counts) for row in weights])

    @staticmethod
    def _pairs(table: Any, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how many pairs there are when people count so often."""
        return np.asarray((np.asarray(weights @ table) * weights).sum(axis=1), np.float64)

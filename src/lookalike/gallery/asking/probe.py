"""Guessing an attribute of a visitor from what a gallery knows of its people, and saying how well.

A linear probe: logistic regression on the vectors that are there anyway. How good it is is measured
on people whom it has not seen, and said; below a stated confidence nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import OptionError
from lookalike.search.directions import directions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.gallery.records import Columns

#: People of each value that are needed to learn it and to say how well it was learned.
LEAST_PEOPLE: Final = 20

_FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Guess:
    """What a probe says of a face.

    Parameters
    ----------
    attribute : str
        What was asked.
    value : str
        The likeliest value.
    confidence : float
        How sure the probe is of it, 0 to 1.
    accuracy : float
        How often it is right, measured on people whom it had not seen, 0 to 1.
    """

    attribute: str
    value: str
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """What tells a value of an attribute from another.

    Parameters
    ----------
    attribute : str
        The attribute.
    accuracy : float
        How often it is right, measured on people whom it had not seen, 0 to 1.
    people : int
        How many people it was learned from.
    model : sklearn.linear_model.LogisticRegression
        Fitted on vectors of length 1.
    """

    attribute: str
    accuracy: float
    people: int
    model: Any

    def guess(self, vectors: NDArray[np.float32]) -> list[Guess]:
        """Guess the attribute of faces.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows of the gallery's space.

        Returns
        -------
        list of Guess
            One for each row.
        """
        if len(vectors) == 0:
            return []
        odds = self.model.predict_proba(directions(vectors))
        best = odds.argmax(axis=1)
        return [
            Guess(self.attribute, str(self.model.classes_[at]), float(row[at]), self.accuracy)
            for at, row in zip(best, odds, strict=True)
        ]


def learn_probe(columns: Columns, attribute: str) -> Probe:
    """Learn to guess an attribute from the people of whom it is known.

    Parameters
    ----------
    columns : Columns
        The gallery.
    attribute : str
        An attribute with a few values, which are texts.

    Returns
    -------
    Probe
        With its accuracy on people left out, a fifth at a time.

    Raises
    ------
    OptionError
        If the gallery knows it of too few people, or of people of one value only.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    values = [person.attributes.get(attribute) for person in columns.people]
    kept = _common([value for value in values if isinstance(value, str)])
    if len(kept) < 2:
        raise OptionError(
            f"this gallery cannot say what {attribute} looks like: it is known of too few people",
            f"at least two values with {LEAST_PEOPLE} people each are needed; "
            "name them with: lookalike gallery annotate",
        )
    labelled = np.array([value in kept for value in values])
    rows = np.flatnonzero(labelled[columns.groups])
    vectors, groups = directions(columns.vectors[rows]), columns.groups[rows]
    truth = np.array([values[group] for group in groups], object).astype(str)
    # Somebody with many photos counts no more than somebody with one.
    weights = 1 / columns.counts[groups]
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000)
    folds = GroupKFold(_FOLDS).split(vectors, truth, groups)
    guessed = cross_val_predict(model, vectors, truth, cv=folds, params={"sample_weight": weights})
    accuracy = float(np.average(guessed == truth, weights=weights))
    model.fit(vectors, truth, sample_weight=weights)
    return Probe(attribute, accuracy, int(labelled.sum()), model)


def _common(values: Sequence[str]) -> set[str]:
    """Return the values of enough people."""
    names, counts = np.unique(np.array(values, object).astype(str), return_counts=True)
    return {str(name) for name, count in zip(names, counts, strict=True) if count >= LEAST_PEOPLE}

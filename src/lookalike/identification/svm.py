"""A linear support vector machine for each person, against everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import numpy as np

from lookalike.search.directions import directions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

#: How much a photo on the wrong side costs, chosen on PINS (`benchmarks/identify.py`).
COST: Final = 0.3

#: Numbers in the largest matrix that is held at one time (16 MB of float32).
_BUDGET: Final = 1 << 22

#: When the search for the weights ends: the loss falls by less than this part of itself.
_TOLERANCE: Final = 1e-6
_MOST_STEPS: Final = 500


class SvmHead:
    """Scores a face by each person's linear support vector machine.

    Parameters
    ----------
    weights : ndarray of shape (p, d + 1), float32
        Of each person; the last one is the bias.
    middle : ndarray of shape (d,), float32
        The mean direction of all faces.

    Notes
    -----
    Rows are brought to length 1, the mean direction is taken off, and they are brought to length 1
    again: the cone in which all faces lie is opened. Then for each person, y = 1 for their photos
    and -1 for all others, w minimizes ``|w|² / 2 + sum C_i max(0, 1 - y_i <w, x_i>)²``, where x
    has a 1 added for the bias, and C is 0.3 for others and ``0.3 sqrt(others / own)`` for own
    photos. The problems of many people are solved together by L-BFGS; the weights are those of
    scikit-learn's `LinearSVC`, one person at a time, in a fraction of the time.

    References
    ----------
    Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML, 2008; for the
    probabilities, Platt, "Probabilistic Outputs for Support Vector Machines", 1999.
    """

    name = "svm"

    def __init__(self, weights: NDArray[np.float32], middle: NDArray[np.float32]) -> None:
        self._weights = weights
        self._middle = middle

    @classmethod
    def fit(cls, vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> Self:
        """Learn from labelled vectors.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.
        groups : ndarray of shape (n,), int64
            The person of each row, numbered from 0 without gaps.

        Returns
        -------
        SvmHead
            Ready.
        """
        middle = directions(vectors).mean(axis=0)
        rows = _opened(vectors, middle)
        people = int(groups.max()) + 1
        block = max(1, _BUDGET // len(rows))
        weights = [
            one_against_all(rows, groups, np.arange(at, min(at + block, people)))
            for at in range(0, people, block)
        ]
        return cls(np.concatenate(weights), middle)

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Say how surely each face is each person.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Raw rows.

        Returns
        -------
        ndarray of shape (n, p), float32
            Decision values: 1 where a person's own photos begin, -1 where those of others do.
        """
        return _opened(vectors, self._middle) @ self._weights.T

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what was learned.

        Returns
        -------
        dict of str to ndarray
            For `restore`.
        """
        return {"weights": self._weights, "middle": self._middle}

    @classmethod
    def restore(
        cls,
        arrays: Mapping[str, NDArray[np.float32]],
        vectors: NDArray[np.float32],
        groups: NDArray[np.int64],
    ) -> Self:
        """Make a head of what was learned.

        Parameters
        ----------
        arrays : mapping of str to ndarray
            What `arrays` gave.
        vectors, groups : ndarray
            What `fit` was given.

        Returns
        -------
        SvmHead
            The same.
        """
        del vectors, groups
        return cls(arrays["weights"], arrays["middle"])


def one_against_all(
    rows: NDArray[np.float32], groups: NDArray[np.int64], people: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the weights of some people's machines.

    Parameters
    ----------
    rows : ndarray of shape (n, d + 1), float32
        Of everybody, with the 1 for the bias.
    groups : ndarray of shape (n,), int64
        The person of each row.
    people : ndarray of shape (q,), int64
        Whose machines: consecutive numbers.

    Returns
    -------
    ndarray of shape (q, d + 1), float32
        The weights.
    """
    from scipy.optimize import minimize

    own = np.flatnonzero((groups >= people[0]) & (groups <= people[-1]))
    place = own, groups[own] - people[0]
    counts = np.bincount(place[1])
    costs = (COST * np.sqrt((len(rows) - counts) / counts)).astype(np.float32)[place[1]]
    shape = len(people), rows.shape[1]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape)
        short = rows @ weights.T.astype(np.float32)
        own_short = np.maximum(1 - short[place], 0)
        short += 1
        np.maximum(short, 0, out=short)
        short[place] = 0
        others = COST * float(np.vdot(short, short))
        short *= COST
        short[place] = -costs * own_short
        slope = weights + 2 * (short.T @ rows)
        value = float(np.vdot(weights, weights)) / 2 + others + float(costs @ own_short**2)
        return value, slope.ravel()

    found = minimize(
        loss,
        np.zeros(shape[0] * shape[1]),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _MOST_STEPS, "ftol": _TOLERANCE, "gtol": 1e-4},
    )
    return np.asarray(found.x.reshape(shape), np.float32)


def _opened(vectors: NDArray[np.float32], middle: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return directions about the mean direction, with a 1 for the bias, shape (n, d + 1)."""
    rows = directions(directions(vectors) - middle)
    return np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)

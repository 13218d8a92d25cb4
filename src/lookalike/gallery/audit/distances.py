"""Distances as the rest of the house gives them: Euclidean, of the raw vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How many pairs a median is taken over at most.
_PAIRS: Final = 20_000

#: How many photos of a person are measured at most; with more, every so-manieth.
_MEASURED: Final = 200


def thinned(faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return an even choice of faces, all of them if they are not too many.

    Parameters
    ----------
    faces : ndarray of shape (n,), int64
        Positions.

    Returns
    -------
    ndarray of shape (m,), int64
        In the same order.
    """
    return faces[:: -(-len(faces) // _MEASURED)] if len(faces) else faces


def apart(
    vectors: NDArray[np.float32], one: NDArray[np.int64], two: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the distances between two sets of faces.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    one, two : ndarray of shape (a,) and (b,), int64
        Positions.

    Returns
    -------
    ndarray of shape (a, b), float64
        Each with each.
    """
    return (
        np.stack(
            [
                np.linalg.norm(vectors[two].astype(np.float64) - vectors[face], axis=1)
                for face in one
            ]
        )
        if len(one)
        else np.zeros((0, len(two)))
    )


def medians(vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> tuple[float, float]:
    """Return the median distance within people and between people, of pairs drawn evenly.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    groups : ndarray of shape (n,), int64
        The person of each.

    Returns
    -------
    within, between : float
        NaN where there is no pair.
    """
    order = np.argsort(groups, kind="stable")
    rng = np.random.default_rng(0)
    size = len(order)
    # Neighbors in the order of people are pairs of one person, all others hardly ever.
    steps = [(order[:-step], order[step:]) for step in (1, 2, 3) if size > step]
    near = np.concatenate([np.stack(pair) for pair in steps], axis=1) if steps else None
    if near is None:
        return float("nan"), float("nan")
    far = rng.integers(size, size=(2, _PAIRS))
    near = near[:, rng.permutation(near.shape[1])[:_PAIRS]]
    return tuple(  # type: ignore[return-value]
        _median(vectors, *pairs[:, (groups[pairs[0]] == groups[pairs[1]]) == same])
        for pairs, same in ((near, True), (far, False))
    )


def _median(vectors: NDArray[np.float32], one: NDArray[np.int64], two: NDArray[np.int64]) -> float:
    if not len(one):
        return float("nan")
    difference = vectors[one].astype(np.float64) - vectors[two]
    return float(np.median(np.linalg.norm(difference, axis=1)))

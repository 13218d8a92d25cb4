"""From log-likelihood ratios to how often such a suggestion is right.

The model's own odds are far too sure of themselves: real faces have longer tails than a Gaussian.
Logistic curves over a few of its numbers put that right. They were fitted on galleries in which
mistakes had been made on purpose; ``benchmarks/audit.py`` measures how well they hold on others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Nothing that a machine says of faces is surer than this.
_MOST: Final = 0.99


def _logistic(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.minimum(1 / (1 + np.exp(-np.clip(value, -30, 30))), _MOST), np.float64)


def relabel(
    strength: NDArray[np.float64],
    lead: NDArray[np.float64],
    fit: NDArray[np.float64],
    *,
    alone: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Say how sure it is that a face belongs to somebody else.

    Parameters
    ----------
    strength : ndarray of shape (n,), float64
        The log-likelihood ratio with the other person, less the logarithm of the number of
        people: with many, somebody fits by chance.
    lead : ndarray of shape (n,), float64
        By how much that ratio is above that of the next best person.
    fit : ndarray of shape (n,), float64
        The ratio with the own person as a part of what it is on average; see `Likeness.expected`.
    alone : ndarray of shape (n,), bool
        Whether the own person has only one more photo.

    Returns
    -------
    ndarray of shape (n,), float64
        0 to 1.
    """
    value = -3.8 + 0.24 * np.clip(strength, -5, 15) + 0.18 * np.clip(lead, 0, 10)
    return _logistic(value - 4.1 * np.clip(fit, -0.6, 0.8) - 2.4 * alone)


def alien(
    fit: NDArray[np.float64], elsewhere: NDArray[np.float64], *, alone: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Say how sure it is that a face does not belong to its person.

    Parameters
    ----------
    fit : ndarray of shape (n,), float64
        The ratio with the own person as a part of what it is on average.
    elsewhere : ndarray of shape (n,), float64
        The same with the best other person. A photo that fits nowhere is often just a poor one.
    alone : ndarray of shape (n,), bool
        Whether the own person has only one more photo.

    Returns
    -------
    ndarray of shape (n,), float64
        0 to 1.
    """
    value = -2.4 - 3.5 * np.clip(fit, -1.5, 0.8) + 1.6 * np.clip(elsewhere, -1, 0.5)
    return _logistic(value - 4.5 * alone)


def one_person(
    strength: NDArray[np.float64],
    lead: NDArray[np.float64],
    names: NDArray[np.float64],
    *,
    single: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Say how sure it is that two people are one.

    Parameters
    ----------
    strength : ndarray of shape (n,), float64
        Their log-likelihood ratio, less the logarithm of the number of people.
    lead : ndarray of shape (n,), float64
        By how much that ratio is above that of either with anybody else.
    names : ndarray of shape (n,), float64
        How alike the names are, 0 to 1.
    single : ndarray of shape (n,), bool
        Whether one of the two has one photo only.

    Returns
    -------
    ndarray of shape (n,), float64
        0 to 1.
    """
    value = -3.3 + 0.21 * np.clip(strength, -20, 30) + 0.25 * np.clip(lead, -20, 20)
    # Alike names add weight to alike faces and none to others: namesakes are common.
    return _logistic(value - 2.2 * single + 2.0 * names * (strength > 0))


def two_people(ratio: NDArray[np.float64], fit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say how sure it is that the photos of one name show two people.

    Parameters
    ----------
    ratio : ndarray of shape (n,), float64
        The log-likelihood ratio of the two parts, below 0 for two people.
    fit : ndarray of shape (n,), float64
        The same as a part of what it is on average for one person.

    Returns
    -------
    ndarray of shape (n,), float64
        0 to 1.
    """
    return _logistic(-2.1 - 2.2 * np.clip(fit, -3, 1) - 0.053 * np.clip(ratio, -100, 20))


def same_picture(apart: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say how sure it is that two faces come from one picture.

    Parameters
    ----------
    apart : ndarray of shape (n,), float64
        Their distance as a part of the usual distance between two photos of one person.

    Returns
    -------
    ndarray of shape (n,), float64
        0 to 1.
    """
    return _logistic((0.43 - apart) / 0.05)


def right_side(apart: NDArray[np.float64], gap: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say how sure it is that two faces come from one picture, and which copy is misplaced.

    Parameters
    ----------
    apart : ndarray of shape (n,), float64
        See `same_picture`.
    gap : ndarray of shape (n,), float64
        By how much the copy that stays fits its person better, 0 and up; 1 is as much as a right
        photo differs from a stranger's.

    Returns
    -------
    ndarray of shape (n,), float64
        0 to 1.
    """
    return np.asarray(same_picture(apart) * _logistic(4 * np.maximum(gap, 0)), np.float64)

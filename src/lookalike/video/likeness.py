"""Whether two faces of a video are one person, where movement alone leaves doubt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.search.calibration import fitting, threshold_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.models.card import Threshold

#: A distance that one in a hundred pairs of strangers comes below: beyond it are two people.
_DIFFERENT_FMR: Final = 1e-2
#: Side of the tiny pictures that are compared first.
_SIDE: Final = 15


@dataclass(frozen=True, slots=True)
class Likeness:
    """What distances mean for the encoder in use.

    Parameters
    ----------
    different : float
        The Euclidean distance beyond which two faces are two people; infinite if the encoder has
        not been measured, so that only movement counts.
    """

    different: float = math.inf

    @classmethod
    def of(cls, thresholds: Sequence[Threshold], views: int) -> Likeness:
        """Take it from what has been measured.

        Parameters
        ----------
        thresholds : sequence of Threshold
            Of the encoder's card.
        views : int
            Views averaged in each vector.

        Returns
        -------
        Likeness
            For these vectors.
        """
        found = threshold_at(fitting(thresholds, "euclidean", views), _DIFFERENT_FMR)
        return cls() if found is None else cls(found[0])

    def apart(self, vector: NDArray[np.float32], others: Sequence[NDArray[np.float32]]) -> float:
        """Return how far a face is from the nearest of others.

        Parameters
        ----------
        vector : ndarray of shape (d,), float32
            The face.
        others : sequence of ndarray of shape (d,), float32
            At least one.

        Returns
        -------
        float
            1 at the distance beyond which they are two people.
        """
        nearest = min(float(np.linalg.norm(vector - other)) for other in others)
        return nearest / self.different


def resemblance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Compare two crops of faces as pictures.

    Parameters
    ----------
    one, other : ndarray of shape (S, S, 3), uint8
        Aligned.

    Returns
    -------
    float
        The correlation of their gray values, seen from afar: -1 to 1. Of one person in two frames
        near each other it is close to 1.
    """
    first, second = _tiny(one), _tiny(other)
    norm = math.sqrt(float((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / norm if norm > 0 else 1.0


def _tiny(crop: NDArray[np.uint8]) -> NDArray[np.float64]:
    step = max(crop.shape[0] // _SIDE, 1)
    side = crop.shape[0] // step
    green = crop[: side * step, : side * step, 1]
    small: NDArray[np.float64] = green.reshape(side, step, side, step).mean(axis=(1, 3))
    centered: NDArray[np.float64] = small - small.mean()
    return centered

"""Noticing that a network has given up: everybody's vector is the same.

Triplet losses have a bad way out. If all vectors are one, every distance is 0 and every triplet
costs exactly the margin; from there no gradient leads away. The hardest triplets of a fresh
network, taken first, push it there.

References
----------
Schroff, Kalenichenko, Philbin, "FaceNet: A Unified Embedding for Face Recognition and Clustering",
CVPR 2015, section 3.2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from lookalike.errors import Collapsed

if TYPE_CHECKING:
    from lookalike.training.batch_figures import BatchFigures

#: Squared distance of two people below which they are one; 2 is that of random vectors.
LEAST: Final = 0.02

#: Reports in a row that must say so: a single batch may be odd.
_IN_A_ROW: Final = 3


class Watch:
    """Looks at every report of a run."""

    def __init__(self) -> None:
        self._close = 0

    def see(self, step: int, loss: float, figures: BatchFigures) -> None:
        """Look at a report.

        Parameters
        ----------
        step : int
            For the message.
        loss : float
            Of the batch.
        figures : BatchFigures
            Its distances.

        Raises
        ------
        Collapsed
            If the vectors are no numbers, or those of different people have been one for a while.
        """
        if not math.isfinite(loss):
            raise Collapsed(
                f"the loss is {loss} at step {step}",
                "lower schedule.learning_rate, raise schedule.warmup, or use float32",
            )
        self._close = self._close + 1 if figures.different < LEAST else 0
        if self._close >= _IN_A_ROW:
            raise Collapsed(
                f"at step {step} the vectors of all people are one "
                f"(squared distance {figures.different:.4f}, that of random vectors is 2)",
                'loss.mining = "semi-hard" or "batch-all", a lower schedule.learning_rate, or a '
                "longer schedule.warmup",
            )

"""How fast is learned at each step.

References
----------
Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lookalike.training.config import ScheduleConfig


def rate_at(step: int, schedule: ScheduleConfig) -> float:
    """Return the learning rate of a step.

    Parameters
    ----------
    step : int
        0 is the first.
    schedule : ScheduleConfig
        How many there are, and the highest rate.

    Returns
    -------
    float
        Rises evenly over the warm-up, and falls along half a cosine to 0 at the end.
    """
    if step < schedule.warmup:
        return schedule.learning_rate * (step + 1) / schedule.warmup
    rest = max(1, schedule.steps - schedule.warmup)
    return schedule.learning_rate * (1 + math.cos(math.pi * (step - schedule.warmup) / rest)) / 2

"""Why an encoder cannot be trained."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class TrainingError(LookalikeError):
    """An encoder cannot be trained on this."""


class Collapsed(TrainingError):
    """The network gives everybody the same vector, or no numbers at all."""


class RunUnusable(TrainingError):
    """The folder of a run does not hold what is needed, or cannot be written."""

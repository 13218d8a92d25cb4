"""What can be wrong with a run."""

from lookalike.errors import TrainingError


class Collapsed(TrainingError):
    """The network gives everybody the same vector, or no numbers at all."""


class RunUnusable(TrainingError):
    """The folder of a run does not hold what is needed, or cannot be written."""

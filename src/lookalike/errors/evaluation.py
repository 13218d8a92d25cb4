"""What is wrong with figures, or with what they are made of."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class EvaluationError(LookalikeError):
    """Pairs or stored scores cannot be used."""

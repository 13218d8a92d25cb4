"""The base of all errors, and those that belong to no room."""

from __future__ import annotations


class LookalikeError(Exception):
    """Base of every error raised on purpose.

    Parameters
    ----------
    message : str
        What went wrong, in one line.
    hint : str, optional
        What to do about it, in one line.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NoFace(LookalikeError):
    """A face was needed and none was found."""


class ArrayError(LookalikeError, ValueError):
    """An array has the wrong shape or dtype."""


class SpaceMismatch(LookalikeError, ValueError):
    """Vectors of two different encoders were to be compared."""


class UnknownName(LookalikeError, LookupError):
    """There is no implementation, person or model of that name."""


class OptionError(LookalikeError, ValueError):
    """An option is out of its range, or excludes another one."""


class MissingExtra(LookalikeError, ImportError):
    """An optional part of lookalike is not installed."""

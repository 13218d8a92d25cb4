"""Why photos cannot be collected."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class CollectError(LookalikeError):
    """Photos cannot be collected."""


class ServiceRefused(CollectError):
    """A service says no, or gives what cannot be understood."""


class Complaint(ServiceRefused):
    """A server answered with an error status that will not pass.

    Parameters
    ----------
    message : str
        What went wrong, in one line.
    hint : str, optional
        What to do about it.
    status : int
        The HTTP status.
    body : bytes
        The start of what the server says about it.
    """

    def __init__(self, message: str, hint: str = "", status: int = 0, body: bytes = b"") -> None:
        super().__init__(message, hint)
        self.status = status
        self.body = body


class AnswerTooLong(ServiceRefused):
    """An answer is longer than allowed."""


class ServiceUnavailable(CollectError):
    """A service does not answer now; it may later."""


class QueryTooHard(ServiceUnavailable):
    """A service could not answer within the time that it allows."""


class FolderUnwritable(CollectError):
    """The folder cannot be written: the disk is full, or it is read-only."""


class FolderBusy(CollectError):
    """Another process collects into the same folder."""

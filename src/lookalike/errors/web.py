"""Why a service does not answer."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class RequestError(LookalikeError):
    """The service does not answer a request."""


class RequestMalformed(RequestError):
    """The request is not in the form that was asked for."""


class RequestTooLarge(RequestError):
    """The request is over a limit on bytes, or on the number of photos."""


class RequestTooSlow(RequestError):
    """The body of the request did not come in time."""


class TokenWrong(RequestError):
    """There is no token, or one that is not known."""


class ScopeTooNarrow(RequestError):
    """The token is not good for this, or nobody may do it here."""


class ServiceUnreachable(RequestError):
    """Nobody answers at the address, or something that is no service of lookalike."""


class StrangerRefused(RequestError):
    """The request comes from another page, or under another host name, than this service's."""


class TryAgainLater(RequestError):
    """The service cannot answer now.

    Parameters
    ----------
    message, hint : str
        As for every error.
    again_s : int, default 2
        After how many seconds trying again makes sense.
    """

    def __init__(self, message: str, hint: str = "", again_s: int = 2) -> None:
        super().__init__(message, hint)
        self.again_s = again_s


class TooManyRequests(TryAgainLater):
    """One visitor asks more often than this service allows."""


class ServiceBusy(TryAgainLater):
    """Too much is asked at a time, or answering took too long; it may work later."""

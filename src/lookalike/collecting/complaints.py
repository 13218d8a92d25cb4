"""What servers mean by the errors that they answer with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from urllib3.util import Retry

from lookalike.errors import Complaint, ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lookalike.collecting.questions import Question

_MAY_PASS: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_COMPLAINT: Final = 1 << 14
_HINTS: Final = {
    401: "it wants a login for that",
    403: "it does not want programs, or wants to know whom to write to: --contact you@example.org",
}


class Hiccup(Exception):
    """Something that may be over at the next attempt.

    Parameters
    ----------
    said : str
        What went wrong.
    pause_s : float, optional
        Seconds that the server wants to pass before it.
    """

    def __init__(self, said: str, pause_s: float | None = None) -> None:
        super().__init__(said)
        self.pause_s = pause_s


def complaint(answer: requests.Response, question: Question) -> Exception:
    """Read an answer whose status is an error.

    Parameters
    ----------
    answer : requests.Response
        Its body has not been read yet.
    question : Question
        What was asked.

    Returns
    -------
    Exception
        A `Hiccup` if asking again may help, else a `Complaint`.
    """
    body = next(answer.iter_content(_LONGEST_COMPLAINT), b"")
    said = f"{answer.status_code} {answer.reason}".strip()
    if answer.status_code in _MAY_PASS and not any(sign in body for sign in question.hopeless):
        return Hiccup(said, retry_after(answer.headers))
    host = urlsplit(question.address).netloc
    hint = _HINTS.get(answer.status_code, "")
    return Complaint(f"{host} says {said}", hint, answer.status_code, body)


def given_up(host: str, said: str, pause_s: float | None = None) -> ServiceUnavailable:
    """Say that a host does not answer now.

    Parameters
    ----------
    host : str
        Which one.
    said : str
        The last that was heard.
    pause_s : float, optional
        For how many seconds it wants to be left alone.

    Returns
    -------
    ServiceUnavailable
        To be raised.
    """
    if pause_s:
        return ServiceUnavailable(
            f"{host} says {said}",
            f"it asks to be left alone for {pause_s:,.0f} seconds; "
            "run the same command again after that",
        )
    return ServiceUnavailable(f"{host}: {said}", "run the same command again later")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read when a server wants to be asked again.

    Parameters
    ----------
    headers : mapping of str to str
        The answer's.

    Returns
    -------
    float or None
        Seconds from now; None if it does not say.
    """
    said = headers.get("Retry-After")
    if not said:
        return None
    try:
        return Retry().parse_retry_after(said)
    except urllib3.exceptions.InvalidHeader:
        return None


def reason(error: BaseException) -> str:
    """Find the one plain line in a chain of exceptions.

    Parameters
    ----------
    error : BaseException
        The last of the chain.

    Returns
    -------
    str
        What went wrong, without addresses of objects and stacks.
    """
    said = "no answer in time" if isinstance(error, requests.Timeout) else "the connection broke"
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, urllib3.exceptions.NameResolutionError):
            return "its name cannot be resolved; is there a network?"
        if isinstance(link, OSError) and link.strerror:
            said = link.strerror.lower()
        link = link.__cause__ or link.__context__
    return said

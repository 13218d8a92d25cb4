"""Asking the web: under one's own name, at a polite pace, and again if it may help."""

from __future__ import annotations

import io
import json
import random
import threading
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from lookalike import __version__
from lookalike.collecting.complaints import Hiccup, complaint, given_up, reason
from lookalike.collecting.gates import Closed, Gates, check
from lookalike.collecting.questions import Patience
from lookalike.errors import AnswerTooLong, FolderUnwritable, ServiceRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lookalike.collecting.questions import Question

_CHUNK: Final = 1 << 16
_NEVER: Final = threading.Event()


class Web:
    """What every service and every download goes through.

    Proxies and certificates of the environment are honored.

    Parameters
    ----------
    patience : Patience, optional
        How long and how often.
    gates : Gates, optional
        How fast.
    contact : str
        Whom services may write to about what this user does: a mail address or a page.
    """

    def __init__(
        self, patience: Patience | None = None, gates: Gates | None = None, contact: str = ""
    ) -> None:
        self.patience = patience or Patience()
        self.gates = gates or Gates()
        # The form that Wikimedia's User-Agent policy asks for. Never a browser's name.
        below = requests.utils.default_user_agent()
        self.name = f"lookalike/{__version__} ({contact or 'no contact'}) {below}"
        self._own = threading.local()

    def text(self, question: Question) -> tuple[str, Mapping[str, str]]:
        """Ask for a short text.

        Parameters
        ----------
        question : Question
            What to ask.

        Returns
        -------
        tuple of str and mapping
            The text, and the answer's headers.

        Raises
        ------
        ServiceRefused
            If the server says no.
        ServiceUnavailable
            If it does not answer now.
        """
        into = io.BytesIO()
        headers = self.bring(question, into)
        return into.getvalue().decode("utf-8", "replace"), headers

    def json(self, question: Question) -> tuple[Any, Mapping[str, str]]:
        """Ask for JSON.

        Parameters
        ----------
        question : Question
            What to ask.

        Returns
        -------
        tuple of JSON value and mapping
            The answer, and its headers.

        Raises
        ------
        ServiceRefused
            If the server says no, or something that is no JSON.
        ServiceUnavailable
            If it does not answer now.
        """
        said, headers = self.text(question)
        try:
            return json.loads(said), headers
        except (ValueError, RecursionError) as error:
            host = urlsplit(question.address).netloc
            raise ServiceRefused(
                f"{host} answered something else than JSON: {said[:60]!r}",
                "is there a login page or a filter between you and the web?",
            ) from error

    def bring(
        self, question: Question, into: BinaryIO, stopped: threading.Event = _NEVER
    ) -> Mapping[str, str]:
        """Ask, and write the answer's body into a file.

        Parameters
        ----------
        question : Question
            What to ask.
        into : binary file
            Emptied before each attempt.
        stopped : Event, optional
            When it is set, this ends, be it while waiting or in the middle of an answer.

        Returns
        -------
        mapping of str to str
            The answer's headers.

        Raises
        ------
        Complaint
            If the server says no.
        AnswerTooLong
            If the answer is longer than allowed.
        ServiceUnavailable
            If there was no answer in all attempts.
        FolderUnwritable
            If the disk takes no more.
        Stopped
            If `stopped` has been set.
        """
        host = urlsplit(question.address).netloc
        last = Hiccup("it was never asked")
        for attempt in range(self.patience.attempts):
            into.seek(0)
            into.truncate()
            try:
                with self.gates.turn(host, stopped):
                    return self._attempt(question, into, stopped)
            except Closed as closed:
                raise given_up(host, "429 too many requests", closed.pause_s) from closed
            except Hiccup as hiccup:
                backoff_s = self.patience.backoff_s * 2**attempt * random.uniform(1.0, 1.25)
                self.gates.hold(host, max(backoff_s, hiccup.pause_s or 0.0))
                last = hiccup
        raise given_up(host, str(last)) from last

    def _attempt(
        self, question: Question, into: BinaryIO, stopped: threading.Event
    ) -> Mapping[str, str]:
        try:
            with self._sent(question) as answer:
                if answer.status_code != 200:
                    raise complaint(answer, question)
                length = answer.headers.get("Content-Length", "")
                if length.isdecimal() and int(length) > question.most_bytes:
                    raise AnswerTooLong(f"{int(length):,} bytes")
                _copy(answer, into, question.most_bytes, stopped)
                return answer.headers
        except requests.exceptions.SSLError as error:
            raise ServiceRefused("its certificate cannot be trusted") from error
        except (requests.ConnectionError, requests.Timeout) as error:
            raise Hiccup(reason(error)) from error
        except (
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
            urllib3.exceptions.HTTPError,
        ) as error:
            raise Hiccup("the connection broke") from error
        except requests.RequestException as error:
            raise ServiceRefused(str(error).partition(" (")[0] or type(error).__name__) from error

    def _sent(self, question: Question) -> requests.Response:
        wait = (self.patience.connect_s, question.stall_s or self.patience.stall_s)
        headers = {"Accept": question.accept}
        fields = dict(question.fields)
        if question.posted:
            return self._session().post(
                question.address, data=fields, headers=headers, timeout=wait, stream=True
            )
        return self._session().get(
            question.address, params=fields, headers=headers, timeout=wait, stream=True
        )

    def _session(self) -> requests.Session:
        # A session is not promised to be safe between threads.
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
            self._own.session.headers["User-Agent"] = self.name
        session: requests.Session = self._own.session
        return session


def _copy(
    answer: requests.Response, into: BinaryIO, most_bytes: int, stopped: threading.Event
) -> None:
    done = 0
    for chunk in answer.iter_content(_CHUNK):
        check(stopped)
        done += len(chunk)
        if done > most_bytes:
            raise AnswerTooLong(f"more than {most_bytes:,} bytes")
        try:
            into.write(chunk)
        except OSError as error:
            # Without this, a full disk would look like a broken connection.
            raise FolderUnwritable(
                f"cannot write {getattr(into, 'name', 'the answer')}: {error.strerror}",
                "make room, then run the same command again",
            ) from error

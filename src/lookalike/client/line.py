"""What lies between a client and a service: the connection, patience, and errors."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from lookalike import errors
from lookalike.errors import LookalikeError, RequestError, ServiceUnreachable

if TYPE_CHECKING:
    from requests import Response


class Line:
    """A connection to a service. For one thread at a time.

    Parameters
    ----------
    address : str
        Where it is.
    token : str or None
        What it wants to see.
    time_s : float
        How long an answer may take.
    patience_s : float
        For how long to try again where the service says that it may work later.
    """

    def __init__(self, address: str, token: str | None, time_s: float, patience_s: float) -> None:
        import requests

        self._address = address.rstrip("/")
        self._time_s = time_s
        self._patience_s = patience_s
        self._session = requests.Session()
        if token is not None:
            self._session.headers["authorization"] = f"Bearer {token}"

    def close(self) -> None:
        """Let go of it."""
        self._session.close()

    def ask(self, method: str, path: str, **more: Any) -> Response:
        """Ask, and ask again if that may help.

        Parameters
        ----------
        method, path : str
            What to ask, behind ``/api/v1/``.
        **more : object
            For requests.

        Returns
        -------
        Response
            A success.

        Raises
        ------
        LookalikeError
            The error that the library would raise, by the service's account.
        """
        end = time.monotonic() + self._patience_s
        while True:
            response = self._asked_once(method, path, **more)
            if response.ok:
                return response
            error = _error(response)
            again_s = error.again_s if isinstance(error, errors.TryAgainLater) else None
            if again_s is None or time.monotonic() + again_s > end:
                raise error
            time.sleep(again_s)

    def _asked_once(self, method: str, path: str, **more: Any) -> Response:
        import requests

        try:
            return self._session.request(
                method, f"{self._address}/api/v1/{path}", timeout=self._time_s, **more
            )
        except requests.RequestException as fault:
            raise ServiceUnreachable(
                f"nobody answers at {self._address}", "start it with: lookalike serve"
            ) from fault


def _error(response: Response) -> LookalikeError:
    """Return the error that the library would raise."""
    try:
        told = response.json()["error"]
        kind, message, hint = told["kind"], told["message"], told["hint"]
    except (ValueError, KeyError, TypeError):
        return ServiceUnreachable(
            f"status {response.status_code}, and no word why", "is this a lookalike service?"
        )
    known = getattr(errors, kind, None) if isinstance(kind, str) else None
    if not (isinstance(known, type) and issubclass(known, LookalikeError)):
        known = RequestError
    if issubclass(known, errors.TryAgainLater):
        again = response.headers.get("retry-after", "")
        return known(message, hint, int(again) if again.isdecimal() else 2)
    return known(message, hint)

"""Who may speak to this service at all: not under a false host name, not from another page.

A page somewhere on the web can make a visitor's browser ask a service on the visitor's own machine.
It either asks under its own name, which it has pointed at the machine (then the host is not ours),
or under the machine's name (then the origin is not ours). Both are refused before anything else.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from lookalike.errors import StrangerRefused
from lookalike.web.faults import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from lookalike.web.settings import Settings

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")


class StrangerCheck:
    """Refuses requests and sockets of strangers.

    Parameters
    ----------
    app : ASGI application
        What comes next.
    settings : Settings
        Which hosts and origins are ours.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = {*_LOOPBACK, settings.host.lower(), *map(str.lower, settings.hosts)}
        # Nobody can point a bare address somewhere else, so it is safe where it can be reached.
        self._addresses = not settings.on_loopback
        self._origins = {origin.rstrip("/").lower() for origin in settings.origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it.

        Parameters
        ----------
        scope, receive, send
            ASGI.
        """
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        error = self._objection(scope, headers)
        if error is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await answer(error)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": error.message})

    def _objection(self, scope: Scope, headers: Headers) -> StrangerRefused | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(_host_of(f"//{hosts[0]}")):
            return StrangerRefused(
                "this service does not go by that name", "its owner can add it to the hosts"
            )
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        if not changes:
            return None
        origin = headers.get("origin")
        if origin is None:
            # Not a browser, or an old one that then says nothing at all.
            foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        else:
            ours = urlsplit(origin).netloc.lower() == hosts[0].lower()
            foreign = not ours and origin.lower() not in self._origins
        if foreign:
            return StrangerRefused(
                "another page may not use this service", "its owner can add it to the origins"
            )
        return None

    def _is_ours(self, host: str | None) -> bool:
        if host is None:
            return False
        if host in self._hosts:
            return True
        if any(name.startswith("*.") and host.endswith(name[1:]) for name in self._hosts):
            return True
        if not self._addresses:
            return False
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True


def _host_of(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # checked only when it is asked for
    except ValueError:
        return None
    return None if parts.path or parts.username is not None else parts.hostname

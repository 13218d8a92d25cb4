"""What is noted of every request: which endpoint, which status, how long. Nothing else."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from lookalike.web.faults import places

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from lookalike.web.metrics import Metrics

log = logging.getLogger(__name__)

_METHODS: Final = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")
_FAULT: Final = {
    "error": {"kind": "LookalikeError", "message": "the service is not in order", "hint": ""}
}


class Watch:
    """Counts requests, notes them without what they say, and ends errors that nobody foresaw.

    Parameters
    ----------
    app : ASGI application
        What comes next.
    metrics : Metrics
        What counts.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on.

        Parameters
        ----------
        scope, receive, send
            ASGI.
        """
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            status = 499
        except Exception as error:  # noqa: BLE001 - the server would print its words
            log.error("%s: %s", type(error).__name__, places(error))  # noqa: TRY400
            if scope["type"] == "http" and status == 0:
                status = 500
                await JSONResponse(_FAULT, 500)(scope, receive, send)
        finally:
            if scope["type"] == "http":
                self._note(scope, status, time.perf_counter() - start)

    def _note(self, scope: Scope, status: int, took_s: float) -> None:
        route = getattr(scope.get("route"), "path", None) or "page"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, route, status).inc()
        self._metrics.seconds.labels(route).observe(took_s)
        log.info("%s %s %d %.0f ms", method, route, status, 1000 * took_s)

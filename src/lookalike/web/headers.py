"""What every answer tells a browser not to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from lookalike.web.settings import Settings


def content_policy(settings: Settings) -> str:
    """Return the content security policy of all answers.

    Parameters
    ----------
    settings : Settings
        Who may frame the page.

    Returns
    -------
    str
        Scripts, styles and fonts only as files of this service, none written into a page; pictures
        also from memory; nothing from anywhere else.
    """
    parts = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(settings.frame_ancestors) or "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


class SafeHeaders:
    """Adds the headers to every answer.

    Parameters
    ----------
    app : ASGI application
        What comes next.
    settings : Settings
        Who may frame the page.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._headers = {
            "content-security-policy": content_policy(settings),
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "cross-origin" if settings.origins else "same-origin",
            "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=()",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }
        if not settings.frame_ancestors:
            self._headers["x-frame-options"] = "DENY"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on.

        Parameters
        ----------
        scope, receive, send
            ASGI.
        """

        async def sending(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                # What a visitor is answered is nobody else's, and not for a disk.
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, sending if scope["type"] != "lifespan" else send)

"""The page: files as they are, and nothing but those in its folder."""

from __future__ import annotations

import mimetypes
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

# What the system believes about suffixes must not decide whether a browser runs a module.
for _kind, _suffix in (
    ("text/javascript", ".js"),
    ("text/css", ".css"),
    ("image/svg+xml", ".svg"),
    ("font/woff2", ".woff2"),
    ("application/manifest+json", ".webmanifest"),
):
    mimetypes.add_type(_kind, _suffix)

#: Addresses that people see, and the files behind them.
_PAGES: Final = {"/": "index.html", "/live": "live.html"}


def mount(app: FastAPI) -> None:
    """Serve the page.

    Parameters
    ----------
    app : FastAPI
        The service, with all its endpoints: what they do not answer is looked for here.
    """
    folder = Path(str(resources.files("lookalike.web"))) / "page"
    for address, name in _PAGES.items():
        app.router.routes.append(Route(address, _serving(folder / name), methods=["GET"]))
    app.router.routes.append(Mount("/", _Files(directory=folder), name="page"))


class _Files(StaticFiles):
    """Files that a browser asks for again, so that a new version is seen at once."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = "no-cache"
        return response


def _serving(path: Path) -> Callable[[Request], Awaitable[FileResponse]]:
    async def serve(_: Request) -> FileResponse:
        return FileResponse(path, headers={"cache-control": "no-cache"})

    return serve

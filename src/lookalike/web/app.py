"""The service as an ASGI application."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from lookalike import __version__
from lookalike.web.faults import add_handlers
from lookalike.web.headers import SafeHeaders
from lookalike.web.routes import (
    comparing,
    finding,
    galleries,
    live,
    managing,
    models,
    page,
    presenting,
    state,
    together,
)
from lookalike.web.service import Service
from lookalike.web.settings import Settings
from lookalike.web.strangers import StrangerCheck
from lookalike.web.watching import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from lookalike.pipeline import Finder

_PARTS = (finding, together, comparing, presenting, galleries, managing, models, state, live)
_ABOUT = (
    "Whom does a face resemble? For fun, never for identification. Photos are looked at and "
    "forgotten. Where tokens are set, requests carry one: `Authorization: Bearer TOKEN`."
)


def create_app(finder: Finder, settings: Settings | None = None) -> FastAPI:
    """Make the service.

    Parameters
    ----------
    finder : Finder
        The gallery that answers by default, with its networks. The service closes the gallery.
    settings : Settings, optional
        How it behaves; what the environment says if nothing is given.

    Returns
    -------
    FastAPI
        An ASGI application, for one event loop.

    Raises
    ------
    OptionError
        If strangers could reach it and nothing says that they may.
    """
    settings = (settings or Settings()).require_safe()
    service = Service(finder, settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.open()
        try:
            yield
        finally:
            service.close()

    app = FastAPI(
        title="lookalike",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    add_handlers(app)
    for part in (
        finding,
        together,
        comparing,
        presenting,
        galleries,
        managing,
        models,
        state,
        live,
    ):
        app.include_router(part.router)
    page.mount(app)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["authorization"],
        )
    app.add_middleware(StrangerCheck, settings=settings)
    app.add_middleware(Watch, metrics=service.metrics)
    app.add_middleware(SafeHeaders, settings=settings)
    return app

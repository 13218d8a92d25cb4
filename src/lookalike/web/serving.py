"""Running the service: the server, its limits, and how it ends."""

from __future__ import annotations

import logging
import os
import socket
import tempfile
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.supervisors import Multiprocess

from lookalike.errors import OptionError
from lookalike.pipeline import Finder
from lookalike.web.app import create_app
from lookalike.web.metrics import TOGETHER
from lookalike.web.patience import PatientProtocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from lookalike.web.settings import Settings

#: A frame of a camera is smaller than a photo; a larger message ends the session.
LIVE_BYTES: Final = 4 * 1024 * 1024
#: Request line and headers together.
_HEAD_BYTES: Final = 32 * 1024
_KEEP_ALIVE_S: Final = 10
#: How long a process may take to start, or be silent, before another one takes its place.
_START_S: Final = 120


def serve(settings: Settings, on_start: Callable[[str], None] = lambda _address: None) -> None:
    """Run the service until it is told to stop.

    Parameters
    ----------
    settings : Settings
        How.
    on_start : callable, optional
        Called with the address of the page when connections are taken.

    Raises
    ------
    OptionError
        If strangers could reach it and nothing says that they may, or the address is taken.
    GalleryError, ModelError
        If the gallery or its networks cannot be used.
    """
    settings.require_safe()
    listening = _listen(settings)
    try:
        if settings.processes == 1:
            app = open_app(settings)
            on_start(_address(settings, listening))
            uvicorn.Server(config(app, settings)).run([listening])
        else:
            # What is wrong with the gallery or the networks is said once, and here; and an index
            # that is kept is made once.
            with _finder(settings).gallery as gallery:
                gallery.prepare()
            on_start(_address(settings, listening))
            _serve_together(settings, listening)
    finally:
        listening.close()


def open_app(settings: Settings) -> FastAPI:
    """Open the gallery and make the service.

    Parameters
    ----------
    settings : Settings
        Which one, and how.

    Returns
    -------
    FastAPI
        As `create_app` makes it.
    """
    logging.basicConfig(format="%(levelname)s %(message)s")
    logging.getLogger("lookalike.web").setLevel(settings.log.upper())
    return create_app(_finder(settings), settings)


def _finder(settings: Settings) -> Finder:
    return Finder.open(settings.gallery, detector=settings.detector, provider=settings.provider)


def config(app: Any, settings: Settings, **more: Any) -> uvicorn.Config:
    """Return how the server runs.

    Parameters
    ----------
    app : ASGI application
        The service.
    settings : Settings
        Its settings.
    **more : object
        Further options of the server.

    Returns
    -------
    uvicorn.Config
        Without an access log: addresses of visitors are nobody's business.
    """
    return uvicorn.Config(
        app,
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        server_header=False,
        http=PatientProtocol,
        ws="websockets-sansio",
        ws_max_size=LIVE_BYTES,
        ws_per_message_deflate=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        limit_concurrency=settings.connections,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=settings.stop_time_s,
        timeout_worker_healthcheck=_START_S,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        **more,
    )


def _serve_together(settings: Settings, listening: socket.socket) -> None:
    """Run several processes, which put their numbers together in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="lookalike-numbers-") as folder:
        os.environ[TOGETHER] = folder
        try:
            several = config(
                partial(open_app, settings), settings, factory=True, workers=settings.processes
            )
            Multiprocess(several, [listening]).run()
        finally:
            del os.environ[TOGETHER]


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Only of a socket that names its protocol does asyncio send small pieces at once; else the
    # body of an answer waits, 40 ms, until the other side has acknowledged its headers.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        # Whoever is told of the address can connect, and waits until the networks are open.
        listening.listen()
    except OSError as error:
        listening.close()
        raise OptionError(
            f"cannot listen at {settings.host}:{settings.port}: {error.strerror}",
            "choose another one with --host and --port; port 0 takes a free one",
        ) from error
    return listening


def _address(settings: Settings, listening: socket.socket) -> str:
    port = listening.getsockname()[1]
    host = "localhost" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

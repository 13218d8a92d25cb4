"""Errors as answers: which class has which status, in one table."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from lookalike import errors
from lookalike.errors import LookalikeError
from lookalike.fields import error_fields

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

log = logging.getLogger(__name__)

#: The first class that fits an error gives the status.
STATUS: Final[tuple[tuple[type[LookalikeError], int], ...]] = (
    (errors.RequestMalformed, 400),
    (errors.TokenWrong, 401),
    (errors.ScopeTooNarrow, 403),
    (errors.StrangerRefused, 403),
    (errors.RequestTooSlow, 408),
    (errors.RequestTooLarge, 413),
    (errors.TooManyRequests, 429),
    (errors.ServiceBusy, 503),
    (errors.ImageTooLarge, 413),
    (errors.ImageError, 422),
    (errors.NoFace, 422),
    (errors.OptionError, 422),
    (errors.ArrayError, 422),
    (errors.SpaceMismatch, 409),
    (errors.UnknownName, 404),
    (errors.GalleryMissing, 404),
    (errors.GalleryEmpty, 409),
    (errors.GalleryBusy, 503),
    (errors.GalleryUnwritable, 507),
    (errors.GalleryUnreachable, 503),
    (errors.MissingExtra, 501),
)

#: What the messages of some errors would tell: where the service keeps its galleries.
_IN_OTHER_WORDS: Final[tuple[tuple[type[LookalikeError], str, str], ...]] = (
    (errors.GalleryMissing, "there is no gallery of that name", "ask for the list of them"),
    (errors.GalleryBusy, "the gallery is being changed", "ask again in a moment"),
    (errors.GalleryEmpty, "the gallery has too few people for that", "its owner can add some"),
)

#: After how many seconds to try again, where the error does not say so itself.
_AGAIN_S: Final = 2


def status_of(error: LookalikeError) -> int:
    """Return the status of an error.

    Parameters
    ----------
    error : LookalikeError
        What went wrong.

    Returns
    -------
    int
        See `STATUS`; 500 for what only the service's owner can mend.
    """
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def fault_fields(error: LookalikeError) -> dict[str, str]:
    """Return an error as machines read it.

    Parameters
    ----------
    error : LookalikeError
        What went wrong.

    Returns
    -------
    dict of str to str
        ``kind``, ``message`` and ``hint``. Where the service is at fault, nothing of what it
        knows: messages name files and servers.
    """
    kind = type(error).__name__
    if status_of(error) in (500, 507) or isinstance(error, errors.GalleryUnreachable):
        return {"kind": kind, "message": "the service is not in order", "hint": "tell its owner"}
    for told, message, hint in _IN_OTHER_WORDS:
        if isinstance(error, told):
            return {"kind": kind, "message": message, "hint": hint}
    return error_fields(error)


def answer(error: LookalikeError) -> JSONResponse:
    """Make the response of an error.

    Parameters
    ----------
    error : LookalikeError
        What went wrong.

    Returns
    -------
    JSONResponse
        ``{"error": {"kind", "message", "hint"}}``.
    """
    status = status_of(error)
    headers = {}
    if status in (429, 503):
        again_s = error.again_s if isinstance(error, errors.TryAgainLater) else _AGAIN_S
        headers["retry-after"] = str(again_s)
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse({"error": fault_fields(error)}, status, headers)


def add_handlers(app: FastAPI) -> None:
    """Let every error become an answer of one form.

    Parameters
    ----------
    app : FastAPI
        The service.
    """

    @app.exception_handler(LookalikeError)
    async def _(request: Request, error: LookalikeError) -> JSONResponse:
        request.app.state.service.metrics.refusals.labels(type(error).__name__).inc()
        if status_of(error) in (500, 507):
            log.error("%s: %s", type(error).__name__, places(error))
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def _(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"][1:])) or "the request"
        return _plain(422, "OptionError", f"{where}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def _(_: Request, error: HTTPException) -> JSONResponse:
        response = _plain(error.status_code, "RequestError", str(error.detail).lower())
        response.headers.update(error.headers or {})
        return response


def _plain(status: int, kind: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"kind": kind, "message": message, "hint": ""}}, status)


def places(error: BaseException) -> str:
    """Say where an error arose. Its words may hold a name, a path or part of a photo.

    Parameters
    ----------
    error : BaseException
        With its traceback.

    Returns
    -------
    str
        Functions and lines, the innermost first.
    """
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))

"""What every endpoint needs: the service, and leave to ask."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Depends, Request

from lookalike.errors import OptionError
from lookalike.web.access import Scope, bearer
from lookalike.web.answers import FaultAnswer
from lookalike.web.forms import Form, read_form
from lookalike.web.service import Service

PREFIX: Final = "/api/v1"

#: What may be answered instead of what was asked for, beside a success.
FAULTS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": FaultAnswer, "description": words}
    for status, words in {
        400: "Not a form",
        401: "A token is needed, or it is not known",
        403: "The token is not good for this, or another page asks",
        404: "There is nothing of that name",
        408: "The photo did not arrive in time",
        409: "The gallery has nobody in it, or was made with another network",
        413: "Over a limit on bytes, pixels or photos",
        422: "Not a photo, no face, or a field that is wrong",
        429: "Asked too often; see Retry-After",
        503: "Too many ask at a time, or it took too long; see Retry-After",
    }.items()
}


def service_of(request: Request) -> Service:
    """Return the service that a request came to.

    Parameters
    ----------
    request : Request
        Any request.

    Returns
    -------
    Service
        As `create_app` made it.
    """
    service: Service = request.app.state.service
    return service


def _finding(request: Request) -> Service:
    return _allowed(request, Scope.FIND)


def _identifying(request: Request) -> Service:
    return _allowed(request, Scope.IDENTIFY)


def _managing(request: Request) -> Service:
    return _allowed(request, Scope.MANAGE)


def _allowed(request: Request, scope: Scope) -> Service:
    service = service_of(request)
    visitor = request.client.host if request.client else ""
    service.access.require(scope, bearer(request.headers.get("authorization")), visitor)
    return service


Finding = Annotated[Service, Depends(_finding)]
Identifying = Annotated[Service, Depends(_identifying)]
Managing = Annotated[Service, Depends(_managing)]


async def form_of(request: Request, service: Service, name: str, *others: str) -> Form:
    """Read a form that holds a photo.

    Parameters
    ----------
    request : Request
        Its body has not been read.
    service : Service
        With its limits.
    name : str
        The field that holds a photo.
    *others : str
        Fields that may hold one.

    Returns
    -------
    Form
        All of it.

    Raises
    ------
    RequestError
        If the form is over the limits, or none.
    OptionError
        If a photo is missing, or in another field.
    """
    form = await read_form(request, service.form_limits)
    for wrong in form.photos.keys() - {name, *others}:
        raise OptionError(f"there is no field {wrong[:40]!r} for a photo", f"it is {name}")
    if name not in form.photos:
        raise OptionError(f"send a photo as {name}", f"-F {name}=@me.jpg")
    if others and any(len(photos) > 1 for photos in form.photos.values()):
        raise OptionError("one photo belongs into each field", f"-F {name}=@me.jpg")
    return form


async def photos_of(
    request: Request, service: Service, *names: str, most: int = 0
) -> tuple[Form, list[bytes]]:
    """Read a form that holds photos.

    Parameters
    ----------
    request : Request
        Its body has not been read.
    service : Service
        With its limits.
    *names : str
        The fields that hold photos; with several, one photo in each.
    most : int, default 0
        How many photos a single field may hold; 0 for as many as the service allows.

    Returns
    -------
    form : Form
        All of it.
    photos : list of bytes
        The photos.

    Raises
    ------
    RequestError
        If the form is over the limits, or none.
    OptionError
        If a photo is missing, or in another field, or there are too many.
    """
    form = await form_of(request, service, *names)
    if missing := [name for name in names if name not in form.photos]:
        raise OptionError(f"send a photo as {missing[0]}", f"-F {missing[0]}=@me.jpg")
    photos = [photo for name in names for photo in form.photos[name]]
    if most and len(photos) > most:
        raise OptionError("send one photo", f"-F {names[0]}=@me.jpg")
    return form, photos

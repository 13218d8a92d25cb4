"""Changing galleries. Takes a token that may manage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from lookalike.web import changing
from lookalike.web.asked import NAME_LETTERS, AddAsked, body_schema, parsed
from lookalike.web.gallery_answers import AddedAnswer, AuditAnswer, RemovedAnswer
from lookalike.web.routes.asking import FAULTS, PREFIX, Managing, photos_of
from lookalike.web.routes.galleries import Name

router = APIRouter(prefix=f"{PREFIX}/galleries", tags=["managing"], responses=FAULTS)

Who = Annotated[
    str, Path(max_length=NAME_LETTERS, description="An id or a name, or a photo's SHA-256.")
]


@router.post("/{gallery}/people", openapi_extra=body_schema(AddAsked, "photo", most=64))
async def add(request: Request, service: Managing, gallery: Name) -> AddedAnswer:
    """Add photos of one person, who may be new. These photos are kept: they are the gallery."""
    form, photos = await photos_of(request, service, "photo")
    asked = parsed(AddAsked, form.words)
    return await service.slow_desk.do(lambda: changing.add(service.shelf, gallery, asked, photos))


@router.delete("/{gallery}/people/{who}")
async def remove(
    service: Managing,
    gallery: Name,
    who: Who,
    forever: Annotated[bool, Query(description="Turn them away from now on.")] = False,
) -> RemovedAnswer:
    """Delete somebody, or one photo, with everything known of them. Cannot be taken back."""
    return await service.slow_desk.do(
        lambda: changing.remove(service.shelf, gallery, who, forever=forever)
    )


@router.post("/{gallery}/audit")
async def audit(
    service: Managing,
    gallery: Name,
    min_confidence: Annotated[float, Query(ge=0, le=1)] = 0.5,
) -> AuditAnswer:
    """Look for photos under a wrong name, people under two names, and names of two people."""
    return await service.slow_desk.do(
        lambda: changing.examine(service.shelf, gallery, min_confidence)
    )

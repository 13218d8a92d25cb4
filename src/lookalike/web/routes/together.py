"""``together``: one visitor by several photos."""

from __future__ import annotations

from fastapi import APIRouter, Request

from lookalike.errors import ImageError
from lookalike.fields import share
from lookalike.types import VisitorPhoto
from lookalike.web.answers import FaceAnswer, Fault, TogetherAnswer, TogetherPhoto
from lookalike.web.asked import FindAsked, body_schema, parsed
from lookalike.web.faults import fault_fields
from lookalike.web.routes.asking import FAULTS, PREFIX, Finding, photos_of
from lookalike.web.routes.finding import check
from lookalike.web.service import Service
from lookalike.web.telling import face_fields, guess_answer, match_answer, size_fields

router = APIRouter(prefix=PREFIX, tags=["finding"], responses=FAULTS)


@router.post("/together", openapi_extra=body_schema(FindAsked, "photo", most=64))
async def together(request: Request, service: Finding) -> TogetherAnswer:
    """Say whom one visitor resembles by several photos, and how stable that answer is.

    Others may be in the photos; which face is the visitor's is found out.
    """
    form, photos = await photos_of(request, service, "photo")
    asked = parsed(FindAsked, form.words)
    check(asked, service)
    return await service.desk.do(lambda: _together(service, asked, photos))


def _together(service: Service, asked: FindAsked, photos: list[bytes]) -> TogetherAnswer:
    opened = service.shelf.get(asked.gallery)
    gallery = opened.finder.gallery
    found = opened.finder.find_together(photos, asked.options)
    guess = (
        guess_answer(gallery.guess(found.visitor.faces.mean(), asked.like_me)[0])
        if asked.like_me
        else None
    )
    return TogetherAnswer(
        gallery=opened.name,
        encoder=gallery.header.space.encoder,
        space=gallery.header.space.digest,
        views=gallery.header.views,
        metric=asked.metric,
        rank=asked.rank,
        among=found.among,
        used=len(found.visitor.faces),
        agree=found.visitor.agree,
        stability=share(found.stability),
        stands_out=found.stands_out(),
        guess=guess,
        matches=[match_answer(opened, match) for match in found],
        photos=[_told(photo, cut=asked.portraits) for photo in found.visitor.photos],
    )


def _told(photo: VisitorPhoto, *, cut: bool) -> TogetherPhoto:
    look = photo.look
    if isinstance(look, ImageError):
        return TogetherPhoto(outcome=photo.outcome, error=Fault(**fault_fields(look)))
    face = None
    if photo.face is not None:
        face = FaceAnswer.model_validate(face_fields(look, cut=cut)[photo.face])
    return TogetherPhoto(outcome=photo.outcome, **size_fields(look), faces=len(look), face=face)

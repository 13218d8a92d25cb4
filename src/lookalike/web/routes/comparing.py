"""``compare`` and ``identify``: one person or two, and who of a gallery somebody is."""

from __future__ import annotations

from fastapi import APIRouter, Request

from lookalike.comparing import CompareOptions, Comparer
from lookalike.fields import comparison_fields, identifier_fields, share
from lookalike.identification.options import IdentifyOptions
from lookalike.types import Identified, Identity
from lookalike.web.answers import (
    CompareAnswer,
    IdentifiedFaceAnswer,
    IdentifiedPhoto,
    IdentifyAnswer,
    KnownPersonAnswer,
)
from lookalike.web.asked import CompareAsked, IdentifyAsked, body_schema, parsed
from lookalike.web.routes.asking import FAULTS, PREFIX, Finding, Identifying, photos_of
from lookalike.web.routes.finding import fault_of
from lookalike.web.service import Service
from lookalike.web.telling import face_fields, size_fields

router = APIRouter(prefix=PREFIX, tags=["deciding"], responses=FAULTS)


@router.post("/compare", openapi_extra=body_schema(CompareAsked, "one", "other"))
async def compare(request: Request, service: Finding) -> CompareAnswer:
    """Say how alike the largest faces of two photos are, and whether they are one person."""
    form, photos = await photos_of(request, service, "one", "other")
    asked = parsed(CompareAsked, form.words)
    return await service.desk.do(lambda: _compare(service, asked, photos))


@router.post("/identify", openapi_extra=body_schema(IdentifyAsked, "photo", most=64))
async def identify(request: Request, service: Identifying) -> IdentifyAnswer:
    """Say who of a gallery is in photos, or nobody of it. Takes a token on a public service."""
    form, photos = await photos_of(request, service, "photo")
    asked = parsed(IdentifyAsked, form.words)
    return await service.desk.do(lambda: _identify(service, asked, photos))


def _compare(service: Service, asked: CompareAsked, photos: list[bytes]) -> CompareAnswer:
    finder = service.shelf.get(asked.gallery).finder
    comparer = Comparer(finder.analyzer, finder.gallery if asked.gallery else None)
    one, other = photos
    told = comparer.compare(one, other, CompareOptions(asked.metric, asked.fmr, asked.prior))
    return CompareAnswer(
        **comparison_fields(told),
        encoder=finder.analyzer.space.encoder,
        space=finder.analyzer.space.digest,
    )


def _identify(service: Service, asked: IdentifyAsked, photos: list[bytes]) -> IdentifyAnswer:
    opened = service.shelf.get(asked.gallery)
    options = IdentifyOptions(asked.head, asked.fpir, min_quality=asked.min_quality)
    identifier = opened.heads.identifier(opened.finder.analyzer, options)
    told = [
        _told(found, cut=asked.portraits)
        if isinstance(found, Identified)
        else IdentifiedPhoto(error=fault_of(found, len(photos)))
        for found in identifier.identify_all(photos)
    ]
    return IdentifyAnswer(gallery=opened.name, **identifier_fields(identifier), photos=told)


def _told(found: Identified, *, cut: bool) -> IdentifiedPhoto:
    fields = face_fields(found.analysis, cut=cut)
    faces = [_face(one, identity) for one, identity in zip(fields, found, strict=True)]
    return IdentifiedPhoto(**size_fields(found.analysis), faces=faces)


def _face(fields: dict[str, object], identity: Identity) -> IdentifiedFaceAnswer:
    who = identity.person
    person = who and KnownPersonAnswer(id=who.id, name=who.name, attributes=dict(who.attributes))
    return IdentifiedFaceAnswer.model_validate(
        {
            **fields,
            "person": person,
            "head_score": round(identity.score, 6),
            "probability": share(identity.probability),
        }
    )

"""``find`` and ``detect``: whom the faces of photos resemble, and where they are."""

from __future__ import annotations

from fastapi import APIRouter, Request

from lookalike.errors import ImageError, LookalikeError, OptionError
from lookalike.registry import names, unknown
from lookalike.types import Found
from lookalike.web.answers import (
    DetectAnswer,
    DetectedPhoto,
    FaceAnswer,
    Fault,
    FindAnswer,
    FoundPhoto,
)
from lookalike.web.asked import DetectAsked, FindAsked, body_schema, parsed
from lookalike.web.faults import fault_fields
from lookalike.web.routes.asking import FAULTS, PREFIX, Finding, photos_of
from lookalike.web.service import Service
from lookalike.web.shelf import Opened
from lookalike.web.telling import face_fields, found_photo, size_fields

router = APIRouter(prefix=PREFIX, tags=["finding"], responses=FAULTS)


@router.post("/find", openapi_extra=body_schema(FindAsked, "photo", most=64))
async def find(request: Request, service: Finding) -> FindAnswer:
    """Say whom every face of one or several photos resembles most.

    Of several photos each has its own answer, or its own error.
    """
    form, photos = await photos_of(request, service, "photo")
    asked = parsed(FindAsked, form.words)
    check(asked, service)
    answer = await service.desk.do(lambda: _find(service, asked, photos))
    service.metrics.photos.inc(len(photos))
    service.metrics.faces.inc(sum(len(photo.faces) for photo in answer.photos))
    return answer


@router.post("/detect", openapi_extra=body_schema(DetectAsked, "photo", most=64))
async def detect(request: Request, service: Finding) -> DetectAnswer:
    """Say where the faces of one or several photos are."""
    form, photos = await photos_of(request, service, "photo")
    asked = parsed(DetectAsked, form.words)
    return await service.desk.do(lambda: _detect(service, asked, photos))


def check(asked: FindAsked, service: Service) -> None:
    """Raise what can be said before a photo is looked at.

    Parameters
    ----------
    asked : FindAsked
        What is asked.
    service : Service
        With its limits.

    Raises
    ------
    OptionError
        If more people are asked for than the service names.
    UnknownName
        If there is no such metric.
    """
    if asked.k > service.settings.max_people:
        raise OptionError(f"k must be at most {service.settings.max_people} here")
    check_metric(asked.metric)


def check_metric(name: str) -> None:
    """Raise unless there is such a metric.

    Parameters
    ----------
    name : str
        As it was asked for.

    Raises
    ------
    UnknownName
        If there is none.
    """
    known = (*names("metric"), *names("person-model"))
    if name not in known:
        raise unknown("metric", name, known)


def _find(service: Service, asked: FindAsked, photos: list[bytes]) -> FindAnswer:
    opened = service.shelf.get(asked.gallery)
    gallery, options = opened.finder.gallery, asked.options
    told = [
        _told(opened, asked, found) if isinstance(found, Found) else _failed(found, len(photos))
        for found in opened.finder.find_all(photos, options)
    ]
    return FindAnswer(
        gallery=opened.name,
        encoder=gallery.header.space.encoder,
        space=gallery.header.space.digest,
        views=gallery.header.views,
        metric=options.metric,
        rank=options.rank,
        among=gallery.count(options),
        photos=told,
    )


def _told(opened: Opened, asked: FindAsked, found: Found) -> FoundPhoto:
    faces = found.analysis.embeddings
    guesses = opened.finder.gallery.guess(faces, asked.like_me) if asked.like_me else []
    return found_photo(opened, found, guesses, cut=asked.portraits)


def _failed(error: ImageError, photos: int) -> FoundPhoto:
    return FoundPhoto(error=fault_of(error, photos))


def fault_of(error: LookalikeError, photos: int) -> Fault:
    """Return why one of several photos has no answer.

    Parameters
    ----------
    error : LookalikeError
        Why.
    photos : int
        How many there are.

    Returns
    -------
    Fault
        For the photo's place in the answer.

    Raises
    ------
    LookalikeError
        The error itself, if it is the only photo.
    """
    if photos == 1:
        raise error
    return Fault(**fault_fields(error))


def _detect(service: Service, asked: DetectAsked, photos: list[bytes]) -> DetectAnswer:
    analyzer = service.shelf.get().finder.analyzer
    told = []
    for seen in analyzer.analyze(photos):
        if isinstance(seen, ImageError):
            told.append(DetectedPhoto(error=fault_of(seen, len(photos))))
            continue
        faces = [FaceAnswer(**fields) for fields in face_fields(seen, cut=asked.portraits)]
        told.append(DetectedPhoto(**size_fields(seen), faces=faces))
    detector = getattr(analyzer, "detector", None)
    return DetectAnswer(detector=getattr(detector, "name", ""), photos=told)

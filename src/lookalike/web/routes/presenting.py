"""``explain`` and ``card``: why two faces are alike, and a picture to share."""

from __future__ import annotations

import threading
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from lookalike.errors import LookalikeError, NoFace, OptionError, UnknownName
from lookalike.figures.heat import heat_faces
from lookalike.figures.shared import SharedCard
from lookalike.pipeline import Analyst
from lookalike.presenting import Explained, card_of_match, explain_match, explain_photos
from lookalike.types import Found
from lookalike.web.answers import ExplainAnswer
from lookalike.web.asked import CardAsked, MatchAsked, body_schema, parsed
from lookalike.web.routes.asking import FAULTS, PREFIX, Finding, form_of, photos_of
from lookalike.web.service import Service
from lookalike.web.shelf import Opened
from lookalike.web.telling import as_data

router = APIRouter(prefix=PREFIX, tags=["finding"], responses=FAULTS)

_HEAT_PX: Final = 480
#: The distance is measured again a hundred times.
_LONGER: Final = 3.0

#: matplotlib draws for one at a time.
_drawing = threading.Lock()


@router.post("/explain", openapi_extra=body_schema(MatchAsked, "photo", optional=("other",)))
async def explain(request: Request, service: Finding) -> ExplainAnswer:
    """Say which parts make a face and a match alike, or the largest faces of two photos.

    Give the photo again, with the face's number and the match's id as `find` answered them; or a
    second photo as `other`.
    """
    form = await form_of(request, service, "photo", "other")
    asked = parsed(MatchAsked, form.words)
    (photo,) = form.photos["photo"]
    others = form.photos.get("other", [])
    return await service.desk.do(lambda: _explain(service, asked, photo, others), _LONGER)


@router.post(
    "/card",
    openapi_extra=body_schema(CardAsked, "photo"),
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "A PNG file"}},
)
async def card(request: Request, service: Finding) -> Response:
    """Draw a card of a face and a match: 1080 x 1350 pixels, or 1200 x 630 if it is wide.

    Headers say what it shows, ``Lookalike-Alt``, and whose photo it is, ``Lookalike-Credit``, both
    percent-encoded.
    """
    form, (photo,) = await photos_of(request, service, "photo", most=1)
    asked = parsed(CardAsked, form.words)
    drawn, png = await service.desk.do(lambda: _card(service, asked, photo), _LONGER)
    told = {"lookalike-alt": quote(drawn.alt), "lookalike-credit": quote(drawn.credit)}
    return Response(png, media_type="image/png", headers=told)


def _explain(
    service: Service, asked: MatchAsked, photo: bytes, others: list[bytes]
) -> ExplainAnswer:
    if others:
        analyzer = service.shelf.get(asked.gallery).finder.analyzer
        if not isinstance(analyzer, Analyst):
            raise OptionError("this service has no networks to explain with")
        return _told(explain_photos(analyzer, photo, others[0], asked.metric))
    opened, found, number = _found(service, asked, photo)
    match = found.matches[asked.face][number]
    explained = explain_match(opened.finder, found, asked.face, match, asked.metric)
    if explained is None:
        raise UnknownName(
            "this gallery keeps no picture of the match", "choose another, with a portrait"
        )
    return _told(explained)


def _told(explained: Explained) -> ExplainAnswer:
    pictures = heat_faces(explained.explanation, explained.faces.pixels, _HEAT_PX)
    fields = {**explained.fields(), "pictures": [as_data(one) for one in pictures]}
    return ExplainAnswer.model_validate(fields)


def _card(service: Service, asked: CardAsked, photo: bytes) -> tuple[SharedCard, bytes]:
    opened, found, number = _found(service, asked, photo)
    words = ""
    if asked.explain:
        match = found.matches[asked.face][number]
        explained = explain_match(opened.finder, found, asked.face, match, asked.metric)
        words = "" if explained is None else explained.explanation.sentence
    which = (asked.face, number)
    with _drawing:
        drawn = card_of_match(opened.finder, found, which, asked.size, asked.theme, words)
        return drawn, drawn.png()


def _found(
    service: Service, asked: MatchAsked | CardAsked, photo: bytes
) -> tuple[Opened, Found, int]:
    """Find again; return the position of the match that is meant."""
    opened = service.shelf.get(asked.gallery)
    wider = asked.model_copy(update={"k": max(asked.k, service.settings.max_people)})
    (found,) = opened.finder.find_all([photo], wider.options)
    if isinstance(found, LookalikeError):
        raise found
    if len(found) == 0:
        raise NoFace("no face was found in the picture", "use a photo that shows it upright")
    if asked.face >= len(found):
        raise OptionError(f"there are {len(found)} faces", "they are numbered from 0")
    ids = [match.person.id for match in found.matches[asked.face]]
    if asked.person not in ids:
        raise UnknownName("this face has no such match", "send the id that find answered")
    return opened, found, ids.index(asked.person)

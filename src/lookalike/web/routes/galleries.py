"""The galleries that answer: what they are, and who is in them."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Response

from lookalike.errors import UnknownName
from lookalike.gallery.opt_out import opted_out
from lookalike.gallery.pictures import PORTRAIT_PX, portrait, portrait_eyes
from lookalike.gallery.summary import summarize
from lookalike.images import encode_jpeg
from lookalike.web.filters import attributes_of
from lookalike.web.gallery_answers import (
    DescribedGallery,
    GalleriesAnswer,
    GalleryAnswer,
    PeopleAnswer,
    PersonAnswer,
)
from lookalike.web.routes.asking import FAULTS, PREFIX, Finding
from lookalike.web.shelf import Opened, Shelf
from lookalike.web.telling import portrait_path

router = APIRouter(prefix=f"{PREFIX}/galleries", tags=["galleries"], responses=FAULTS)

#: Where the eyes are in a portrait, so that another face can be laid over it.
EYES_HEADER: Final = "Lookalike-Eyes"

Name = Annotated[str, Path(max_length=100, description="A gallery's name.")]


@router.get("")
async def list_galleries(service: Finding) -> GalleriesAnswer:
    """List the galleries, the default one first."""

    def work() -> GalleriesAnswer:
        shelf = service.shelf
        told = [GalleryAnswer(**_fields(shelf, shelf.get(name))) for name in shelf.names()]
        return GalleriesAnswer(galleries=told)

    return await service.desk.do(work)


@router.get("/{gallery}")
async def describe(service: Finding, gallery: Name) -> DescribedGallery:
    """Say what a gallery is made of, and what its people can be filtered by."""

    def work() -> DescribedGallery:
        opened = service.shelf.get(gallery)
        summary = summarize(opened.finder.gallery.file, opted_out())
        return DescribedGallery(
            **_fields(service.shelf, opened),
            pictures=len(opened.pictures),
            attributes=attributes_of(opened.finder.gallery.people),
            summary={"counts": dict(summary.counts)},
        )

    return await service.desk.do(work)


@router.get("/{gallery}/people")
async def people(
    service: Finding,
    gallery: Name,
    name: Annotated[str, Query(max_length=200, description="Part of a name.")] = "",
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PeopleAnswer:
    """Say who is in a gallery, by name."""

    def work() -> PeopleAnswer:
        opened = service.shelf.get(gallery)
        columns = opened.finder.gallery.columns(everyone=True)
        wanted = name.casefold()
        first: dict[str, int] = {}
        for (_, person), number in opened.pictures.items():
            first.setdefault(person, number)
        shown = sorted(
            (
                (person, int(count))
                for person, count in zip(columns.people, columns.counts, strict=True)
                if wanted in person.name.casefold()
            ),
            key=lambda one: one[0].name.casefold(),
        )
        told = [
            PersonAnswer(
                id=person.id,
                name=person.name,
                attributes=dict(person.attributes),
                photos=count,
                portrait=portrait_path(opened.name, first.get(person.id)),
            )
            for person, count in shown[offset : offset + limit]
        ]
        return PeopleAnswer(total=len(shown), offset=offset, people=told)

    return await service.desk.do(work)


@router.get(
    "/{gallery}/portraits/{number}",
    response_class=Response,
    responses={
        200: {
            "content": {"image/jpeg": {}},
            "description": "A JPEG file",
            "headers": {
                EYES_HEADER: {
                    "description": "x y of left and right eye, in parts of the side, if known",
                    "schema": {"type": "string"},
                }
            },
        }
    },
)
async def show_portrait(
    service: Finding,
    gallery: Name,
    number: Annotated[int, Path(ge=0, le=2**62)],
    size: Annotated[int, Query(ge=16, le=432, description="Side in pixels.")] = PORTRAIT_PX,
) -> Response:
    """Return a portrait out of a gallery, cut as those of visitors are."""

    def work() -> tuple[bytes, dict[str, str]]:
        opened = service.shelf.get(gallery)
        file = opened.finder.gallery.file
        # Whoever has opted out is in none of the columns, and their picture is not shown.
        pixels = portrait(file, number, size) if number in opened.shown else None
        if pixels is None:
            raise UnknownName("there is no such portrait", "use the paths that answers hold")
        eyes = portrait_eyes(file, number)
        places = {} if eyes is None else {EYES_HEADER: " ".join(f"{at:.4f}" for at in eyes.flat)}
        return encode_jpeg(pixels), places

    jpeg, places = await service.desk.do(work)
    headers = {"cache-control": "private, max-age=300", **places}
    return Response(jpeg, media_type="image/jpeg", headers=headers)


def _fields(shelf: Shelf, opened: Opened) -> dict[str, Any]:
    gallery = opened.finder.gallery
    header, columns = gallery.header, gallery.columns(everyone=True)
    return {
        "name": opened.name,
        "default": opened.name == shelf.default,
        "title": header.title or opened.name,
        "people": len(columns.people),
        "photos": len(columns.photos),
        "encoder": header.space.encoder,
        "space": header.space.digest,
        "views": header.views,
    }

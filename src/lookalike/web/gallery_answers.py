"""What the service answers about galleries, field by field."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class GalleryAnswer(BaseModel, frozen=True):
    """A gallery in a list."""

    name: str
    default: bool
    title: str
    people: int
    photos: int
    encoder: str
    space: str
    views: int


class GalleriesAnswer(BaseModel, frozen=True):
    """All galleries, the default one first."""

    galleries: list[GalleryAnswer]


class AttributeAnswer(BaseModel, frozen=True):
    """Something that a gallery knows of its people, to filter by."""

    name: str
    people: int = Field(description="Of how many people it is known.")
    kind: str = Field(description="words, number, date or yes-no")
    values: dict[str, int] = Field(description="The most frequent ones, if it is words or yes-no.")
    low: float | None = Field(description="If it is a number, or a date: then a year.")
    high: float | None


class DescribedGallery(GalleryAnswer, frozen=True):
    """What a gallery is made of."""

    pictures: int = Field(description="Of how many faces a picture is kept.")
    attributes: list[AttributeAnswer]
    summary: dict[str, Any] = Field(description="As `lookalike gallery describe --json` says it.")


class PersonAnswer(BaseModel, frozen=True):
    """Somebody in a gallery."""

    id: str
    name: str
    attributes: dict[str, Any]
    photos: int
    portrait: str | None


class PeopleAnswer(BaseModel, frozen=True):
    """Some of the people of a gallery."""

    total: int
    offset: int
    people: list[PersonAnswer]


class AddedAnswer(BaseModel, frozen=True):
    """What became of photos that were to be added."""

    id: str
    name: str
    added: int
    known_before: int
    turned_down: dict[str, int] = Field(description="Photos that were not used, by reason.")


class RemovedAnswer(BaseModel, frozen=True):
    """What was deleted."""

    faces_deleted: int
    forever: bool


class SuggestionAnswer(BaseModel, frozen=True):
    """Something that looks wrong in a gallery."""

    action: str = Field(description="relabel, merge, split, drop or duplicate")
    person: str = Field(description="The id of whom the photos are filed under.")
    to: str = Field(description="The id of whom they should go to; empty for drop.")
    name: str
    photos: list[str] = Field(description="SHA-256 of the photos.")
    confidence: float
    why: str


class AuditAnswer(BaseModel, frozen=True):
    """What looks wrong in a gallery; nothing has been changed."""

    gallery: str
    faces: int
    counts: dict[str, int]
    suggestions: list[SuggestionAnswer]

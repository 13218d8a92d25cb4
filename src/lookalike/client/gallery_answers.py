"""What a service answers about galleries. The same fields as its OpenAPI description has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GalleryAnswer:
    """A gallery in a list."""

    name: str
    default: bool
    title: str
    people: int
    photos: int
    encoder: str
    space: str
    views: int


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """Somebody in a gallery."""

    id: str
    name: str
    attributes: dict[str, Any]
    photos: int
    portrait: str | None


@dataclass(frozen=True, slots=True)
class PeopleAnswer:
    """Some of the people of a gallery."""

    total: int
    offset: int
    people: list[PersonAnswer]


@dataclass(frozen=True, slots=True)
class AddedAnswer:
    """What became of photos that were to be added."""

    id: str
    name: str
    added: int
    known_before: int
    turned_down: dict[str, int]


@dataclass(frozen=True, slots=True)
class RemovedAnswer:
    """What was deleted."""

    faces_deleted: int
    forever: bool

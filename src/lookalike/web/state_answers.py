"""What the service answers about itself, field by field."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class ModelAnswer(BaseModel, frozen=True):
    """A network."""

    name: str
    task: str
    summary: str
    dimension: int
    weights: str
    licence: dict[str, Any]
    origin: str
    training_data: str
    paper: str


class ModelsAnswer(BaseModel, frozen=True):
    """All networks."""

    models: list[ModelAnswer]


class LimitsAnswer(BaseModel, frozen=True):
    """What the service refuses."""

    max_bytes: int
    max_pixels: int
    max_photos: int
    max_faces: int
    max_people: int


class ServiceAnswer(BaseModel, frozen=True):
    """What a page needs to know about the service."""

    version: str
    gallery: str
    needs_token: bool
    can_manage: bool
    public: bool
    metrics: list[str]
    ranks: list[str]
    offers: list[str] = Field(description="Endpoints under /api/v1/ that are there.")
    limits: LimitsAnswer


class HealthAnswer(BaseModel, frozen=True):
    """Whether the service is alive, or ready."""

    status: str

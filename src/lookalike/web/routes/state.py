"""How the service is, for pages, for balancers and for monitoring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from lookalike import __version__
from lookalike.gallery.asking.ranking import Rank
from lookalike.registry import names
from lookalike.web.access import Scope
from lookalike.web.routes.asking import FAULTS, PREFIX, Finding, service_of
from lookalike.web.state_answers import HealthAnswer, LimitsAnswer, ServiceAnswer

router = APIRouter(tags=["service"], responses={400: FAULTS[400]})


@router.get(f"{PREFIX}/service")
async def about(request: Request) -> ServiceAnswer:
    """Say what this service is, what it offers, and what it refuses. Needs no token."""
    service = service_of(request)
    settings = service.settings
    return ServiceAnswer(
        version=__version__,
        gallery=service.shelf.default,
        needs_token=service.access.open_scope < Scope.FIND,
        can_manage=service.access.can_manage,
        public=settings.public,
        metrics=[*names("metric"), *names("person-model")],
        ranks=list(get_args(Rank)),
        offers=_offers(request.app.openapi()["paths"]),
        limits=LimitsAnswer(
            max_bytes=settings.max_bytes,
            max_pixels=settings.max_pixels,
            max_photos=settings.max_photos,
            max_faces=settings.max_faces,
            max_people=settings.max_people,
        ),
    )


@router.get("/health")
async def health() -> HealthAnswer:
    """Say that the service is alive."""
    return HealthAnswer(status="alive")


@router.get("/ready", responses={503: FAULTS[503]})
async def ready(request: Request, response: Response) -> HealthAnswer:
    """Say whether the service takes work."""
    if service_of(request).ready:
        return HealthAnswer(status="ready")
    response.status_code = 503
    return HealthAnswer(status="not ready")


@router.get(
    "/metrics",
    response_class=Response,
    responses={**FAULTS, 200: {"content": {"text/plain": {}}, "description": "For Prometheus"}},
)
async def metrics(service: Finding) -> Response:
    """Return what has been counted, in the format of Prometheus."""
    return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _offers(paths: Iterable[str]) -> list[str]:
    inside = (path.removeprefix(f"{PREFIX}/") for path in paths if path.startswith(PREFIX))
    return sorted({path.split("/")[0] for path in inside} | {"live"})

"""``models``: the networks there are."""

from __future__ import annotations

from fastapi import APIRouter

from lookalike.models.card import Card, cards
from lookalike.models.store import state
from lookalike.web.routes.asking import FAULTS, PREFIX, Finding
from lookalike.web.state_answers import ModelAnswer, ModelsAnswer

router = APIRouter(prefix=PREFIX, tags=["service"], responses=FAULTS)


@router.get("/models")
async def models(service: Finding) -> ModelsAnswer:
    """List the networks, what they may be used for, and whether their weights are at hand."""
    return await service.desk.do(
        lambda: ModelsAnswer(models=[_told(card) for card in cards().values()])
    )


def _told(card: Card) -> ModelAnswer:
    return ModelAnswer(
        name=card.name,
        task=card.task,
        summary=card.summary,
        dimension=card.dimension,
        weights=state(card),
        licence={
            "code": card.licence.code,
            "weights": card.licence.weights,
            "commercial": card.licence.commercial,
        },
        origin=card.origin,
        training_data=card.training_data,
        paper=card.paper,
    )

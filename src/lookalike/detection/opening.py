"""From a name to a detector that is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.models.card import cards
from lookalike.models.store import state
from lookalike.registry import load, unknown

if TYPE_CHECKING:
    from lookalike.models.card import Card
    from lookalike.models.runtime import Runtime
    from lookalike.protocols import Detector


def open_detector(name: str, runtime: Runtime) -> Detector:
    """Open a detector.

    Parameters
    ----------
    name : str
        A model card, for example ``"yunet"`` or ``"ssd-res10-uint8"``, or an architecture: "ssd"
        is the one of its models whose weights are here.
    runtime : Runtime
        What runs networks.

    Returns
    -------
    Detector
        Ready for pictures.

    Raises
    ------
    UnknownName
        If there is no detector of that name; the hint lists close names.
    MissingExtra
        If it needs a package that is not installed.
    ModelError
        One of its kinds, if its weights cannot be used.
    """
    card = _card(name)
    detector: Detector = load("detector", card.architecture).open(card, runtime)
    return detector


def _card(name: str) -> Card:
    detectors = {card.name: card for card in cards().values() if card.task == "detect"}
    if name in detectors:
        return detectors[name]
    related = [card for card in detectors.values() if card.architecture == name]
    if not related:
        raise unknown("detector", name, detectors)
    return next((card for card in related if state(card) != "missing"), related[0])

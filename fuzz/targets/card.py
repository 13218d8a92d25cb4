"""Model cards: a checked card, or what is wrong with it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from promise import untouched

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike", "tomllib")
LONGEST = 1 << 13

_SEEDS = ("crop", "dlib-resnet-v1-int8", "yunet", "arcface-r50")


def use(data: bytes, folder: Path) -> None:
    """Read a card, and write it again as it is kept."""
    from lookalike.errors import WeightsMissing
    from lookalike.models.card import read_card
    from lookalike.models.card_text import card_text

    with untouched(folder / "strange.toml", data) as path:
        card = read_card(path)
    again = type(card).parse(card_text(card), "again")
    assert again == card, "a card that is kept is another one"
    with contextlib.suppress(WeightsMissing):
        assert card.space.dim == card.dimension
    for odds in card.odds:
        assert 0 <= odds.probability(0.5, 0.5) <= 1


def seeds() -> dict[str, bytes]:
    """Take some of the cards that come with lookalike."""
    from importlib import resources

    cards = resources.files("lookalike.models") / "cards"
    return {f"{name}.toml": (cards / f"{name}.toml").read_bytes() for name in _SEEDS}

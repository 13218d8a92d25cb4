"""The gate before weights that are not free for every use: asked once, remembered."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lookalike.errors import LicenceNotAccepted, WeightsUnwritable
from lookalike.models.folders import config_folder, weights_folder
from lookalike.models.pins import recall
from lookalike.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.models.card import Card


def must_be_accepted(card: Card) -> bool:
    """Say whether the weights of a model need an explicit yes.

    Parameters
    ----------
    card : Card
        The model.

    Returns
    -------
    bool
        True unless they are free for commercial use.
    """
    return card.licence.commercial != "yes"


def terms(card: Card) -> str:
    """Say in one line what the weights may be used for.

    Parameters
    ----------
    card : Card
        The model.

    Returns
    -------
    str
        For people.
    """
    allowed = {
        "yes": "free for every use",
        "no": "not for commercial use",
        "ask": "commercial use is not settled",
    }[card.licence.commercial]
    return f"the weights of {card.name} are under {card.licence.weights}: {allowed}"


def accepted(card: Card) -> bool:
    """Say whether the terms of a model have been accepted here.

    Parameters
    ----------
    card : Card
        The model.

    Returns
    -------
    bool
        False also if the licence or the weights have changed since.
    """
    try:
        record = json.loads(_record(card).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and record.get("digest") == _digest(card)


def accept(card: Card) -> None:
    """Remember that somebody accepts the terms of a model.

    Parameters
    ----------
    card : Card
        The model.

    Raises
    ------
    WeightsUnwritable
        If the settings folder cannot be written.
    """
    record = {
        "model": card.name,
        "digest": _digest(card),
        "licence": card.licence.weights,
        "commercial": card.licence.commercial,
        "accepted": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_whole(
        _record(card),
        json.dumps(record, indent=2, ensure_ascii=False).encode(),
        WeightsUnwritable,
        "set LOOKALIKE_CONFIG to a folder that you may write to",
    )


def require(card: Card) -> None:
    """Raise unless the weights of a model may be used here.

    Parameters
    ----------
    card : Card
        The model.

    Raises
    ------
    LicenceNotAccepted
        If they need a yes that nobody has given.
    """
    if must_be_accepted(card) and not accepted(card):
        raise LicenceNotAccepted(
            terms(card),
            f"lookalike models pull {card.name} asks you once; --accept-licence says yes",
        )


def _record(card: Card) -> Path:
    # One file for each model: two processes that accept two models never meet.
    return config_folder() / "licences" / f"{card.name}.json"


def _digest(card: Card) -> str:
    # A digest that was pinned after the yes does not count: it is still what was agreed to.
    parts = (card.name, card.licence.weights, card.licence.commercial)
    folder = weights_folder()
    files = (
        part
        for file in card.files
        for part in (file.path, "" if file.sha256 == recall(folder / file.path) else file.sha256)
    )
    return hashlib.sha256("\0".join((*parts, *files)).encode()).hexdigest()

"""Writing a model card, so that it can be read back."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lookalike.models.card import Card

_PROVENANCE: Final = ("origin", "training_data", "paper")


def card_text(card: Card) -> str:
    """Write a card as TOML.

    Parameters
    ----------
    card : Card
        The card.

    Returns
    -------
    str
        ``Card.parse`` makes the same card of it.
    """
    plain = {
        field.name: getattr(card, field.name)
        for field in dataclasses.fields(card)
        if isinstance(getattr(card, field.name), str | int | float)
    }
    lines = _lines({name: value for name, value in plain.items() if name not in _PROVENANCE})
    for file in card.files:
        lines += ["", "[[files]]", *_lines(_stated(file))]
    lines += ["", "[input]", *_lines(_stated(card.input))]
    lines += ["", "[licence]", *_lines(_stated(card.licence))]
    lines += ["", "[provenance]", *_lines({name: plain[name] for name in _PROVENANCE})]
    lines += _calibration_lines(card)
    for figure in card.published:
        lines += ["", "[[published]]", *_lines(_stated(figure))]
    return "\n".join(lines) + "\n"


def _calibration_lines(card: Card) -> list[str]:
    fields: dict[str, Any] = {}
    for parts, where, name in (
        (card.calibration, "measured_on", "thresholds"),
        (card.odds, "odds_measured_on", "odds"),
    ):
        rows = [_stated(part) for part in parts]
        for row in rows:
            del row["measured_on"]
        if rows:
            fields[where] = parts[0].measured_on
            fields[name] = rows
    return ["", "[calibration]", *_lines(fields)] if fields else []


def _stated(part: Any) -> dict[str, Any]:
    """Return the fields of a part of a card that are not left at their defaults."""
    return {
        field.name: getattr(part, field.name)
        for field in dataclasses.fields(part)
        if getattr(part, field.name) != field.default
    }


def _lines(fields: dict[str, Any]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in fields.items()]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # TOML's strings are JSON's, except that they do not take this one character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(_lines(value))} }}"
    return repr(value)

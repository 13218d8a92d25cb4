"""From the tables of a card's TOML to the parts of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lookalike.errors import CardError
from lookalike.models.odds import read_odds
from lookalike.models.parts import InputSpec, Licence, Published, Threshold, WeightsFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def parts_of(fields: dict[str, Any], where: str) -> dict[str, Any]:
    """Read the parts of a card.

    Parameters
    ----------
    fields : dict
        As TOML gives it; what is read is taken out.
    where : str
        The card's file name, for errors.

    Returns
    -------
    dict of str to object
        What a `Card` is made of; whether the values are of the right kinds is still to be checked.

    Raises
    ------
    CardError
        If something is no table that should be one, or is not known.
    KeyError, TypeError
        If a field is missing, or not known.
    """
    provenance, licence = _table(fields, "provenance", where), _table(fields, "licence", where)
    spec = _table(fields, "input", where)
    said = _table({"calibration": {}, **fields}, "calibration", where)
    fields.pop("calibration", None)
    parts = {
        "files": tuple(
            WeightsFile(**{**file, "urls": tuple(file.get("urls", ()))})
            for file in _rows(fields, "files", where)
        ),
        "input": InputSpec(**{**spec, "mean": tuple(spec["mean"])}),
        "licence": Licence(**licence),
        "odds": read_odds(_rows(said, "odds", where), said.pop("odds_measured_on", "")),
        "calibration": _thresholds(_rows(said, "thresholds", where), said.pop("measured_on", "")),
        "published": tuple(Published(**row) for row in _rows(fields, "published", where)),
    }
    if said:
        raise CardError(f"{where}: calibration: unexpected keyword argument {next(iter(said))!r}")
    twice = (fields.keys() | parts.keys()) & provenance.keys()
    if twice:
        raise CardError(f"{where}: multiple values for keyword argument {min(twice)!r}")
    return {**parts, **provenance, **fields}


def _table(fields: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    table = fields.pop(name)
    if not isinstance(table, dict):
        raise CardError(f"{where}: {name} must be a table, got {table!r}", f"[{name}]")
    return table


def _rows(fields: dict[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    rows = fields.pop(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CardError(f"{where}: {name} must be tables, got {rows!r}", f"[[{name}]]")
    return rows


def _thresholds(rows: Sequence[Mapping[str, Any]], measured_on: str) -> tuple[Threshold, ...]:
    return tuple(Threshold(**{"measured_on": measured_on, **row}) for row in rows)

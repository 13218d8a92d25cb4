"""From JSON to answers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from lookalike.errors import ServiceUnreachable

Thing = TypeVar("Thing")


def made(kind: type[Thing], told: Any) -> Thing:
    """Make an answer of what was told; fields that a newer service adds are passed over.

    Parameters
    ----------
    kind : type
        One of the classes here, a list of them, or a JSON type.
    told : object
        JSON values.

    Returns
    -------
    object
        Of that kind.

    Raises
    ------
    ServiceUnreachable
        If a field is missing: this is something else than a service of lookalike.
    """
    return _made(kind, told)  # type: ignore[no-any-return]


def _made(kind: Any, told: Any) -> Any:
    if isinstance(kind, UnionType):
        (inner,) = (part for part in get_args(kind) if part is not type(None))
        return None if told is None else _made(inner, told)
    try:
        if get_origin(kind) is list:
            (inner,) = get_args(kind)
            return [_made(inner, one) for one in told]
        if not is_dataclass(kind):
            return told
        hints = get_type_hints(kind)
        known = {one.name: _made(hints[one.name], told[one.name]) for one in fields(kind)}
        return kind(**known)  # type: ignore[operator]
    except (KeyError, TypeError) as error:
        raise ServiceUnreachable(
            "the answer is not that of a lookalike service", "check the address"
        ) from error

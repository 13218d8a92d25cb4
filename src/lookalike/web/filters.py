"""What the people of a gallery can be filtered by."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from lookalike.web.gallery_answers import AttributeAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lookalike.types import Person

_DATE: Final = re.compile(r"-?\d{4}-\d\d-\d\d")
_MOST_VALUES: Final = 100


def attributes_of(people: Iterable[Person]) -> list[AttributeAnswer]:
    """Say what is known of people, attribute by attribute.

    Parameters
    ----------
    people : iterable of Person
        Of a gallery.

    Returns
    -------
    list of AttributeAnswer
        What is known of most people first.
    """
    known: dict[str, list[Any]] = {}
    for person in people:
        for name, value in person.attributes.items():
            values = value if isinstance(value, list) else [value]
            if any(one is not None and one != "" for one in values):
                known.setdefault(name, []).append(values)
    told = [_attribute(name, rows) for name, rows in known.items()]
    return sorted(told, key=lambda one: (-one.people, one.name))


def _attribute(name: str, rows: list[list[Any]]) -> AttributeAnswer:
    values = [value for row in rows for value in row if value is not None and value != ""]
    kind = _kind(values)
    counts: dict[str, int] = {}
    low = high = None
    if kind in ("number", "date"):
        numbers = [float(str(value)[:4]) if kind == "date" else float(value) for value in values]
        low, high = min(numbers), max(numbers)
    else:
        words = Counter(str(value).lower() if kind == "yes-no" else str(value) for value in values)
        counts = dict(words.most_common(_MOST_VALUES))
    return AttributeAnswer(
        name=name, people=len(rows), kind=kind, values=counts, low=low, high=high
    )


def _kind(values: list[Any]) -> str:
    if all(isinstance(value, bool) for value in values):
        return "yes-no"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return "number"
    if all(isinstance(value, str) and _DATE.match(value) for value in values):
        return "date"
    return "words"

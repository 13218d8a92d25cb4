"""What is known of people, as few kinds that colors can tell apart."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import OptionError
from lookalike.figures.legend import Legend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_KINDS: Final = 6
_STEPS: Final = 5
_DATE: Final = re.compile(r"(-?\d{1,4})-\d\d-\d\d")


def kinds_of(known: Sequence[Mapping[str, Any]], attribute: str) -> tuple[list[int], Legend]:
    """Sort people into kinds by an attribute.

    Parameters
    ----------
    known : sequence of mapping
        What is known of each of them.
    attribute : str
        What to go by. Numbers and dates make up to five steps with about equally many people;
        of words the most frequent are told apart. Of a list the first one counts.

    Returns
    -------
    kinds : list of int
        A position in the legend; -1 where it is not known.
    legend : Legend
        What there is.

    Raises
    ------
    OptionError
        If nothing of that name is known of anybody.
    """
    values = [_value(facts.get(attribute)) for facts in known]
    there = [value for value in values if value is not None]
    title = attribute.replace("_", " ").capitalize()
    if not there:
        names = Counter(name for facts in known for name in facts)
        listed = ", ".join(sorted(names)[:12])
        raise OptionError(
            f"nobody in this gallery has the attribute {attribute!r}",
            f"known: {listed}" if listed else "this gallery has no attributes",
        )
    if all(isinstance(value, float) for value in there) and len(set(there)) > 1:
        numbers = np.array([np.nan if value is None else value for value in values], float)
        kinds, labels = _steps(numbers)
        return kinds, Legend(title, labels, ordered=True)
    words = [None if value is None else _word(value) for value in values]
    often = [word for word, _ in Counter(word for word in words if word).most_common()]
    named = often if len(often) <= _KINDS else [*often[: _KINDS - 1], "others"]
    position = {word: min(at, len(named) - 1) for at, word in enumerate(often)}
    return [-1 if word is None else position[word] for word in words], Legend(title, tuple(named))


def _value(value: Any) -> float | str | None:
    """Return a number, the year of a date, or a word; None if it is not known."""
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return float(value)
    date = _DATE.match(str(value))
    return float(date[1]) if date else str(value)


def _word(value: float | str) -> str:
    return f"{value:g}" if isinstance(value, float) else value


def _steps(numbers: Any) -> tuple[list[int], tuple[str, ...]]:
    """Sort numbers into steps that hold about equally many, with whole edges where they are."""
    known = numbers[~np.isnan(numbers)]
    whole = bool((known == np.round(known)).all())
    edges = np.quantile(known, np.linspace(0, 1, _STEPS + 1))
    edges = np.unique(np.round(edges) if whole else edges)
    inner = edges[1:-1]
    kinds = np.where(np.isnan(numbers), -1, np.searchsorted(inner, numbers, side="right"))
    labels = []
    for low, high in pairwise(edges):
        last = high if not whole or high == edges[-1] else high - 1
        labels.append(f"{low:.4g}–{last:.4g}" if low != last else f"{low:.4g}")
    return [int(kind) for kind in kinds], tuple(labels)

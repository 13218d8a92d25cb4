"""An explanation in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.explain.explanation import PartWeight

#: So much of what makes faces alike must the parts that are named have together.
_ENOUGH: Final = (0.4, 0.55, 0.65)

#: Below these, the ways of hiding, the two faces, or parts and grid do not agree.
UNSTABLE: Final = 0.2
_DIVIDED: Final = 0.0
_ELSEWHERE: Final = 0.2

#: A smaller part of the distance than this is nothing.
_HARDLY: Final = 0.02

#: A part that sets faces apart is named if it does so as much as this share of the first one.
_APART: Final = 0.8

_NOBODY: Final = "No single part stands out."


def in_words(
    parts: Sequence[PartWeight],
    distance: float,
    stability: float,
    faces_agree: float,
    maps_agree: float,
) -> str:
    """Say what makes two faces alike, and how far to believe it.

    Parameters
    ----------
    parts : sequence of PartWeight
        What counts most comes first.
    distance : float
        Between the two faces.
    stability, faces_agree, maps_agree : float
        See `Explanation`.

    Returns
    -------
    str
        One to three short sentences.

    Examples
    --------
    >>> from lookalike.explain import PartWeight
    >>> parts = PartWeight("eyes", 0.2, 0.8, 0.2, 0.2, 0.1), PartWeight("jaw", 0.1, 0.2, 0, 0, 0.1)
    >>> in_words(parts, 0.5, 0.9, 0.8, 0.7)
    'Mostly the eyes.'
    """
    if not parts or parts[0].change <= 0:
        return "Nothing makes them alike: every part that is hidden brings them nearer."
    if parts[0].change < _HARDLY * distance:
        return "Hardly anything makes them alike."
    if stability < UNSTABLE:
        return f"{_NOBODY} What counts changes with how it is hidden."
    said = [_mostly(parts)]
    apart = min(parts, key=lambda part: part.change)
    if apart.change < -_APART * parts[0].change:
        verb = "set" if apart.name.endswith("s") else "sets"
        said.append(f"The {apart.name} {verb} them apart.")
    if said[0] == _NOBODY:
        return " ".join(said)
    if faces_agree < _DIVIDED:
        said.append("The two faces do not agree on it.")
    elif maps_agree < _ELSEWHERE:
        said.append("A finer map points elsewhere.")
    return " ".join(said)


def _mostly(parts: Sequence[PartWeight]) -> str:
    """Name as few parts as make up most of the likeness."""
    for count, enough in enumerate(_ENOUGH, 1):
        named = parts[:count]
        if len(named) == count and sum(part.weight for part in named) >= enough:
            names = [f"the {part.name}" for part in named]
            joined = ", ".join(names[:-1]) + " and " + names[-1] if count > 1 else names[0]
            return f"Mostly {joined}."
    return _NOBODY

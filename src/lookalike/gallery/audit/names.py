"""How alike two names are: never a proof, but it adds weight to faces that are alike."""

from __future__ import annotations

from difflib import SequenceMatcher

from lookalike.types import person_id


def alike(one: str, two: str) -> float:
    """Compare two names.

    Parameters
    ----------
    one, two : str
        As people write them.

    Returns
    -------
    float
        1 if the words of one are all in the other (numbers aside), else the similarity of the
        letters from 0.75 up, scaled to 0–1.

    Examples
    --------
    >>> alike("Selena", "Selena Gomez"), alike("Selena Gomez 2", "Selena Gomez")
    (1.0, 1.0)
    >>> alike("Tom Hanks", "Brad Pitt")
    0.0
    >>> 0 < alike("Beyonce Knowles", "Beyoncé Knowls") < 1
    True
    """
    first, second = words(one), words(two)
    if first and second and (first <= second or second <= first):
        return 1.0
    matcher = SequenceMatcher(None, person_id(one), person_id(two), autojunk=False)
    # The quick bounds are enough for almost all pairs.
    if matcher.real_quick_ratio() <= 0.75 or matcher.quick_ratio() <= 0.75:
        return 0.0
    return max(0.0, (matcher.ratio() - 0.75) / 0.25)


def words(name: str) -> frozenset[str]:
    """Return the words of a name that say who it is.

    Parameters
    ----------
    name : str
        As people write it.

    Returns
    -------
    frozenset of str
        In lower case, without numbers.
    """
    return frozenset(word for word in person_id(name).split("-") if not word.isdecimal())

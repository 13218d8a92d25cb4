"""The sentences that say why."""

from __future__ import annotations

import math


def photos(count: int, who: str = "", *, other: bool = False) -> str:
    """Speak of a number of photos.

    Parameters
    ----------
    count : int
        How many, 1 and up.
    who : str, default ""
        Of whom.
    other : bool, default False
        Whether they are the other ones.

    Returns
    -------
    str
        For example ``the other 13 photos of Brad Pitt``.

    Examples
    --------
    >>> photos(13, "Brad Pitt", other=True), photos(1, "Cher")
    ('the other 13 photos of Brad Pitt', 'the photo of Cher')
    """
    number = "" if count == 1 else f"{count:,} "
    noun = "photo" if count == 1 else "photos"
    return f"the {'other ' * other}{number}{noun}{f' of {who}' if who else ''}"


def distance(value: float, words: str = "") -> str:
    """Put a distance in brackets.

    Parameters
    ----------
    value : float
        The distance; NaN leaves it out.
    words : str, default ""
        What to say after it.

    Returns
    -------
    str
        With a blank before it, or nothing.

    Examples
    --------
    >>> distance(0.714, "on average"), distance(float("nan"))
    (' (0.71 on average)', '')
    """
    return "" if math.isnan(value) else f" ({value:.2f}{' ' * bool(words)}{words})"

"""Words as every terminal can show them, on one line."""

from __future__ import annotations


def printable(words: str) -> str:
    r"""Write out what no terminal can print, or what would give it orders.

    Parameters
    ----------
    words : str
        Such as the name of a file, which may hold line breaks or broken bytes.

    Returns
    -------
    str
        With the others as Python's escapes.

    Examples
    --------
    >>> printable("Beyoncé\n\x1b[2J.jpg")
    'Beyoncé\\n\\x1b[2J.jpg'
    """
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in words)

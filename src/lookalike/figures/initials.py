"""A name as a monogram, in whatever script it is written."""

from __future__ import annotations

import re
import unicodedata

# What stands after a family name without being one; "V" and "X" are left out, they are also names.
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "vi", "vii", "viii", "phd", "md", "esq"})


def initials(name: str) -> str:
    """Return one or two letters that stand for a name.

    Scripts that know capitals (Latin, Cyrillic, Greek, Armenian ...) give the first letters of
    the first and the last word; particles (``da``, ``von``) and suffixes (``Jr.``, ``III``) are
    not last words. In all other scripts nobody abbreviates a name to two letters, so the first
    character stands for the whole, with the signs that belong to it.

    Parameters
    ----------
    name : str
        As people write it.

    Returns
    -------
    str
        One or two characters, or an empty string if the name holds no letter or digit.

    Examples
    --------
    >>> initials("Leonardo da Vinci"), initials("Robert Downey Jr."), initials("Фёдор")
    ('LV', 'RD', 'Ф')
    >>> initials("名前"), initials("Cher"), initials("50 Cent")
    ('名', 'C', '5C')
    """
    words = _words(name)
    if not words:
        return ""
    first = words[0]
    if not _cased(first[0]):
        return _first_character(first)
    # A lower-case word is a particle only if the name has capitals at all.
    proper = [word for word in words[1:] if not word[0].islower()]
    last = next(
        (
            word
            for word in reversed(proper or words[1:])
            if word.casefold() not in _SUFFIXES and _cased(word[0])
        ),
        "",
    )
    return _capital(first) + (_capital(last) if last else "")


def _words(name: str) -> list[str]:
    """Split at white space and strip what is no letter or digit from the front of each word."""
    parts = (
        re.sub(r"^[\W_]+|[\W_]+$", "", part)
        for part in re.split(r"[\s_]+", unicodedata.normalize("NFKC", name))
    )
    return [part for part in parts if part]


def _cased(character: str) -> bool:
    """Say whether the character's script has capitals; digits go with them (``50 Cent``)."""
    return character.isdecimal() or character.lower() != character.upper()


def _capital(word: str) -> str:
    # Title case, because the upper case of some letters is two letters ("ß") or another script.
    return word[0].title()[:1]


def _first_character(word: str) -> str:
    """Return the first letter with the marks that are written on it."""
    end = 1
    while end < len(word) and unicodedata.category(word[end]).startswith("M"):
        end += 1
    return word[:end]

"""Known people and their photos."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def person_id(name: str) -> str:
    """Make the stable id of a person from a name.

    Two spellings that differ only in case, spacing or punctuation get one id, so that
    ``George_W_Bush`` and ``George W. Bush`` are one person. Letters of every script, and accents,
    are kept.

    Parameters
    ----------
    name : str
        A name in any script.

    Returns
    -------
    str
        Lower-case words joined by hyphens; ``"unnamed"`` if the name holds no letter or digit.

    Examples
    --------
    >>> person_id("George_W_Bush")
    'george-w-bush'
    >>> person_id("  Beyoncé ")
    'beyoncé'
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    spaced = "".join(letter if _is_part_of_word(letter) else " " for letter in folded)
    words = [word for word in spaced.split() if any(map(str.isalnum, word))]
    return "-".join(words) or "unnamed"


def _is_part_of_word(letter: str) -> bool:
    # Marks are the vowels of many scripts: without them, different names would be one.
    return letter.isalnum() or unicodedata.category(letter).startswith("M")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a gallery knows.

    Parameters
    ----------
    id : str
        Stable across rebuilds, see `person_id`.
    name : str
        As people write it.
    attributes : mapping of str to JSON value
        What is known of the person, for example ``{"well_known": True}``.
    """

    id: str
    name: str
    attributes: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def named(cls, name: str, /, **attributes: Any) -> Person:
        """Make a person whose id follows from the name.

        Parameters
        ----------
        name : str
            As people write it.
        **attributes : JSON value
            What is known of the person.

        Returns
        -------
        Person
            With the id that `person_id` gives.
        """
        return cls(person_id(name), name, attributes)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a known person, without its pixels.

    Parameters
    ----------
    id : str
        SHA-256 of the file, in hexadecimal.
    uri : str
        Where it came from: a path relative to the source, or an address.
    licence : str
        The photo's licence, empty if not stated.
    credit : str
        Whom to name when the photo is shown, empty if not stated.
    page : str
        The address of the page that the photo was published on, empty if not known.
    source : str
        The name of the source that offered it; a uri is unique within its source.
    attributes : mapping of str to JSON value
        What is known of the photo itself, for example ``{"age": 35, "year": 1999}``.
    """

    id: str
    uri: str
    licence: str = ""
    credit: str = ""
    page: str = ""
    source: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict, hash=False)

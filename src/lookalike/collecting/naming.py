"""Names of folders that every file system takes, and that tell people of one name apart."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from lookalike.types.people import person_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lookalike.collecting.records import Subject

_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST_BYTES: Final = 120


def own_name(subject: Subject, taken: Iterable[str]) -> str:
    """Give a person a name that nobody else in the folder has.

    Parameters
    ----------
    subject : Subject
        The person.
    taken : iterable of str
        The names of the others.

    Returns
    -------
    str
        The name as it is; with the person's mark behind it if a gallery would take it for
        somebody else's.
    """
    others = {person_id(name) for name in taken}
    if person_id(subject.name) not in others:
        return subject.name
    ending, number = subject.mark or "2", 2
    while person_id(marked := f"{subject.name} ({ending})") in others:
        number += not subject.mark or ending != subject.mark
        ending = f"{subject.mark} {number}".strip()
    return marked


def folder_name(name: str) -> str:
    """Make the name of a folder from the name of a person.

    Parameters
    ----------
    name : str
        In any script.

    Returns
    -------
    str
        The same where possible. Never empty, hidden, reserved, or a path.

    Examples
    --------
    >>> folder_name("지효"), folder_name("AC/DC"), folder_name("..")
    ('지효', 'AC DC', 'unnamed')
    """
    plain = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", name))
    plain = " ".join(plain.split()).strip(". ")
    while len(plain.encode()) > _LONGEST_BYTES:
        plain = plain[:-1].rstrip(". ")
    if _RESERVED.fullmatch(plain):
        plain += "_"
    return plain or "unnamed"

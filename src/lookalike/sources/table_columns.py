"""What the columns of a table of photos mean, by their names."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The column of each meaning: the first of these names that a table has.
SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "path": ("path", "file", "photo", "image", "uri"),
    "person": ("person", "name", "label"),
    "licence": ("licence", "license"),
    "credit": ("credit", "author"),
    "page": ("page", "source_page"),
}
_PHOTO: Final = "photo."

_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,14})")
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9]\d{0,14})\.\d{1,15}")
_WORDS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column has which meaning.

    Parameters
    ----------
    roles : dict of str to str
        From a meaning, a key of `SPELLINGS`, to the column's name.
    person_facts : dict of str to str
        From the name of a fact to the column's name: all columns that mean nothing else.
    photo_facts : dict of str to str
        The same of facts of the photo, whose columns are called ``photo.year`` and the like.
    """

    roles: dict[str, str]
    person_facts: dict[str, str]
    photo_facts: dict[str, str]

    @property
    def complete(self) -> bool:
        """Whether there are a path and a person."""
        return "path" in self.roles and "person" in self.roles

    @classmethod
    def of(cls, names: Sequence[str]) -> Columns:
        """Read the names of columns.

        Parameters
        ----------
        names : sequence of str
            In any case, with or without space around them.

        Returns
        -------
        Columns
            What they mean.
        """
        plain = {name.strip().lower(): name for name in reversed(names) if name.strip()}
        roles = {}
        for role, spellings in SPELLINGS.items():
            found = next((plain[one] for one in spellings if one in plain), None)
            if found is not None:
                roles[role] = found
        person_facts, photo_facts = {}, {}
        for name in names:
            fact = name.strip()
            if not fact or name in roles.values():
                continue
            if fact.lower().startswith(_PHOTO):
                photo_facts[fact[len(_PHOTO) :]] = name
            else:
                person_facts[fact] = name
        return cls(roles, person_facts, photo_facts)


def check_header(names: Sequence[str], table: str) -> Columns:
    """Read a header.

    Parameters
    ----------
    names : sequence of str
        The names of the columns.
    table : str
        How the error calls the table.

    Returns
    -------
    Columns
        What they mean.

    Raises
    ------
    OptionError
        If the path or the person is missing, or two columns have one name.
    """
    twice = [name for name, count in Counter(filter(None, names)).items() if count > 1]
    if twice:
        raise OptionError(f"{table} has two columns called {twice[0]!r}", "rename one of them")
    columns = Columns.of(names)
    if not columns.complete:
        role = "path" if "path" not in columns.roles else "person"
        raise OptionError(
            f"{table} has no column for the {role}",
            f"its first row must name one of: {', '.join(SPELLINGS[role])}",
        )
    return columns


def typed(text: str) -> Any:
    """Read the cell of a CSV file as what it looks like.

    Parameters
    ----------
    text : str
        For example ``"35"``.

    Returns
    -------
    JSON value
        A number, true or false where it is plainly one; numbers that begin with a zero are codes.

    Examples
    --------
    >>> typed("35"), typed("1.5"), typed("true"), typed("007"), typed("1980-05-01")
    (35, 1.5, True, '007', '1980-05-01')
    """
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return _WORDS.get(text.lower(), text)


def plain(value: Any) -> Any:
    """Turn a value into what JSON can hold.

    Parameters
    ----------
    value : object
        From a JSON line or a Parquet file.

    Returns
    -------
    JSON value
        Dates as text, None for what JSON has no words for, such as NaN and bytes.
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(float(value))
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if isinstance(value, str | int | bool) else None

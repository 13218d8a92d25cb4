"""TOML that anybody may have written: what comes out can be shown, compared and written again."""

from __future__ import annotations

import math
import tomllib
from typing import Any, Final

#: Cards and configurations have a few kilobytes, and tables within tables within tables.
_LONGEST: Final = 1 << 20
_DEEPEST: Final = 8

#: TOML promises integers of so many bits; longer ones cannot even be shown.
_INTEGER_BITS: Final = 63


def read_toml(text: str) -> dict[str, Any]:
    r"""Read TOML.

    Parameters
    ----------
    text : str
        At most a mebibyte.

    Returns
    -------
    dict
        Tables, lists and plain values, at most eight within each other. Integers have 64 bits,
        other numbers are finite, and names can be printed.

    Raises
    ------
    ValueError
        If it is anything else; in one line.

    Examples
    --------
    >>> read_toml("size = 150\n[licence]\ncode = 'MIT'")
    {'size': 150, 'licence': {'code': 'MIT'}}
    """
    if len(text) > _LONGEST:
        raise ValueError(f"it has over {_LONGEST:,} characters")
    try:
        tables = tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("its values lie too deep within each other") from error
    _check(tables, _DEEPEST)
    return tables


def _check(value: Any, deeper: int) -> None:
    if isinstance(value, dict):
        for name in value:
            if not name.isprintable():
                raise ValueError(f"{name!r} cannot be the name of anything")
        _check(list(value.values()), deeper)
    elif isinstance(value, list):
        if not deeper:
            raise ValueError("its values lie too deep within each other")
        for one in value:
            _check(one, deeper - 1)
    elif isinstance(value, int) and value.bit_length() > _INTEGER_BITS:
        raise ValueError("a number has too many digits")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"a number is {value}")

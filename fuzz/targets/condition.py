"""What users write behind ``--where``: an expression, or from which character on it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike", "pyparsing")
LONGEST = 1200

_PEOPLE = (
    {},
    {"born": "1992-07-22", "gender": "female", "photos": 3, "name": "Ada", "well_known": True},
    {"born": 1906, "gender": ["male", 1, None, 2.5, {"a": 1}], "name": "", "photos": float("nan")},
)


def use(data: bytes, folder: Path) -> None:
    """Read an expression and ask it of some people."""
    from lookalike.gallery.where import parse

    expression = parse(data.decode("utf-8", "surrogateescape"))
    for known in _PEOPLE:
        assert expression.holds(known) in (True, False)


def seeds() -> dict[str, bytes]:
    """Say one of everything."""
    texts = (
        "gender = 'female' and born >= 1980",
        "not (born < 1906.5 or photos != 3) and name in ('Ada', \"O''Hara\", true)",
        "gender is unknown or gender is known and well_known = TRUE",
        "country = 'Côte d''Ivoire' OR (((x.y-z > -1e3)))",
    )
    return {f"{at}.txt": text.encode() for at, text in enumerate(texts)}

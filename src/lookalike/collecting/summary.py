"""What came of collecting."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Summary:
    """What came of it.

    Parameters
    ----------
    manifest : Path
        The table of all photos.
    people : int
        How many have at least one photo.
    photos : int
        How many there are.
    added : int
        How many of them are new.
    passed : Counter of str
        How many were not kept, by reason.
    failed : Counter of str
        How many could not be had now, by reason. The same command tries them again.
    """

    manifest: Path
    people: int = 0
    photos: int = 0
    added: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

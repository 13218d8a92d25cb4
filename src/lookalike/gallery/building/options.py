"""What to make of photos, and what became of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lookalike.gallery.building.choice import Choice, check_choice
from lookalike.gallery.pictures import PORTRAIT_PX

if TYPE_CHECKING:
    from lookalike.gallery.records import Reason


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What to make of photos.

    Parameters
    ----------
    faces : {"dominant", "largest", "centered", "only"}
        Which face of a photo is the person's, see `choose_face`.
    portrait_px : int
        Side in pixels of the largest portrait that can be cut from what is stored of a photo; 0
        stores nothing.
    min_quality : float
        The quality that a face must have, 0 to 1, see `lookalike.encoding.quality`; 0 takes all,
        0.25 is mild, 0.5 strict.
    opted_out : frozenset of str
        Ids of people, and SHA-256 of photos, that shall never be in a gallery.
    """

    faces: Choice = "dominant"
    portrait_px: int = PORTRAIT_PX
    min_quality: float = 0.0
    opted_out: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Check the choice."""
        check_choice(self.faces)


@dataclass(slots=True)
class BuildSummary:
    """What a build did.

    Parameters
    ----------
    offered : int
        Photos that the source offered.
    known : int
        Photos that an earlier run had dealt with.
    added : int
        Photos that were added.
    turned_down : Counter of Reason
        Photos that were not used, by reason.
    """

    offered: int = 0
    known: int = 0
    added: int = 0
    turned_down: Counter[Reason] = field(default_factory=Counter)

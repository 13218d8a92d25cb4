"""Dots of several colors, which differ in shape as well: nothing rests on telling hues apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Look:
    """How the dots of one kind look.

    Parameters
    ----------
    color : str
        ``#rrggbb``.
    shape : str
        Matplotlib's letter for a marker.
    """

    color: str
    shape: str = "o"


#: For kinds without an order: Paul Tol's "high contrast" scheme, which survives in gray, and
#: three more of his "muted" one (personal.sron.nl/~pault).
KINDS: Final = (
    Look("#004488", "o"),
    Look("#ddaa33", "s"),
    Look("#bb5566", "^"),
    Look("#44aa99", "D"),
    Look("#88ccee", "v"),
    Look("#882255", "P"),
)

#: For kinds in order, from dark to light: viridis, which is even for every kind of sight.
STEPS: Final = (
    Look("#440154", "o"),
    Look("#3b528b", "o"),
    Look("#21918c", "o"),
    Look("#5ec962", "o"),
    Look("#d8c81b", "o"),
)

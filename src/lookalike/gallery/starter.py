"""The gallery that comes with lookalike: names and vectors, no photos."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.gallery.places import place_of

if TYPE_CHECKING:
    from lookalike.gallery.places import Place


def starter_place() -> Place:
    """Return where the gallery is that answers if none is named.

    Returns
    -------
    Path or Address
        ``$LOOKALIKE_GALLERY``, or the gallery inside the package.
    """
    chosen = os.environ.get("LOOKALIKE_GALLERY")
    return place_of(chosen) if chosen else _packaged()


def starter_path() -> Path:
    """Return the starter gallery.

    Returns
    -------
    Path
        ``$LOOKALIKE_GALLERY`` if that is a file, or the gallery inside the package.
    """
    place = starter_place()
    return place if isinstance(place, Path) else _packaged()


def _packaged() -> Path:
    return Path(str(resources.files("lookalike.gallery") / "starter.gallery"))

"""The gallery that comes with lookalike: names and vectors, no photos."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path


def starter_path() -> Path:
    """Return the starter gallery.

    Returns
    -------
    Path
        ``$LOOKALIKE_GALLERY``, or the gallery inside the package.
    """
    chosen = os.environ.get("LOOKALIKE_GALLERY")
    if chosen:
        return Path(chosen)
    return Path(str(resources.files("lookalike.gallery") / "starter.gallery"))

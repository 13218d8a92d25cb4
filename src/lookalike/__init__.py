"""Which famous person do I look like?

Everything most people need is here; it is loaded when it is first used, so that importing
lookalike costs nothing.

Examples
--------
>>> import lookalike
>>> finder = lookalike.Finder.open()
>>> found = finder.find(portrait)
>>> len(found.matches[0])
5
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lookalike.gallery.asking.ranking import FindOptions
    from lookalike.gallery.gallery import Gallery
    from lookalike.images import read
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Analyst, Finder

__version__: Final = "0.1.0"

__all__ = ["Analyst", "FindOptions", "Finder", "Gallery", "ModelOptions", "__version__", "read"]

_HOMES: Final = {
    "Analyst": "lookalike.pipeline",
    "FindOptions": "lookalike.gallery.asking.ranking",
    "Finder": "lookalike.pipeline",
    "Gallery": "lookalike.gallery.gallery",
    "ModelOptions": "lookalike.models.options",
    "read": "lookalike.images",
}


def __getattr__(name: str) -> Any:
    """Load a name of the front door at its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lookalike' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the front door."""
    return sorted(__all__)

"""The service: a page, REST, and a live socket, on one finder.

It answers and forgets: a visitor's photo is in memory while it is looked at, and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lookalike.errors import MissingExtra

if TYPE_CHECKING:
    from lookalike.web.app import create_app
    from lookalike.web.settings import Settings, gather

__all__ = ["Settings", "create_app", "gather"]


def __getattr__(name: str) -> Any:
    """Load the framework when it is first needed, and say so if it is not there."""
    if name not in __all__:
        raise AttributeError(f"module 'lookalike.web' has no attribute {name!r}")
    try:
        from lookalike.web import app, settings
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("lookalike"):
            raise
        raise MissingExtra(
            f"the service needs the package {error.name!r}", "pip install 'lookalike[web]'"
        ) from error
    return getattr(app if name == "create_app" else settings, name)

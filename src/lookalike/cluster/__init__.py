"""The same work on many machines: a scheduler and workers of Dask.

Workers read, detect, align and encode; the process that asked writes, searches and answers. Dask
carries Python objects between them, so all of them must trust one another: see
``docs/concepts/security.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lookalike.errors import MissingExtra

if TYPE_CHECKING:
    from lookalike.cluster.analyzing import ClusterAnalyzer
    from lookalike.cluster.building import build
    from lookalike.cluster.crew import Crew
    from lookalike.cluster.options import ClusterOptions

__all__ = ["ClusterAnalyzer", "ClusterOptions", "Crew", "build"]


def __getattr__(name: str) -> Any:
    """Load Dask when it is first needed, and say so if it is not there."""
    if name not in __all__:
        raise AttributeError(f"module 'lookalike.cluster' has no attribute {name!r}")
    try:
        from lookalike.cluster import analyzing, building, crew, options
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("lookalike"):
            raise
        raise MissingExtra(
            f"workers need the package {error.name!r}", "pip install 'lookalike[cluster]'"
        ) from error
    parts: dict[str, Any] = {
        "ClusterAnalyzer": analyzing.ClusterAnalyzer,
        "ClusterOptions": options.ClusterOptions,
        "Crew": crew.Crew,
        "build": building.build,
    }
    return parts[name]

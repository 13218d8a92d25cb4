"""How many cores a network may use: all for one picture, one for each of many at a time."""

from __future__ import annotations

import os
import threading

_HERE = threading.local()


def threads_to_use() -> int:
    """Return the number of cores this process may use.

    Returns
    -------
    int
        At least 1; containers and affinity masks are respected.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def use_one_core() -> None:
    """Run networks on one core from now on, in this thread only.

    Where as many threads as there are cores run networks, each run on all cores would only make
    them wait for one another.
    """
    _HERE.one_core = True


def uses_one_core() -> bool:
    """Tell whether this thread runs networks on one core.

    Returns
    -------
    bool
        True after `use_one_core`.
    """
    return getattr(_HERE, "one_core", False)

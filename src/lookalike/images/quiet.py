"""Keeping a decoder's warnings to itself: whether a photo is good is said by errors alone."""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_turn = threading.Lock()
_inside = 0
_kept = warnings.catch_warnings()


@contextmanager
def quiet() -> Iterator[None]:
    """Pass over what Pillow warns of, such as damaged metadata that nobody needs.

    What is to be warned of is one list for the whole process. So it is changed by the first thread
    that comes in and put back by the last that goes out: photos are still decoded side by side.

    Yields
    ------
    None
        The body runs.
    """
    global _inside, _kept  # noqa: PLW0603 - as the list of filters is
    with _turn:
        if not _inside:
            _kept = warnings.catch_warnings()
            _kept.__enter__()
            warnings.filterwarnings("ignore", module=r"PIL\.")
        _inside += 1
    try:
        yield
    finally:
        with _turn:
            _inside -= 1
            if not _inside:
                _kept.__exit__(None, None, None)

"""Files of a run appear whole or not at all."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from lookalike import whole_files
from lookalike.errors import RunUnusable
from lookalike.whole_files import writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file to write to, which takes the place of another once it is complete.

    Parameters
    ----------
    path : Path
        Where it shall be; folders are made.

    Yields
    ------
    Path
        Beside it.

    Raises
    ------
    RunUnusable
        If it cannot be written.
    """
    with writing(path, RunUnusable, "make room, or choose another folder with --output"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_files.replacing(path) as part:
            yield part

"""Files of a run appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from lookalike.errors import RunUnusable

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
    part = path.with_name(path.name + f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        words = f"cannot write {path}: {error.strerror or error}"
        raise RunUnusable(words, "make room, or choose another folder with --output") from error
    finally:
        part.unlink(missing_ok=True)

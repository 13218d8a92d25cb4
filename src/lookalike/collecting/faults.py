"""What the disk says while photos are collected."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from lookalike.errors import FolderUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SPACE_HINT: Final = "make room or choose another folder, then run the same command again"


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk says against a file into one line.

    Parameters
    ----------
    path : Path
        The file that shall be written.

    Yields
    ------
    None
        Inside, the file is written.

    Raises
    ------
    FolderUnwritable
        If the disk is full or the folder is read-only.
    """
    try:
        yield
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}"
        raise FolderUnwritable(message, _SPACE_HINT) from error

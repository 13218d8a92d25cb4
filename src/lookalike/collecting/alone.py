"""One process for one folder."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from lookalike.collecting.disk import writing
from lookalike.errors import FolderBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone(root: Path, own: Path) -> Iterator[None]:
    """Keep all other processes away from a folder of photos.

    Parameters
    ----------
    root : Path
        The folder, as errors call it.
    own : Path
        Where the lock is kept; it is made if it is not there.

    Yields
    ------
    None
        Inside, nobody else collects into it.

    Raises
    ------
    FolderBusy
        If somebody else does.
    FolderUnwritable
        If the folder cannot be written.
    """
    with writing(own):
        own.mkdir(parents=True, exist_ok=True)
        lock = FileLock(own / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise FolderBusy(
                f"another process collects into {root}", "wait for it, or choose another folder"
            ) from error
    try:
        yield
    finally:
        lock.release()

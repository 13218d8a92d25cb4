"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lookalike.errors import WeightsUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterator

_CACHE_HINT: Final = "set LOOKALIKE_CACHE to a folder with free space that you may write to"


@contextlib.contextmanager
def writing(path: Path, hint: str = _CACHE_HINT) -> Iterator[None]:
    """Turn what the disk says against a file into one line.

    Parameters
    ----------
    path : Path
        The file that shall be written.
    hint : str, optional
        What to do about it.

    Yields
    ------
    None
        Inside, the file is written.

    Raises
    ------
    WeightsUnwritable
        If the disk is full or the folder is read-only.
    """
    try:
        yield
    except OSError as error:
        raise WeightsUnwritable(f"cannot write {path}: {error.strerror or error}", hint) from error


def write_atomically(path: Path, data: bytes, hint: str = _CACHE_HINT) -> None:
    """Write a file so that it is there whole or not at all.

    Parameters
    ----------
    path : Path
        Where it shall be; its folder is made.
    data : bytes
        All of it.
    hint : str, optional
        What to do if it cannot be written.

    Raises
    ------
    WeightsUnwritable
        If it cannot be written.
    """
    with writing(path, hint):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(beside).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(beside).unlink()
            raise

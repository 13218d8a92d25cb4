"""Bringing a file from one place to another so that it is always whole in one of them."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from typing import TYPE_CHECKING, Final

from lookalike.cleaning.disk import writing

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK: Final = 1 << 20


def checksum(path: Path) -> str:
    """Take the SHA-256 of a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        In hexadecimal.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def link_end(path: Path) -> str:
    """Say where a link points.

    Parameters
    ----------
    path : Path
        A file, or a link to one.

    Returns
    -------
    str
        As the link spells it; empty for what is no link.
    """
    return os.fspath(path.readlink()) if path.is_symlink() else ""


def move(source: Path, target: Path) -> bool:
    """Move a file or a link. Nothing is ever overwritten.

    Parameters
    ----------
    source : Path
        Where it is.
    target : Path
        Where it goes; its folder is made.

    Returns
    -------
    bool
        False if something is there already; then nothing has happened.

    Raises
    ------
    CleaningUnwritable
        If the target cannot be written, or the source not be removed. The source is there then.
    """
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(target):
            return False
        try:
            source.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_over(source, target)
    return True


def _copy_over(source: Path, target: Path) -> None:
    """Copy to another disk, look whether it is there, and only then remove the source."""
    if source.is_symlink():
        target.symlink_to(source.readlink())
        source.unlink()
        return
    part = target.with_name(".lookalike-part")
    try:
        with source.open("rb") as old, part.open("wb") as new:
            shutil.copyfileobj(old, new, _CHUNK)
            new.flush()
            os.fsync(new.fileno())
        shutil.copystat(source, part)
        _require_same(part, source)
        part.rename(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _settle(target.parent)
    source.unlink()


def _require_same(copy: Path, source: Path) -> None:
    if checksum(copy) != checksum(source):
        raise OSError(errno.EIO, "the copy is not what was copied")


def _settle(folder: Path) -> None:
    """Have the names in a folder written to the disk, where the system can do that."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write(path: Path, data: bytes) -> None:
    """Write a file and wait until it is on the disk.

    Parameters
    ----------
    path : Path
        The file; its folder is there.
    data : bytes
        All of it.

    Raises
    ------
    CleaningUnwritable
        If the disk takes no more. Then there is no such file.
    """
    with writing(path):
        try:
            with path.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise

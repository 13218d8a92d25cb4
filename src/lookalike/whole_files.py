"""Files that are there whole or not at all, and what the disk says against them in one line."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.errors import LookalikeError


@contextlib.contextmanager
def writing(path: Path, kind: type[LookalikeError], hint: str = "") -> Iterator[None]:
    """Turn what the disk says against a file into one line.

    Parameters
    ----------
    path : Path
        The file that shall be written.
    kind : type of LookalikeError
        What to raise.
    hint : str, optional
        What to do about it.

    Yields
    ------
    None
        Inside, the file is written.

    Raises
    ------
    LookalikeError
        Of that kind, if the disk is full or the folder is read-only.
    """
    try:
        yield
    except OSError as error:
        raise kind(
            f"cannot write {printable(str(path))}: {error.strerror or error}", hint
        ) from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file to write to, which takes another one's place once it is complete.

    Two processes that write the same file do not mix: the last one's stays.

    Parameters
    ----------
    path : Path
        Where it shall be; its folder is there. Through a link, the file that it points to is
        replaced, not the link.

    Yields
    ------
    Path
        An empty file beside it, on the disk before it is moved; nothing is left of it if the block
        fails. What is no file, such as a pipe, is given itself.

    Raises
    ------
    OSError
        If it cannot be written, see `writing`.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    target = Path(os.path.realpath(path))
    # Short, because a name has at most 255 bytes, and no one else's.
    part = target.with_name(f".{target.name[:40]}.{os.urandom(4).hex()}.part")
    try:
        part.touch(exist_ok=False)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # there is none yet, or it is somebody else's
            part.chmod(stat.S_IMODE(target.stat().st_mode))
        part.replace(target)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def write_whole(path: Path, data: bytes, kind: type[LookalikeError], hint: str = "") -> None:
    """Write a file so that it is there whole or not at all.

    Parameters
    ----------
    path : Path
        Where it shall be; its folder is made.
    data : bytes
        All of it.
    kind : type of LookalikeError
        What to raise if it cannot be written.
    hint : str, optional
        What to do about it.

    Raises
    ------
    LookalikeError
        Of that kind, if the disk is full or the folder is read-only.
    """
    with writing(path, kind, hint):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            part.write_bytes(data)

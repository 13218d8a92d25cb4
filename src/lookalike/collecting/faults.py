"""What goes wrong while photos are collected, where more must be known than its kind."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from lookalike.errors import FolderUnwritable, ServiceRefused, ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SPACE_HINT: Final = "make room or choose another folder, then run the same command again"


class Complaint(ServiceRefused):
    """A server answered with an error status that will not pass.

    Parameters
    ----------
    message : str
        What went wrong, in one line.
    hint : str, optional
        What to do about it.
    status : int
        The HTTP status.
    body : bytes
        The start of what the server says about it.
    """

    def __init__(self, message: str, hint: str = "", status: int = 0, body: bytes = b"") -> None:
        super().__init__(message, hint)
        self.status = status
        self.body = body


class TooLong(ServiceRefused):
    """An answer is longer than allowed."""


class QueryTooHard(ServiceUnavailable):
    """A service could not answer within the time that it allows."""


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

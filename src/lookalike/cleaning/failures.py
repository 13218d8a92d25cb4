"""Why a folder or a table cannot be cleaned.

::

    LookalikeError
    └── CleaningError
        ├── FolderUnwritable          full disk, no permission
        ├── QuarantineBusy            another process cleans the same folder
        ├── TableUnreadable           no table, or in another encoding
        └── NothingLeft               a cleaned table would have no rows
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from lookalike.errors import LookalikeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SPACE_HINT: Final = "nothing is lost; make room, or mend the permissions, and run it again"


class CleaningError(LookalikeError):
    """A folder or a table cannot be cleaned."""


class FolderUnwritable(CleaningError):
    """Something cannot be written: the disk is full, or the folder is read-only."""


class QuarantineBusy(CleaningError):
    """Another process cleans the same folder."""


class TableUnreadable(CleaningError):
    """The file is no table, is in another encoding, or cannot be read."""


class NothingLeft(CleaningError):
    """Cleaning would take every row out of a table."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk says into one line.

    Parameters
    ----------
    path : Path
        What shall be written.

    Yields
    ------
    None
        Inside, it is written.

    Raises
    ------
    FolderUnwritable
        If it cannot be.
    """
    try:
        yield
    except OSError as error:
        message = f"cannot write {ascii(str(path))[1:-1]}: {error.strerror or error}"
        raise FolderUnwritable(message, _SPACE_HINT) from error

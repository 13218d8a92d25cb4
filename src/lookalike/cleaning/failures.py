"""What the disk says while a folder or a table is cleaned."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from lookalike.errors import CleaningUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SPACE_HINT: Final = "nothing is lost; make room, or mend the permissions, and run it again"


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
    CleaningUnwritable
        If it cannot be.
    """
    try:
        yield
    except OSError as error:
        message = f"cannot write {ascii(str(path))[1:-1]}: {error.strerror or error}"
        raise CleaningUnwritable(message, _SPACE_HINT) from error

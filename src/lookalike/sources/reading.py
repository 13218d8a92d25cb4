"""What the disk says against the file of a source, in one line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lookalike.errors import OptionError
from lookalike.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the disk says into one line.

    Parameters
    ----------
    path : Path
        The file that is read.

    Yields
    ------
    None
        Inside, it is read.

    Raises
    ------
    OptionError
        If it is not there, or cannot be read.
    """
    name = printable(str(path))
    try:
        yield
    except FileNotFoundError as error:
        raise OptionError(f"there is no file {name}", "check the spelling") from error
    except OSError as error:
        why = error.strerror or error
        raise OptionError(
            f"{name} cannot be read: {why}", "check the disk, and who may read it"
        ) from error

"""An end to reading a file whose pages lead in circles."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

#: What reading may take, in steps of SQLite's machine: so many, and so many for each byte of the
#: file. A sound face has hundreds of bytes and takes some dozens.
_STEPS: Final = 5_000_000
_STEPS_A_BYTE: Final = 100
_STEPS_AT_A_TIME: Final = 100_000


def stop_when_endless(connection: sqlite3.Connection, path: Path) -> None:
    """Interrupt what takes longer than reading a file of that size can.

    SQLite follows a page to the next one wherever it has been before. A few pages that each name
    the next one some hundred times are then gone through billions of times.

    Parameters
    ----------
    connection : sqlite3.Connection
        Just opened, for reading; one transaction's.
    path : Path
        The file.
    """
    size = 0
    # What has been written last may still lie beside the file.
    for part in (path, path.with_name(f"{path.name}-wal")):
        with contextlib.suppress(OSError):
            size += part.stat().st_size
    left = (_STEPS + _STEPS_A_BYTE * size) // _STEPS_AT_A_TIME

    def is_endless() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection.set_progress_handler(is_endless, _STEPS_AT_A_TIME)

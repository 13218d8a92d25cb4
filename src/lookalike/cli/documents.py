"""What commands write beside figures: pages, and tables for spreadsheets."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from lookalike.errors import OptionError
from lookalike.whole_files import replacing, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a page, wholly or not at all.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        What it says.

    Raises
    ------
    OptionError
        If it cannot be written.
    """
    with writing(path, OptionError, "choose another place with -o"), replacing(path) as part:
        part.write_text(text, "utf-8")


def write_csv_table(path: Path, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV file.

    Parameters
    ----------
    path : Path
        The file; one that is there is replaced.
    heading : sequence of str
        What the columns are.
    rows : iterable of sequence
        One for each line.

    Raises
    ------
    OptionError
        If it cannot be written.
    """
    hint = "choose a folder that exists, may be written to and has room"
    with (
        writing(path, OptionError, hint),
        replacing(path) as part,
        part.open("w", encoding="utf-8", newline="") as stream,
    ):
        table = csv.writer(stream)
        table.writerow(heading)
        table.writerows(rows)

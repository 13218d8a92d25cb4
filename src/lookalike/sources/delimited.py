"""Reading CSV files as spreadsheets of all countries write them."""

from __future__ import annotations

import codecs
import csv
from typing import TYPE_CHECKING, Final

from lookalike.errors import OptionError
from lookalike.sources.reading import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CHUNK: Final = 1 << 20
_DELIMITERS: Final = ",;\t|"
_LONGEST_HEADER: Final = 1 << 16


def encoding_of(path: Path, encoding: str = "") -> str:
    """Say in which encoding a file is, and make sure of it.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str
        What somebody says it is in; UTF-8 if nobody does, or UTF-16 if it begins with its mark.

    Returns
    -------
    str
        The encoding, with which the whole file can be read.

    Raises
    ------
    OptionError
        If the file is not there, empty, or in another encoding. Nothing is guessed: a wrong guess
        would write wrong names into a gallery.
    """
    line = 1
    try:
        with reading(path), path.open("rb") as file:
            start = file.read(4)
            if not start:
                raise OptionError(f"{path.name} is empty", "save the table again")
            if not encoding:
                wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
                encoding = "utf-16" if wide else "utf-8-sig"
            decoder = codecs.getincrementaldecoder(encoding)()
            chunk = start
            while chunk:
                line += decoder.decode(chunk).count("\n")
                chunk = file.read(_CHUNK)
            decoder.decode(b"", final=True)
    except LookupError as error:
        raise OptionError(f"there is no encoding {encoding!r}", "for example cp1252") from error
    except UnicodeError as error:
        raise OptionError(
            f"{path.name} is not in {encoding.removesuffix('-sig').upper()}, from line {line} on",
            "save it as UTF-8, or say its encoding; spreadsheets in the West write cp1252",
        ) from error
    return encoding


def read_delimited(
    path: Path, encoding: str, good: Callable[[list[str]], bool]
) -> Iterator[tuple[int, list[str]]]:
    """Go through the rows of a CSV file.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str
        See `encoding_of`.
    good : callable
        Says whether cells are a header. What separates cells is what makes the first row one: a
        comma, a semicolon, a tab or a bar; a comma if none does.

    Yields
    ------
    line : int
        Where the row ends, from 1.
    cells : list of str
        The cells, without space around them. Empty rows are left out.

    Raises
    ------
    OptionError
        If the file is no CSV file.
    """
    with path.open(encoding=encoding, newline="") as stream:
        start = before = 0
        header = stream.readline(_LONGEST_HEADER)
        # A line of Excel's own, for Excel.
        if header.lower().startswith("sep="):
            start, before = stream.tell(), 1
            header = stream.readline(_LONGEST_HEADER)
        stream.seek(start)
        delimiter = next((one for one in _DELIMITERS if good(_cells(header, one))), ",")
        table = csv.reader(stream, delimiter=delimiter, skipinitialspace=True)
        try:
            for row in table:
                cells = [cell.strip() for cell in row]
                if any(cells):
                    yield before + table.line_num, cells
        except csv.Error as error:
            raise OptionError(
                f"{path.name}, line {before + table.line_num}: {error}",
                "look for a quotation mark that is never closed",
            ) from error


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        found = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []
    return [cell.strip() for cell in found]

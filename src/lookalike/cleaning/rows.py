"""A table of photos as its own text, row by row, so that what stays is not touched."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from lookalike.errors import TableUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    #: Takes the names of columns, and says which of them is the ``path`` and which the ``person``.
    Roles: TypeAlias = Callable[[Sequence[str]], Mapping[str, str]]

_DELIMITERS: Final = ",;\t|"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Parameters
    ----------
    line : int
        The line on which it ends, from 1.
    text : str
        As it stands in the file, with its line breaks.
    path, person : str
        What it says of the photo; empty if nothing.
    full : bool
        Whether it has no more cells than there are columns.
    """

    line: int
    text: str
    path: str = ""
    person: str = ""
    full: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Parameters
    ----------
    head : str
        All before the first row, as it stands in the file.
    rows : tuple of Row
        The rest, without empty rows.
    encoding : str
        How both are written.
    """

    head: str
    rows: tuple[Row, ...]
    encoding: str

    def written(self, rows: Iterable[Row]) -> bytes:
        """Write the table with some of its rows.

        Parameters
        ----------
        rows : iterable of Row
            Those to keep.

        Returns
        -------
        bytes
            Every row as it stood.
        """
        return (self.head + "".join(row.text for row in rows)).encode(self.encoding)


def read_table(path: Path, roles: Roles, encoding: str = "") -> Table:
    """Read a table.

    Parameters
    ----------
    path : Path
        A CSV file, whose cells are set apart by a comma, a semicolon, a tab or a bar.
    roles : callable
        Takes the names of columns, and says which is the ``path`` and which the ``person``.
    encoding : str, optional
        Its encoding; UTF-8 if not given, or what its first bytes say.

    Returns
    -------
    Table
        All of it.

    Raises
    ------
    TableUnreadable
        If it is something else.
    """
    text, encoding = _decoded(path, encoding)
    for delimiter in _DELIMITERS:
        records = _records(text, delimiter)
        try:
            head, names = _header(records)
            found = roles(names)
            if "path" in found and "person" in found:
                at = names.index(found["path"]), names.index(found["person"])
                rows = (_row(line, raw, cells, at, len(names)) for line, raw, cells in records)
                return Table(head, tuple(row for row in rows if row), encoding)
        except csv.Error as error:
            raise TableUnreadable(
                f"{path.name} is no table: {error}", "look for a quotation mark that is not closed"
            ) from error
    raise TableUnreadable(
        f"{path.name} does not say which column is the path and which the person",
        "its first row must name them, as for: gallery build",
    )


def _decoded(path: Path, encoding: str) -> tuple[str, str]:
    try:
        data = path.read_bytes()
        if not encoding:
            marked = (name for mark, name in _MARKS if data.startswith(mark))
            encoding = next(marked, "utf-8")
        return data.decode(encoding), encoding
    except LookupError as error:
        raise TableUnreadable(f"there is no encoding {encoding!r}", "for example cp1252") from error
    except UnicodeError as error:
        raise TableUnreadable(
            f"{path.name} is not in {encoding.upper()}",
            "say which: --encoding; spreadsheets in the West write cp1252",
        ) from error
    except OSError as error:
        raise TableUnreadable(f"{path} cannot be read: {error.strerror}", "check it") from error


def _records(text: str, delimiter: str) -> Iterator[tuple[int, str, list[str]]]:
    """Go through the records, each with its own text; the mark of the encoding is text, too."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, skipinitialspace=True)
    for cells in reader:
        yield reader.line_num, "".join(taken), [cell.strip(" \t\ufeff") for cell in cells]
        taken.clear()


def _header(records: Iterator[tuple[int, str, list[str]]]) -> tuple[str, list[str]]:
    head = ""
    for _, raw, cells in records:
        head += raw
        # A line of Excel's own, for Excel, and empty ones.
        if any(cells) and not cells[0].lower().startswith("sep="):
            return head, [name.strip('"') for name in cells]
    return head, []


def _row(line: int, raw: str, cells: list[str], at: tuple[int, int], columns: int) -> Row | None:
    if not any(cells):
        return None
    path, person = (cells[place] if place < len(cells) else "" for place in at)
    return Row(line, raw, path, person, not any(cells[columns:]))

"""The rows of a table, in whichever of three formats, one after another."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import MissingExtra, OptionError
from lookalike.sources.delimited import encoding_of, read_delimited
from lookalike.sources.reading import reading
from lookalike.sources.table_columns import Columns, plain, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_LONGEST_LINE: Final = 1 << 20
_BATCH: Final = 4096
_PARQUET: Final = b"PAR1"


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Parameters
    ----------
    place : str
        Where it stands.
    cells : dict of str to object
        What it holds, by the names of the columns.
    reason : str
        Why it cannot be used; empty if it can.
    """

    place: str
    cells: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def open_rows(path: Path, encoding: str = "") -> tuple[list[str], Callable[[], Iterator[Row]]]:
    """Look at a table.

    Parameters
    ----------
    path : Path
        A Parquet file, JSON lines if its suffix is ``.jsonl`` or ``.ndjson``, or else a CSV file.
    encoding : str
        That of a CSV file; UTF-8 if not given.

    Returns
    -------
    names : list of str
        The columns; of JSON lines, those of the first row that is one.
    rows : callable
        Takes nothing and goes through the rows.

    Raises
    ------
    OptionError
        If it is not there, empty, or something else.
    MissingExtra
        If it is a Parquet file and ``pyarrow`` is not installed.
    """
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        return _open_lines(path)
    try:
        with path.open("rb") as file:
            is_parquet = file.read(4) == _PARQUET
    except OSError:
        # The other readers say what is wrong.
        is_parquet = False
    if is_parquet or path.suffix.lower() == ".parquet":
        return _open_parquet(path)
    return _open_csv(path, encoding)


def _open_csv(path: Path, encoding: str) -> tuple[list[str], Callable[[], Iterator[Row]]]:
    encoding = encoding_of(path, encoding)

    def lines() -> Iterator[tuple[int, list[str]]]:
        return read_delimited(path, encoding, lambda cells: Columns.of(cells).complete)

    _, names = next(lines(), (0, []))

    def rows() -> Iterator[Row]:
        for number, (line, cells) in enumerate(lines()):
            place = f"line {line}"
            if number and len(cells) > len(names) and any(cells[len(names) :]):
                yield Row(place, reason="has more cells than there are columns")
            elif number:
                # A row may end early, as if its last cells were empty.
                values = {name: typed(cell) for name, cell in zip(names, cells, strict=False)}
                yield Row(place, {name: one for name, one in values.items() if one != ""})

    return names, rows


def _open_lines(path: Path) -> tuple[list[str], Callable[[], Iterator[Row]]]:
    def rows() -> Iterator[Row]:
        with reading(path), path.open("rb") as stream:
            number = 0
            while line := stream.readline(_LONGEST_LINE):
                number += 1
                cut = len(line) == _LONGEST_LINE and not line.endswith(b"\n")
                while cut and (rest := stream.readline(_LONGEST_LINE)):
                    cut = not rest.endswith(b"\n")
                    line = b"?"
                if line.strip():
                    yield _row_of(line.removeprefix(b"\xef\xbb\xbf"), f"line {number}")

    first = next((row for row in rows() if not row.reason), None)
    if first is None:
        raise OptionError(f"{path.name} holds no rows", "it must hold one JSON object in each line")
    return list(first.cells), rows


def _row_of(line: bytes, place: str) -> Row:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return Row(place, reason="is not JSON")
    if not isinstance(value, dict):
        return Row(place, reason="is not a JSON object")
    return Row(place, _plain(value))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    cells = {str(name): plain(value) for name, value in values.items()}
    return {name: value for name, value in cells.items() if value is not None}


def _open_parquet(path: Path) -> tuple[list[str], Callable[[], Iterator[Row]]]:
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtra(
            f"{path.name} is a Parquet file, which needs pyarrow",
            "pip install 'lookalike[tables]', or save the table as CSV",
        ) from error
    broken = (arrow.ArrowException, OSError, ValueError)

    def wrong(error: Exception) -> OptionError:
        if isinstance(error, FileNotFoundError):
            return OptionError(f"there is no file {path}", "check the spelling")
        words = str(error).splitlines()[:1]
        return OptionError(f"{path.name} cannot be read: {''.join(words)}", "save the table again")

    def rows() -> Iterator[Row]:
        number = 0
        try:
            with parquet.ParquetFile(path) as file:
                for batch in file.iter_batches(_BATCH, use_threads=False):
                    for values in batch.to_pylist():
                        number += 1
                        yield Row(f"row {number}", _plain(values))
        except broken as error:
            raise wrong(error) from error

    try:
        with parquet.ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
    except broken as error:
        raise wrong(error) from error
    return names, rows

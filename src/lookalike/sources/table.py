"""A table of photos: CSV, Parquet or JSON lines."""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import OptionError
from lookalike.images import read_bytes
from lookalike.sources.faults import Faults
from lookalike.sources.table_columns import Columns, check_header
from lookalike.sources.table_rows import Row, open_rows
from lookalike.sources.walking import stamp_of
from lookalike.types import Candidate, Person, person_id

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


class TableSource:
    """Photos that a table lists, in its order.

    Its columns are ``path`` (or ``file``, ``photo``, ``image``, ``uri``), ``person`` (or ``name``,
    ``label``), and if it has them ``licence`` (``license``), ``credit`` (``author``) and ``page``
    (``source_page``). Columns called ``photo.year`` and the like are facts of the photo, all
    others are facts of the person. A row that cannot be used is passed over and noted.

    Parameters
    ----------
    path : str or Path
        The table: Parquet; JSON lines, if its suffix is ``.jsonl`` or ``.ndjson``; or else CSV.
    images : str or Path, optional
        The folder that paths start from; that of the table if not given. No path may lead out of
        it. With a folder given, a path may also be absolute, as long as it lies inside.
    encoding : str
        That of a CSV file; UTF-8 if not given.

    Attributes
    ----------
    name : str
        The table's name without its suffix.
    faults : Faults
        The rows that the last pass passed over.

    Raises
    ------
    OptionError
        If it is no table, in another encoding, or lacks the path or the person.
    MissingExtra
        If it is a Parquet file and ``pyarrow`` is not installed.
    """

    def __init__(
        self, path: str | Path, images: str | Path | None = None, *, encoding: str = ""
    ) -> None:
        self.path = Path(path)
        self.name = self.path.stem
        self.faults = Faults()
        self._absolute = images is not None
        self.images = Path(images) if images is not None else self.path.parent
        if not self.images.is_dir():
            raise OptionError(f"{self.images} is not a folder", "give the folder of the photos")
        names, self._rows = open_rows(self.path, encoding)
        check_header(names, self.path.name)

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        faults = self.faults = Faults()
        offered: dict[str, str] = {}
        meanings: dict[tuple[str, ...], Columns] = {}
        for row in self._rows():
            keys = tuple(row.cells)
            columns = meanings.get(keys)
            if columns is None:
                # JSON lines may each have columns of their own; few tables have many kinds.
                meanings = meanings if len(meanings) < 1000 else {}
                columns = meanings[keys] = Columns.of(keys)
            outcome = row.reason or self._candidate(row, columns)
            if isinstance(outcome, Candidate):
                owner = offered.get(outcome.uri)
                if owner is None:
                    offered[outcome.uri] = outcome.person.id
                    yield outcome
                    continue
                same = owner == outcome.person.id
                outcome = "repeats an earlier row" if same else "gives a photo to a second person"
            faults.add(f"{self.path.name}, {row.place}", outcome)

    def _candidate(self, row: Row, columns: Columns) -> Candidate | str:
        """Make a candidate of a row, or say why not."""
        said = {role: row.cells[name] for role, name in columns.roles.items()}
        name = _text(said.get("person"))
        if not name or person_id(name) == "unnamed":
            return "names no person"
        where = said.get("path", "")
        if not isinstance(where, str | int) or not (spelled := str(where).strip()):
            return "names no photo"
        uri = self._inside(spelled)
        if not isinstance(uri, Path):
            return uri
        path = self.images / uri
        stamp = stamp_of(path)
        if stamp is None:
            return "names what is no file"
        return Candidate(
            Person.named(name, **_facts(row, columns.person_facts)),
            uri.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"),
            partial(read_bytes, path),
            stamp,
            _text(said.get("licence")),
            _text(said.get("credit")),
            _text(said.get("page")),
            _facts(row, columns.photo_facts),
        )

    def _inside(self, spelled: str) -> Path | str:
        """Return a path below the folder of the photos, or why it is none."""
        if _ADDRESS.match(spelled):
            return "names an address, not a file"
        if "\0" in spelled:
            return "names no photo"
        root = os.path.abspath(self.images)  # noqa: PTH100 (a link need not be followed)
        if "\\" in spelled and not os.path.lexists(os.path.join(root, spelled)):  # noqa: PTH118
            spelled = spelled.replace("\\", "/")
        foreign = bool(PureWindowsPath(spelled).drive) and os.name != "nt"
        if foreign or (os.path.isabs(spelled) and not self._absolute):  # noqa: PTH117
            return "names an absolute path"
        path = Path(os.path.normpath(os.path.join(root, spelled)))  # noqa: PTH118
        if not path.is_relative_to(root) or path == Path(root):
            return "names a path outside the folder of the photos"
        return path.relative_to(root)


def _text(value: Any) -> str:
    """Read a cell as text; a name may look like a number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def _facts(row: Row, columns: dict[str, str]) -> dict[str, Any]:
    return {fact: row.cells[name] for fact, name in columns.items()}

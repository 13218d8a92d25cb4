"""Cleaning a table of photos: rows that say nothing, or say it twice."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lookalike.cleaning.ahead import ahead
from lookalike.cleaning.faults import USUAL, Action, Fault
from lookalike.cleaning.inspection import unseen
from lookalike.cleaning.journal import Line, held, waiting, write_journal
from lookalike.cleaning.moving import checksum, write
from lookalike.cleaning.performing import Outcome, clear, finish, perform, place_for
from lookalike.cleaning.report import Finding
from lookalike.cleaning.rows import read_table
from lookalike.errors import NothingLeft, OptionError
from lookalike.types import person_id

if TYPE_CHECKING:
    from lookalike.cleaning.inspection import Progress
    from lookalike.cleaning.options import Across
    from lookalike.cleaning.rows import Roles, Row, Table

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_REASON: Final = "rows taken out"


@dataclass(frozen=True, slots=True)
class TableReport:
    """What is wrong with a table.

    Parameters
    ----------
    path : Path
        The table.
    table : Table
        What is in it.
    findings : tuple of Finding
        What is wrong, by line.
    kept : tuple of Row
        The rows that would stay.
    sha256 : str
        Of the file, in hexadecimal.
    """

    path: Path
    table: Table
    findings: tuple[Finding, ...]
    kept: tuple[Row, ...]
    sha256: str


def inspect_table(
    path: str | Path,
    roles: Roles,
    images: str | Path | None = None,
    *,
    encoding: str = "",
    across: Across = "leave",
    progress: Progress = unseen,
) -> TableReport:
    """Look at a table of photos, and say which rows are wrong.

    Parameters
    ----------
    path : str or Path
        A CSV file.
    roles : callable
        Takes the names of its columns, and says which is the ``path`` and which the ``person``.
    images : str or Path, optional
        The folder that paths start from; that of the table if not given.
    encoding : str, optional
        Its encoding; UTF-8 if not given.
    across : {"leave", "quarantine"}
        Whether rows that give one photo to different people are reported only, or all taken out.
    progress : Progress, default unseen
        Shows how far it is.

    Returns
    -------
    TableReport
        The table is as it was.

    Raises
    ------
    OptionError
        If the folder of the photos is none.
    TableUnreadable
        If it is no such table.
    """
    place = Path(path)
    folder = Path(images) if images is not None else place.parent
    if not folder.is_dir():
        raise OptionError(f"{folder} is not a folder", "give the folder of the photos")
    table = read_table(place, roles, encoding)
    photos = {row.path for row in table.rows if row.path}
    digests: dict[str, str] = {}
    with progress("looking at photos", len(photos)) as advance:
        for name, digest in ahead(lambda name: _digest(folder, name), sorted(photos)):
            digests[name] = digest
            advance()
    findings, kept = _judge(table, digests, across)
    return TableReport(place, table, tuple(findings), tuple(kept), checksum(place))


def apply_table(report: TableReport) -> Outcome:
    """Write the table without its wrong rows; the old one goes to quarantine beside it.

    Parameters
    ----------
    report : TableReport
        Of `inspect_table`.

    Returns
    -------
    Outcome
        Nothing is done if no row is to go.

    Raises
    ------
    NothingLeft
        If no row would stay.
    QuarantineBusy
        If another process cleans here.
    CleaningUnwritable
        If the disk is full or read-only.
    """
    outcome = Outcome()
    if len(report.kept) == len(report.table.rows):
        return outcome
    if not report.kept:
        raise NothingLeft(
            f"no row of {report.path.name} would be left",
            "say where the photos are: --images FOLDER",
        )
    folder, name = report.path.parent, report.path.name
    data = report.table.written(report.kept)
    with held(folder) as place:
        finish(folder)
        if checksum(report.path) != report.sha256:
            outcome.problems.append((name, "has changed since it was looked at"))
            return outcome
        goes = place_for(folder, name, _REASON)
        digest = hashlib.sha256(data).hexdigest()
        made = waiting(folder) / f"{digest[:24]}.csv"
        write(made, data)
        source = made.relative_to(folder).as_posix()
        lines = (
            Line("move", name, goes, report.sha256, _REASON),
            Line("write", source, name, digest, _REASON, original=goes),
        )
        write_journal(place, lines)
        if why := perform(folder, lines):
            outcome.problems.append((name, why))
        else:
            outcome.done += 1
        clear(folder)
    return outcome


def _digest(folder: Path, name: str) -> str:
    """Return the SHA-256 of a photo; empty if it is not there."""
    try:
        return checksum(_located(folder, name))
    except (OSError, ValueError):
        return ""


def _located(folder: Path, name: str) -> Path:
    path = folder / name
    if "\\" in name and not os.path.lexists(path):
        path = folder / name.replace("\\", "/")
    # Reading a pipe would wait forever.
    return path if path.is_file() else folder / name / "missing"


def _judge(
    table: Table, digests: dict[str, str], across: Across
) -> tuple[list[Finding], list[Row]]:
    """Say what is wrong with each row, and which stay."""
    findings, kept = [], []
    seen: dict[tuple[str, str], Row] = {}
    owners: dict[str, dict[str, Row]] = {}
    for row in table.rows:
        digest = digests.get(row.path, "")
        who = person_id(row.person)
        fault, detail = _fault(row, digest)
        if fault is None:
            first = seen.setdefault((digest, who), row)
            owners.setdefault(digest, {})[who] = first
            if first is row:
                kept.append(row)
                continue
            fault, detail = Fault.REPEATED_ROW, f"says what line {first.line} says"
        findings.append(Finding(f"line {row.line}", row.person, fault, detail, USUAL[fault]))
    dropped = set()
    action = Action.LEAVE if across == "leave" else Action.DROP
    for rows in (list(people.values()) for people in owners.values() if len(people) > 1):
        for row in rows:
            others = ", ".join(f"{one.person} in line {one.line}" for one in rows if one is not row)
            words = f"{row.path}, also {others}"
            findings.append(
                Finding(f"line {row.line}", row.person, Fault.TWO_PEOPLE, words, action)
            )
            if action is Action.DROP:
                dropped.add(row.line)
    kept = [row for row in kept if row.line not in dropped]
    return sorted(findings, key=lambda one: int(one.path.split()[1])), kept


def _fault(row: Row, digest: str) -> tuple[Fault | None, str]:
    if not row.full:
        return Fault.MALFORMED_ROW, "more cells than there are columns"
    if not row.path:
        return Fault.MALFORMED_ROW, "names no photo"
    if person_id(row.person) == "unnamed":
        return Fault.NO_PERSON, row.path
    if not digest:
        remote = _ADDRESS.match(row.path)
        return Fault.MISSING_FILE, f"{row.path}{' is an address, not a file' if remote else ''}"
    return None, ""

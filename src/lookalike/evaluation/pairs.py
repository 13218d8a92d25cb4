"""Pairs of photos whose answer is known: LFW's own format, and tables."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import EvaluationError

if TYPE_CHECKING:
    from pathlib import Path

_TRUTH: Final = {
    **dict.fromkeys(("1", "true", "yes", "same"), True),
    **dict.fromkeys(("0", "false", "no", "different"), False),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos, and whether they show one person.

    Parameters
    ----------
    one, other : str
        Photos, relative to the folder of the set.
    same : bool
        Whether they show one person.
    fold : int
        Which of the folds the pair belongs to, from 0; -1 if there are none.
    people : tuple of str
        Who is in each photo; empty where it is not known.
    """

    one: str
    other: str
    same: bool
    fold: int
    people: tuple[str, str] = ("", "")


def read_pairs(path: Path) -> list[Pair]:
    """Read a list of pairs.

    Parameters
    ----------
    path : Path
        A table whose name ends in ``.csv``: columns ``one`` and ``other`` with photos, ``same``
        with 1 or 0, and, if there are, ``fold``, ``person_one`` and ``person_other``. Without the
        last two, the folder that a photo is in is the person. Or LFW's own format: the first line
        says the number of folds and of pairs of each kind in each fold; then, fold by fold, lines
        ``name n1 n2`` for one person and ``name1 n1 name2 n2`` for two.

    Returns
    -------
    list of Pair
        In the order of the file.

    Raises
    ------
    EvaluationError
        If the file is not of that format.

    References
    ----------
    Huang, Ramesh, Berg, Learned-Miller, "Labeled Faces in the Wild", University of Massachusetts
    TR 07-49, 2007.
    """
    if path.suffix.lower() == ".csv":
        return _read_table(path)
    try:
        lines = path.read_text("utf-8").splitlines()
        folds, each = (int(word) for word in lines[0].split())
    except (OSError, UnicodeDecodeError, ValueError, IndexError) as error:
        raise EvaluationError(
            f"{path} is not a file of pairs", "it begins with the number of folds and of pairs"
        ) from error
    pairs: list[Pair] = []
    for number, line in enumerate(lines[1:], 2):
        words = line.split()
        fold = len(pairs) // (2 * each)
        match words:
            case []:
                continue
            case [name, one, other] if one.isdigit() and other.isdigit():
                photos = _photo(name, one), _photo(name, other)
                pairs.append(Pair(*photos, same=True, fold=fold, people=(name, name)))
            case [name, one, stranger, other] if one.isdigit() and other.isdigit():
                photos = _photo(name, one), _photo(stranger, other)
                pairs.append(Pair(*photos, same=False, fold=fold, people=(name, stranger)))
            case _:
                raise EvaluationError(f"{path.name}, line {number} is no pair: {line[:60]!r}")
    if len(pairs) != 2 * folds * each:
        raise EvaluationError(
            f"{path.name} holds {len(pairs)} pairs, its first line says {2 * folds * each}",
            "download it again",
        )
    return pairs


def _photo(name: str, number: str) -> str:
    return f"{name}/{name}_{int(number):04d}.jpg"


def _read_table(path: Path) -> list[Pair]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            missing = {"one", "other", "same"} - set(table.fieldnames or ())
            if missing:
                raise EvaluationError(
                    f"{path} has no column {', '.join(sorted(missing))}",
                    "a list of pairs begins with: one,other,same",
                )
            pairs = [_row(path, table.line_num, row) for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvaluationError(f"{path} is not a list of pairs: {error}") from error
    if not pairs:
        raise EvaluationError(f"{path} holds no pairs")
    return pairs


def _row(path: Path, number: int, row: dict[str | Any, str | Any]) -> Pair:
    # Cells beyond the last heading come without one.
    cells = {str(name): (value or "").strip() for name, value in row.items() if name}
    one, other, same = cells["one"], cells["other"], _TRUTH.get(cells["same"].lower())
    fold = cells.get("fold") or "-1"
    if not one or not other or same is None or not fold.lstrip("-").isdecimal():
        raise EvaluationError(
            f"{path.name}, line {number} is no pair: {one!r}, {other!r}, {cells['same']!r}",
            "one and other are photos, same is 1 or 0, fold a number",
        )
    people = tuple(
        cells.get(f"person_{side}") or PurePosixPath(cells[side].replace("\\", "/")).parent.name
        for side in ("one", "other")
    )
    return Pair(one, other, same, int(fold), (people[0], people[1]))

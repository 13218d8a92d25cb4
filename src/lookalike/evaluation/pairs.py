"""Pairs of photos whose answer is known, in LFW's format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.errors import EvaluationError

if TYPE_CHECKING:
    from pathlib import Path


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
        Which of the folds the pair belongs to, from 0.
    """

    one: str
    other: str
    same: bool
    fold: int


def read_pairs(path: Path) -> list[Pair]:
    """Read a pairs file of LFW.

    Parameters
    ----------
    path : Path
        The first line says the number of folds and of pairs of each kind in each fold. Then, fold
        by fold, lines ``name n1 n2`` for one person and ``name1 n1 name2 n2`` for two.

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
                pairs.append(Pair(_photo(name, one), _photo(name, other), same=True, fold=fold))
            case [name, one, stranger, other] if one.isdigit() and other.isdigit():
                first, second = _photo(name, one), _photo(stranger, other)
                pairs.append(Pair(first, second, same=False, fold=fold))
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

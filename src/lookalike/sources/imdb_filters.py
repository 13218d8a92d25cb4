"""Which rows of IMDB-WIKI are good enough, and what each condition costs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import OptionError
from lookalike.sources.imdb_columns import ages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from lookalike.sources.imdb_columns import ImdbColumns


@dataclass(frozen=True, slots=True)
class ImdbFilters:
    """What a row must have. The first three are those that the field uses.

    Parameters
    ----------
    with_face : bool
        Whether the authors' detector must have found a face.
    one_face : bool
        Whether there must be no second face.
    min_score : float
        The score that the face must have at least; ``-inf`` takes all.
    named : bool
        Whether the row must say whom it shows. Without, who has no name is called after the file.
    min_age, max_age : int
        The ages at which somebody can have been photographed. A row whose age is not known is
        taken.
    existing : bool
        Whether the photo must be there. Without, a photo that is not is offered, and is missing
        when it is loaded.

    Raises
    ------
    OptionError
        If `min_score` is no number, or the ages are the wrong way round.
    """

    with_face: bool = True
    one_face: bool = True
    min_score: float = 3.0
    named: bool = True
    min_age: int = 0
    max_age: int = 110
    existing: bool = False

    def __post_init__(self) -> None:
        """Check that the numbers let something through."""
        if np.isnan(self.min_score):
            raise OptionError("min_score must be a number", "use -inf to take all")
        if self.min_age > self.max_age:
            raise OptionError(
                f"min_age {self.min_age} is above max_age {self.max_age}", "swap them"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The rows that passed.

    Parameters
    ----------
    rows : ndarray of shape (m,), int64
        Their numbers, rising.
    dropped : dict of str to int
        How many rows each condition dropped of those that passed the ones before it, in order.
    """

    rows: NDArray[np.int64]
    dropped: dict[str, int]


def select(columns: ImdbColumns, filters: ImdbFilters, images: Path | None = None) -> Selection:
    """Choose the rows that are good enough.

    Parameters
    ----------
    columns : ImdbColumns
        All rows.
    filters : ImdbFilters
        What a row must have.
    images : Path, optional
        The folder of the photos, for `ImdbFilters.existing`.

    Returns
    -------
    Selection
        The rows that passed, and what each condition cost.
    """
    rows = np.arange(len(columns))
    dropped: dict[str, int] = {}
    for reason, passed in _conditions(columns, filters):
        stay = passed[rows]
        dropped[reason] = int(len(rows) - np.count_nonzero(stay))
        rows = rows[stay]
    if filters.existing and images is not None:
        stay = np.fromiter(
            # Path.is_file raises for a name that is too long for the disk.
            (os.path.isfile(images / columns.full_path[row]) for row in rows),  # noqa: PTH113
            bool,
            len(rows),
        )
        dropped["the photo is not there"] = int(len(rows) - np.count_nonzero(stay))
        rows = rows[stay]
    return Selection(rows, dropped)


def _conditions(
    columns: ImdbColumns, filters: ImdbFilters
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    score = columns.face_score
    if filters.with_face:
        yield "no face was found", score > -np.inf
    if filters.one_face:
        yield "a second face was found", ~(columns.second_face_score > -np.inf)
    if filters.min_score > -np.inf:
        yield f"the face's score is below {filters.min_score:g}", score >= filters.min_score
    if filters.named:
        named = (bool(name.strip()) for name in columns.name)
        yield "no name is given", np.fromiter(named, bool, len(columns))
    # Comparisons with an unknown age are false both ways.
    age = ages(columns)
    possible = ~((age < filters.min_age) | (age > filters.max_age))
    yield f"the age is not {filters.min_age} to {filters.max_age}", possible
    yield "the path leads out of the folder", _inside(columns.full_path)
    yield "the photo was given before", _first(columns.full_path)


def _inside(paths: list[str]) -> NDArray[np.bool_]:
    return np.fromiter((_is_inside(path) for path in paths), bool, len(paths))


def _is_inside(path: str) -> bool:
    if not path or path[0] in "/\\" or "\0" in path or path[1:2] == ":":
        return False
    return ".." not in path or ".." not in path.replace("\\", "/").split("/")


def _first(paths: list[str]) -> NDArray[np.bool_]:
    seen: set[str] = set()
    first = np.ones(len(paths), bool)
    for at, path in enumerate(paths):
        first[at] = path not in seen
        seen.add(path)
    return first

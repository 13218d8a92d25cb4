"""The table of IMDB-WIKI: one row for each photo, as the authors published it.

References
----------
R. Rothe, R. Timofte, L. Van Gool, *Deep expectation of real and apparent age from a single image
without facial landmarks*, IJCV 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import OptionError
from lookalike.sources.mat_file import Field, read_struct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_READERS: Final[dict[str, Callable[[Field], Any]]] = {
    "dob": Field.numbers,
    "photo_taken": Field.numbers,
    "gender": Field.numbers,
    "face_score": Field.numbers,
    "second_face_score": Field.numbers,
    "full_path": Field.texts,
    "name": Field.texts,
    "face_location": lambda field: field.rows(4),
}

#: MATLAB counts days from the year 0, which Python does not have.
_DAYS_BEFORE_YEAR_1: Final = 366


@dataclass(frozen=True, slots=True, eq=False)
class ImdbColumns:
    """The columns, as they are published.

    Parameters
    ----------
    title : str
        What the file calls its table: ``imdb`` or ``wiki``.
    dob : ndarray of shape (n,), float64
        Date of birth in days, as MATLAB counts them.
    photo_taken : ndarray of shape (n,), float64
        The year in which the photo was taken.
    gender : ndarray of shape (n,), float64
        0 female, 1 male, NaN unknown.
    face_score : ndarray of shape (n,), float64
        How sure the detector was, -inf if it found no face.
    second_face_score : ndarray of shape (n,), float64
        The same of a second face, NaN if there was none.
    full_path : list of str
        Where the photo is, below the folder of the photos.
    name : list of str
        Whom it shows.
    face_location : ndarray of shape (n, 4), float32
        x1, y1, x2, y2 in pixels of the full photo, counted from 1, both ends within.
    """

    title: str
    dob: NDArray[np.float64]
    photo_taken: NDArray[np.float64]
    gender: NDArray[np.float64]
    face_score: NDArray[np.float64]
    second_face_score: NDArray[np.float64]
    full_path: list[str]
    name: list[str]
    face_location: NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.full_path)


def read_columns(path: Path) -> ImdbColumns:
    """Read ``imdb.mat`` or ``wiki.mat``.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    ImdbColumns
        All rows.

    Raises
    ------
    OptionError
        If it is no such file, or a damaged one.
    """
    title, columns = read_struct(path, _READERS)
    counts = {len(column) for column in columns.values()}
    if len(counts) != 1:
        raise OptionError(f"{path.name} has columns of different lengths", "download it again")
    return ImdbColumns(title=title or path.stem, **columns)


def birth_date(days: float) -> date | None:
    """Turn MATLAB's number of a day into a date.

    Parameters
    ----------
    days : float
        Days from the year 0 on, with or without a fraction.

    Returns
    -------
    date or None
        None for what is no date between the years 1 and 9999, as for unknown dates of birth.

    Examples
    --------
    >>> birth_date(730486)
    datetime.date(2000, 1, 1)
    """
    ordinal = int(days) - _DAYS_BEFORE_YEAR_1 if np.isfinite(days) else 0
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def ages(columns: ImdbColumns) -> NDArray[np.float64]:
    """Say how old people are in their photos.

    Parameters
    ----------
    columns : ImdbColumns
        The rows.

    Returns
    -------
    ndarray of shape (n,), float64
        Full years on 1 July of the year of the photo; NaN if a date is not known.

    Notes
    -----
    Only the year of a photo is known. The authors take it as taken in the middle of that year, and
    so does this: who has the birthday after 1 July counts as one year younger than the difference
    of the years.
    """
    first, last = date.min.toordinal(), date.max.toordinal()
    # What is no number shall not be made an integer.
    ordinals = np.nan_to_num(columns.dob, nan=0.0, posinf=0.0, neginf=0.0) - _DAYS_BEFORE_YEAR_1
    known = (ordinals >= first) & (ordinals < last + 1) & np.isfinite(columns.photo_taken)
    days = np.where(known, ordinals, first).astype(np.int64) - date(1970, 1, 1).toordinal()
    born = days.astype("datetime64[D]")
    years = born.astype("datetime64[Y]")
    months = born.astype("datetime64[M]")
    month = (months - years.astype("datetime64[M]")).astype(int) + 1
    day = (born - months.astype("datetime64[D]")).astype(int) + 1
    after = (month > 7) | ((month == 7) & (day > 1))
    difference = columns.photo_taken - (years.astype(int) + 1970) - after
    return np.where(known, difference, np.nan)


def facts_of_person(columns: ImdbColumns, row: int) -> Mapping[str, Any]:
    """Say what a row tells of the person.

    Parameters
    ----------
    columns : ImdbColumns
        The rows.
    row : int
        Which one.

    Returns
    -------
    mapping of str to str
        ``gender`` and ``born``, where they are known.
    """
    facts: dict[str, Any] = {}
    gender = {0.0: "female", 1.0: "male"}.get(float(columns.gender[row]))
    if gender:
        facts["gender"] = gender
    born = birth_date(columns.dob[row])
    if born:
        facts["born"] = born.isoformat()
    return facts

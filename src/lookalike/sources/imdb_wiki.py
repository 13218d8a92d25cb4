"""IMDB-WIKI: half a million photos of well-known people, with their ages."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from lookalike.errors import OptionError
from lookalike.images import read_bytes
from lookalike.sources.faults import Faults
from lookalike.sources.imdb_columns import ages, facts_of_person, read_columns
from lookalike.sources.imdb_filters import ImdbFilters, select
from lookalike.sources.naming import clean_name
from lookalike.sources.walking import stamp_of
from lookalike.types import Candidate, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.sources.imdb_columns import ImdbColumns


class ImdbWikiSource:
    """The rows of ``imdb.mat`` or ``wiki.mat`` that are good enough, in the order of the file.

    No photo needs to be there to go through the rows. The table is read at every pass, which
    takes a few seconds, and nothing of it stays in memory afterwards.

    Parameters
    ----------
    path : str or Path
        The MATLAB file.
    images : str or Path, optional
        The folder that holds ``00`` to ``99``; that of the file if not given.
    filters : ImdbFilters
        Which rows to take.
    crops : bool, optional
        Whether the photos are the published face crops, to which the stated place of the face does
        not apply. If not given, they are if the folder is named so: ``imdb_crop``, ``wiki_crop``.

    Attributes
    ----------
    name : str
        The name of the file without its suffix.
    faults : Faults
        How many rows each condition dropped in the last pass.

    Raises
    ------
    OptionError
        If there is no such file or folder; while going through it, if it is something else or
        damaged.
    """

    def __init__(
        self,
        path: str | Path,
        images: str | Path | None = None,
        *,
        filters: ImdbFilters | None = None,
        crops: bool | None = None,
    ) -> None:
        self.path = Path(path)
        self.name = self.path.stem
        self.images = Path(images) if images is not None else self.path.parent
        self.filters = filters or ImdbFilters()
        named_so = self.images.absolute().name.lower().endswith("_crop")
        self.crops = named_so if crops is None else crops
        self.faults = Faults()
        if not self.path.is_file():
            raise OptionError(f"there is no file {self.path}", "check the spelling")
        if not self.images.is_dir():
            raise OptionError(f"{self.images} is not a folder", "give the folder of the photos")

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        faults = self.faults = Faults()
        columns = read_columns(self.path)
        selection = select(columns, self.filters, self.images)
        for reason, count in selection.dropped.items():
            faults.add_many(count, reason)
        age = ages(columns)
        for row in selection.rows.tolist():
            uri = columns.full_path[row]
            path = self.images / uri
            stamp = stamp_of(path)
            if stamp is None:
                faults.add(uri, "is no file")
                continue
            name = columns.name[row].strip() or clean_name(PurePosixPath(uri).stem)
            person = Person.named(name, **facts_of_person(columns, row))
            yield Candidate(
                person,
                uri,
                partial(read_bytes, path),
                stamp,
                attributes=_facts_of_photo(columns, row, age[row]),
                face=None if self.crops else _face(columns, row),
            )


def _facts_of_photo(columns: ImdbColumns, row: int, age: float) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    year = columns.photo_taken[row]
    if not math.isnan(age):
        facts["age"] = int(age)
    if 1 <= year <= 9999:
        facts["year"] = int(year)
    return facts


def _face(columns: ImdbColumns, row: int) -> tuple[float, float, float, float] | None:
    """Turn MATLAB's pixels, counted from 1 with both ends within, into a box."""
    x1, y1, x2, y2 = columns.face_location[row].tolist()
    stated = columns.face_score[row] > -math.inf and all(map(math.isfinite, (x1, y1, x2, y2)))
    return (x1 - 1, y1 - 1, x2, y2) if stated and x1 <= x2 and y1 <= y2 else None

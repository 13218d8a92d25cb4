"""What a gallery is made of, in numbers: counted by the database, without reading a vector."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import text

from lookalike.gallery.countable import countable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from lookalike.gallery.seam import Store

#: What is taken for a slip of a source, not for a fact: the least and the largest number of each
#: kind that can be true. There are no photos before 1826.
_PLAUSIBLE: Final = {
    "born": (-4000.0, 2100.0),
    "age": (0.0, 125.0),
    "year": (1826.0, 2100.0),
}

#: Who is turned away, and what is left to be counted. The blobs of a face lie between its
#: columns, so reading them once and keeping the few numbers is several times as fast.
_PREPARE: Final = (
    """CREATE TEMP TABLE turned_away AS
    SELECT key FROM opt_outs UNION SELECT value FROM json_each(:keys)""",
    """CREATE TEMP TABLE shown AS
    SELECT person, photo, max(x2 - x1, y2 - y1) AS size, score, quality
    FROM faces JOIN people ON people.number = person JOIN photos ON photos.number = photo
    WHERE hidden = 0 AND people.id NOT IN (SELECT key FROM turned_away)
    AND sha256 NOT IN (SELECT key FROM turned_away)""",
    """CREATE TEMP TABLE shown_people AS
    SELECT people.number, name, attributes, count(DISTINCT photo) AS photos
    FROM shown JOIN people ON people.number = person GROUP BY person""",
    """CREATE TEMP TABLE shown_photos AS
    SELECT source, licence, attributes FROM photos WHERE number IN (SELECT photo FROM shown)""",
)

_COUNTS: Final = {
    "people": "SELECT count(*) FROM shown_people",
    "well_known": "SELECT count(*) FROM shown_people "
    "WHERE json_type(attributes, '$.well_known') = 'true'",
    "photos": "SELECT count(*) FROM shown_photos",
    "faces": "SELECT count(*) FROM shown",
    "hidden": "SELECT count(*) FROM faces WHERE hidden != 0",
    "not_used": "SELECT count(*) FROM ledger",
}

_FACT: Final = (
    "SELECT CASE WHEN json_type(attributes, '$.{key}') IN ('integer', 'real', 'text') "
    "THEN {value} END, count(*) FROM {table} GROUP BY 1"
)
# A date of birth is counted by its year, which may have a minus sign before it.
_YEAR: Final = "substr(json_extract(attributes, '$.born'), 1, 5)"

# Faces that came as bare vectors lie nowhere: their size and score are not known.
_SPREADS: Final = {
    "photos_per_person": "SELECT photos, count(*) FROM shown_people GROUP BY 1",
    "born": _FACT.format(key="born", value=_YEAR, table="shown_people"),
    "age": _FACT.format(key="age", value="json_extract(attributes, '$.age')", table="shown_photos"),
    "year": _FACT.format(
        key="year", value="json_extract(attributes, '$.year')", table="shown_photos"
    ),
    "size_px": "SELECT CASE WHEN size > 0 THEN round(size) END, count(*) FROM shown GROUP BY 1",
    "quality": "SELECT round(quality, 2), count(*) FROM shown GROUP BY 1",
    "score": "SELECT CASE WHEN size > 0 THEN round(score, 3) END, count(*) FROM shown GROUP BY 1",
}

_LISTED: Final = (
    "SELECT value, count(DISTINCT number) FROM shown_people, json_each(attributes, '$.{key}') "
    "WHERE json_each.type = 'text' GROUP BY 1 UNION ALL "
    "SELECT NULL, count(*) FROM shown_people WHERE NOT EXISTS "
    "(SELECT 1 FROM json_each(attributes, '$.{key}') WHERE type = 'text')"
)

_TALLIES: Final = {
    "gender": _LISTED.format(key="gender"),
    "occupations": _LISTED.format(key="occupations"),
    "countries": _LISTED.format(key="countries"),
    "reasons": "SELECT reason, count(*) FROM ledger GROUP BY 1",
    "sources": "SELECT source, count(*) FROM shown_photos GROUP BY 1",
    "licences": "SELECT licence, count(*) FROM shown_photos GROUP BY 1",
}


@dataclass(frozen=True, slots=True)
class Spread:
    """How often each number occurs.

    Parameters
    ----------
    values : tuple of float
        The numbers that occur, ascending.
    counts : tuple of int
        How often each of them does.
    unknown : int
        How many things have no such number.
    """

    values: tuple[float, ...]
    counts: tuple[int, ...]
    unknown: int = 0

    @classmethod
    def of(
        cls,
        found: Iterable[tuple[Any, int]],
        plausible: tuple[float, float] = (-math.inf, math.inf),
    ) -> Spread:
        """Make a spread of what a database found.

        Parameters
        ----------
        found : iterable of (value, int)
            Values and how often they occur. What is no number is not known.
        plausible : tuple of float, optional
            The least and the largest value that is believed.

        Returns
        -------
        Spread
            Equal numbers are counted together.
        """
        counted: dict[float, int] = {}
        unknown = 0
        for value, count in found:
            number = _number(value)
            if plausible[0] <= number <= plausible[1]:
                counted[number] = counted.get(number, 0) + count
            else:
                unknown += count
        values = tuple(sorted(counted))
        return cls(values, tuple(counted[value] for value in values), unknown)

    @property
    def known(self) -> int:
        """How many things have such a number."""
        return sum(self.counts)

    @property
    def median(self) -> float:
        """The number in the middle, of two the mean; NaN if there is none."""
        if not self.counts:
            return math.nan
        ends = np.cumsum(self.counts)
        middles = (self.known - 1) // 2, self.known // 2
        low, high = (self.values[int(np.searchsorted(ends, at, side="right"))] for at in middles)
        return (low + high) / 2

    @property
    def mean(self) -> float:
        """The mean; NaN if there is no number."""
        if not self.counts:
            return math.nan
        return float(np.average(self.values, weights=self.counts))


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each word occurs.

    Parameters
    ----------
    counts : mapping of str to int
        The most frequent first.
    unknown : int
        How many things have no such word.
    """

    counts: Mapping[str, int]
    unknown: int = 0

    @classmethod
    def of(cls, found: Iterable[tuple[str | None, int]]) -> Tally:
        """Make a tally of what a database found.

        Parameters
        ----------
        found : iterable of (str or None, int)
            Words and how often they occur; none and the empty word are not known.

        Returns
        -------
        Tally
            Sorted; among equals by the word.
        """
        rows = [(word or "", count) for word, count in found]
        known = sorted((row for row in rows if row[0]), key=lambda row: (-row[1], row[0]))
        return cls(dict(known), sum(count for word, count in rows if not word))


@dataclass(frozen=True, slots=True)
class Summary:
    """What a gallery is made of.

    Parameters
    ----------
    title, encoder : str
        What the gallery is called, and what made its vectors.
    counts : mapping of str to int
        ``people``, ``well_known``, ``photos`` and ``faces`` that can be found, ``hidden`` faces,
        and photos that are ``not_used``.
    spreads : mapping of str to Spread
        ``photos_per_person`` and ``born`` (the year) of people, ``age`` (at the photo) and
        ``year`` of photos, ``size_px`` (the longer side of the box in pixels of the photo),
        ``quality`` and ``score`` (the detector's) of faces.
    tallies : mapping of str to Tally
        ``gender``, ``occupations`` and ``countries`` of people, who may have several; ``reasons``
        why photos were not used; ``sources`` and ``licences`` of photos.
    most_photographed : tuple of (str, int)
        The names of those with the most photos, and how many they have.
    """

    title: str
    encoder: str
    counts: Mapping[str, int]
    spreads: Mapping[str, Spread]
    tallies: Mapping[str, Tally]
    most_photographed: tuple[tuple[str, int], ...]


def summarize(file: Store, opted_out: Collection[str] = ()) -> Summary:
    """Count what a gallery is made of.

    Parameters
    ----------
    file : Store
        The gallery.
    opted_out : collection of str, optional
        Ids of people and SHA-256 of photos that are passed over, beside those on the gallery's
        own list.

    Returns
    -------
    Summary
        Of everybody with a face that is not hidden, well known or not.

    Raises
    ------
    GalleryError
        If the file is damaged.
    """
    most = "SELECT name, photos FROM shown_people ORDER BY photos DESC, number LIMIT 5"
    with file.reading() as there, countable(there) as connection:
        for statement in _PREPARE:
            keys = {"keys": json.dumps(sorted(opted_out))} if ":keys" in statement else {}
            connection.execute(text(statement), keys)
        return Summary(
            file.header.title,
            file.header.space.encoder,
            {name: int(_rows(connection, query)[0][0]) for name, query in _COUNTS.items()},
            {
                name: Spread.of(_rows(connection, query), _PLAUSIBLE.get(name, (0.0, math.inf)))
                for name, query in _SPREADS.items()
            },
            {name: Tally.of(_rows(connection, query)) for name, query in _TALLIES.items()},
            tuple((name, photos) for name, photos in _rows(connection, most)),
        )


def _rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(query))]


def _number(value: Any) -> float:
    """Return a value as a number, NaN if it is none; the year of a date is its number."""
    try:
        return float(value if isinstance(value, int | float) else str(value).rstrip("-"))
    except ValueError:
        return math.nan

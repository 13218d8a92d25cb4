"""Known people out of Wikidata: who fits, the best known first, and what is known of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lookalike.collecting.commons import file_name
from lookalike.collecting.records import Subject
from lookalike.errors import QueryTooHard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lookalike.collecting.criteria import Criteria
    from lookalike.collecting.sparql import QueryService

_PEOPLE_AT_ONCE: Final = 50
_ROWS_AT_ONCE: Final = 5000

#: Hardly anybody has more; the first window has no upper end.
_HIGHEST: Final = 200
_NEXT_WINDOW: Final = 0.7
_HOPELESS: Final = 1000

_OCCUPATION: Final = "P106"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")

#: How much of a date is known, by Wikidata's precision: the year, the month, the day.
_DATE_LETTERS: Final = {"9": 4, "10": 7, "11": 10}

_PEOPLE: Final = """
SELECT DISTINCT ?person ?sitelinks WHERE {{
  ?person wikibase:sitelinks ?sitelinks .
  hint:Prior hint:rangeSafe true .
  FILTER({window})
  ?person wdt:P31 wd:Q5 .
  {wishes}
  ?person wdt:P18 [] .
}} ORDER BY DESC(?sitelinks) ?person LIMIT {limit} OFFSET {offset}
"""

_ABOUT: Final = """
SELECT ?person ?personLabel ?property ?value ?valueLabel ?precision WHERE {{
  {{
    VALUES ?person {{ {people} }}
    VALUES (?property ?direct) {{
      ("image" wdt:P18) ("category" wdt:P373) ("gender" wdt:P21)
      ("occupations" wdt:P106) ("countries" wdt:P27)
    }}
    ?person ?direct ?value .
  }} UNION {{
    VALUES ?person {{ {people} }}
    ?person p:P569 ?statement .
    ?statement a wikibase:BestRank ; psv:P569 ?node .
    ?node wikibase:timeValue ?value ; wikibase:timePrecision ?precision .
    BIND("born" AS ?property)
  }}
  SERVICE wikibase:label {{ bd:serviceParam wikibase:language "{language}" . }}
}}
"""


@dataclass(frozen=True, slots=True)
class Celebrity:
    """Somebody whom Wikidata knows.

    Parameters
    ----------
    subject : Subject
        With ``wikidata``, ``sitelinks`` and, where known, ``gender``, ``born``, ``occupations``
        and ``countries``.
    images : tuple of str
        Names of files on Commons that Wikidata gives as portraits.
    category : str
        The person's category on Commons, empty if there is none.
    """

    subject: Subject
    images: tuple[str, ...]
    category: str = ""


class Wikidata:
    """Finds people in Wikidata.

    Parameters
    ----------
    service : QueryService
        Who answers.
    language : str
        Of names and attributes where there are some; else English is used.
    """

    def __init__(self, service: QueryService, language: str = "en") -> None:
        self._service = service
        # Names that are the same in most languages are kept under "mul".
        self._languages = ",".join(dict.fromkeys([language, "mul", "en"]))

    def people(
        self, criteria: Criteria, min_sitelinks: int, most: int
    ) -> Iterator[list[Celebrity]]:
        """Find people with a portrait, those with the most pages about them first.

        Parameters
        ----------
        criteria : Criteria
            Who fits.
        min_sitelinks : int
            In how many Wikipedias, and their like, there must be a page about the person.
        most : int
            How many people.

        Yields
        ------
        list of Celebrity
            A few dozen at once.

        Raises
        ------
        QueryTooHard
            If even a small part takes longer than the service allows.
        ServiceRefused
            If Wikidata says no.
        ServiceUnavailable
            If it does not answer now.
        """
        batch: list[tuple[str, str]] = []
        for number, known in enumerate(self._ids(criteria, min_sitelinks, most), 1):
            batch.append(known)
            if len(batch) == _PEOPLE_AT_ONCE or number == most:
                yield self._about(batch)
                batch = []
            if number == most:
                return
        if batch:
            yield self._about(batch)

    def _ids(self, criteria: Criteria, lowest: int, most: int) -> Iterator[tuple[str, str]]:
        """Give ids and sitelinks, window by window, since all at once would take too long."""
        wishes = self._wishes(criteria)
        seen = set()
        windows = _windows(max(lowest, 1))
        while windows:
            low, high = windows.pop(0)
            try:
                for row in self._window(wishes, (low, high), min(most, _ROWS_AT_ONCE)):
                    if row["person"] not in seen:
                        seen.add(row["person"])
                        yield row["person"], row["sitelinks"]
            except QueryTooHard:
                if low > _HOPELESS or (high is not None and high - low == 1):
                    raise
                middle = (low + high) // 2 if high is not None else low * 2
                windows[:0] = [(middle, high), (low, middle)]

    def _window(
        self, wishes: str, ends: tuple[int, int | None], at_once: int
    ) -> Iterator[dict[str, str]]:
        low, high = ends
        window = f"?sitelinks >= {low}" + (f" && ?sitelinks < {high}" if high else "")
        offset = 0
        while True:
            rows = self._service.rows(
                _PEOPLE.format(window=window, wishes=wishes, limit=at_once, offset=offset)
            )
            yield from rows
            offset += len(rows)
            if len(rows) < at_once:
                return

    def _wishes(self, criteria: Criteria) -> str:
        lines = []
        for number, (property_id, items) in enumerate(criteria.items.items()):
            if property_id == _OCCUPATION:
                items = self._with_kinds(items)  # noqa: PLW2901
            values = " ".join(f"wd:{item}" for item in items)
            lines.append(f"VALUES ?v{number} {{ {values} }} ?person wdt:{property_id} ?v{number} .")
        if criteria.born_after or criteria.born_before:
            lines.append("?person wdt:P569 ?born .")
        for sign, date in ((">=", criteria.born_after), ("<", criteria.born_before)):
            if date:
                lines.append(f'FILTER(?born {sign} "{date}T00:00:00Z"^^xsd:dateTime)')
        return "\n  ".join(lines)

    def _with_kinds(self, occupations: Sequence[str]) -> tuple[str, ...]:
        # Most actors are stated to be film actors or the like, and not plain actors.
        values = " ".join(f"wd:{item}" for item in occupations)
        rows = self._service.rows(
            f"SELECT DISTINCT ?kind WHERE {{ VALUES ?top {{ {values} }} ?kind wdt:P279* ?top . }}"
        )
        return tuple(dict.fromkeys([*occupations, *(row["kind"] for row in rows)]))

    def _about(self, people: Sequence[tuple[str, str]]) -> list[Celebrity]:
        ids = " ".join(f"wd:{person}" for person, _ in people)
        facts: dict[str, dict[str, list[str]]] = {person: {} for person, _ in people}
        for row in self._service.rows(_ABOUT.format(people=ids, language=self._languages)):
            of_person = facts.get(row.get("person", ""))
            value = _fact(row)
            if of_person is None or not value:
                continue
            of_person["name"] = [row.get("personLabel", row["person"])]
            if value not in of_person.setdefault(row["property"], []):
                of_person[row["property"]].append(value)
        return [_celebrity(person, links, facts[person]) for person, links in people]


def language_is_valid(language: str) -> bool:
    """Say whether a language code can stand in a query.

    Parameters
    ----------
    language : str
        For example "en" or "zh-hant".

    Returns
    -------
    bool
        True if it has the form of one.
    """
    return bool(_LANGUAGE.fullmatch(language))


def _windows(lowest: int) -> list[tuple[int, int | None]]:
    windows: list[tuple[int, int | None]] = [(max(_HIGHEST, lowest), None)]
    while (high := windows[-1][0]) > lowest:
        windows.append((max(lowest, int(high * _NEXT_WINDOW)), high))
    return windows


def _fact(row: dict[str, str]) -> str:
    value = row.get("value", "")
    if not value:  # an unknown value can still have a label
        return ""
    if row.get("property") == "born":
        letters = _DATE_LETTERS.get(row.get("precision", ""), 0)
        return value[: letters + value.startswith("-")] if letters else ""
    if row.get("property") in ("image", "category"):
        return file_name(value) if row["property"] == "image" else value
    return row.get("valueLabel", value)


def _celebrity(person: str, sitelinks: str, facts: dict[str, list[str]]) -> Celebrity:
    attributes = {"wikidata": person, "sitelinks": sitelinks}
    for name in ("gender", "born", "occupations", "countries"):
        # Several birth dates are a dispute; the first will do. Several occupations are a life.
        values = facts.get(name, [])[: 1 if name == "born" else None]
        if values:
            attributes[name] = "; ".join(values)
    name = facts.get("name", [person])[0]
    return Celebrity(
        Subject(person, name, person, attributes),
        tuple(facts.get("image", ())),
        facts.get("category", [""])[0],
    )

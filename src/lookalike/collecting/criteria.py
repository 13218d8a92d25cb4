"""What people are looked for by: ``occupation=actor``, ``country=Q884``, ``born-after=1980``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lookalike.collecting.mediawiki import MediaWiki
from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lookalike.collecting.sparql import QueryService
    from lookalike.collecting.web import Web

_ADDRESS: Final = "https://www.wikidata.org/w/api.php"

#: The names of properties that need not be looked up.
PROPERTIES: Final = {"occupation": "P106", "country": "P27", "gender": "P21"}
DATES: Final = ("born-after", "born-before")

#: Words that mean something else more often; the value of "gender" is one of few.
_GENDERS: Final = {"female": "Q6581072", "male": "Q6581097", "non-binary": "Q48270"}

_ITEM: Final = re.compile(r"Q[1-9]\d*")
_PROPERTY: Final = re.compile(r"P[1-9]\d*")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_HINT: Final = "for example --wikidata occupation=actor --wikidata country=Q884"


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which people are wanted.

    Parameters
    ----------
    items : mapping of str to tuple of str
        For each property's id the ids of values; one of them must be the person's.
    born_after, born_before : str
        Dates in ISO form, empty for no limit. The first is included, the second is not.
    words : mapping of str to str
        For each value that was looked up: the word, and which item it was taken for.
    """

    items: Mapping[str, tuple[str, ...]]
    born_after: str = ""
    born_before: str = ""
    words: Mapping[str, str] | None = None


def parse(wishes: Iterable[str], web: Web, service: QueryService, language: str) -> Criteria:
    """Read what is wanted, and look up the ids of words.

    Parameters
    ----------
    wishes : iterable of str
        Each ``name=value``. A name is one of `PROPERTIES`, `DATES`, or a property's id. Several
        values of one property are alternatives.
    web : Web
        What Wikidata is asked through.
    service : QueryService
        Says which of several meanings is used with a property.
    language : str
        Of the words, as "en".

    Returns
    -------
    Criteria
        With ids only.

    Raises
    ------
    OptionError
        If a wish cannot be understood, or nothing has that name.
    ServiceRefused
        If Wikidata says no.
    ServiceUnavailable
        If it does not answer now.
    """
    items: dict[str, tuple[str, ...]] = {}
    dates: dict[str, str] = {}
    words: dict[str, str] = {}
    for wish in wishes:
        name, given, value = (part.strip() for part in wish.partition("="))
        if not given or not value:
            raise OptionError(f"--wikidata {wish}: a name, = and a value are needed", _HINT)
        if name in DATES:
            dates[name] = _date(name, value)
            continue
        number = PROPERTIES.get(name) or (name if _PROPERTY.fullmatch(name) else "")
        if not number:
            known = ", ".join([*PROPERTIES, *DATES, "or a property's id such as P166"])
            raise OptionError(f"--wikidata {wish}: {name!r} is none of {known}", _HINT)
        item, meaning = _item(number, value, MediaWiki(web, _ADDRESS), service, language)
        items[number] = (*items.get(number, ()), item)
        words[value] = meaning
    if not items:
        raise OptionError("say at least one property of the people that you want", _HINT)
    return Criteria(items, dates.get("born-after", ""), dates.get("born-before", ""), words)


def _date(name: str, value: str) -> str:
    parts = _DATE.fullmatch(value)
    if not parts:
        raise OptionError(f"--wikidata {name}={value}: a year or a date is needed", f"{name}=1980")
    year, month, day = parts.groups()
    return f"{year}-{month or '01'}-{day or '01'}"


def _item(
    number: str, value: str, wiki: MediaWiki, service: QueryService, language: str
) -> tuple[str, str]:
    if _ITEM.fullmatch(value):
        return value, value
    if number == PROPERTIES["gender"] and value.lower() in _GENDERS:
        item = _GENDERS[value.lower()]
        return item, f"{value} ({item})"
    answer = wiki.ask(
        action="wbsearchentities",
        search=value,
        language=language,
        uselang=language,
        type="item",
        limit="20",
    )
    hits = [hit for hit in answer.get("search", ()) if _ITEM.fullmatch(hit.get("id", ""))]
    # The exact word first; among equals the service's own order.
    hits.sort(key=lambda hit: hit.get("match", {}).get("text", "").casefold() != value.casefold())
    used = _used(number, [hit["id"] for hit in hits], service)
    for hit in hits:
        if hit["id"] in used:
            about = f": {hit['description']}" if hit.get("description") else ""
            return hit["id"], f"{hit.get('label', value)} ({hit['id']}{about})"
    raise OptionError(
        f"Wikidata has nobody whose {_name(number)} is called {value!r}",
        "look for its id on www.wikidata.org, and give that: Q33999 for actor",
    )


def _used(number: str, candidates: list[str], service: QueryService) -> set[str]:
    """Say which items are ever used as a value of this property."""
    if not candidates:
        return set()
    values = " ".join(f"wd:{one}" for one in candidates)
    rows = service.rows(
        f"SELECT ?item WHERE {{ VALUES ?item {{ {values} }} "
        f"FILTER EXISTS {{ ?person wdt:{number} ?item }} }}"
    )
    return {row["item"] for row in rows}


def _name(number: str) -> str:
    return next((name for name, known in PROPERTIES.items() if known == number), number)

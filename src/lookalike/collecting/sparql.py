"""The query service of Wikidata: a query in, rows out.

References
----------
https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual,
https://www.w3.org/TR/sparql11-results-json/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lookalike.collecting.questions import Question
from lookalike.errors import Complaint, QueryTooHard, ServiceRefused

if TYPE_CHECKING:
    from lookalike.collecting.web import Web

_ADDRESS: Final = "https://query.wikidata.org/sparql"
_ENTITY: Final = "http://www.wikidata.org/entity/"

#: The service gives up after 60 seconds; asking the same again would only cost it 60 more.
_TOO_LONG: Final = (b"TimeoutException", b"upstream request timeout")
_STALL_S: Final = 75.0

#: Longer queries do not fit into an address. Short ones are asked so that they can be cached.
_LONGEST_ADDRESS: Final = 4000

Row = dict[str, str]


class QueryService:
    """Asks Wikidata's query service.

    Parameters
    ----------
    web : Web
        What it is asked through.
    """

    def __init__(self, web: Web) -> None:
        self._web = web

    def rows(self, query: str) -> list[Row]:
        """Run a query.

        Parameters
        ----------
        query : str
            In SPARQL, ``SELECT`` only.

        Returns
        -------
        list of dict of str to str
            The values by variable. Entities are given by their ids; unknown values are left out.

        Raises
        ------
        QueryTooHard
            If it takes longer than the service allows.
        ServiceRefused
            If the service says no.
        ServiceUnavailable
            If it does not answer now.
        """
        question = Question(
            _ADDRESS,
            {"query": query, "format": "json"},
            "application/sparql-results+json",
            posted=len(query) > _LONGEST_ADDRESS,
            hopeless=_TOO_LONG,
            stall_s=_STALL_S,
        )
        try:
            answer, _ = self._web.json(question)
        except Complaint as complaint:
            if any(sign in complaint.body for sign in _TOO_LONG):
                raise QueryTooHard(
                    "Wikidata's query service did not finish within its 60 seconds",
                    "ask for fewer people: a higher --min-sitelinks, or one more property",
                ) from complaint
            raise
        try:
            bindings = answer["results"]["bindings"]
            return [
                {name: _value(cell) for name, cell in row.items() if _known(cell)}
                for row in bindings
            ]
        except (KeyError, TypeError, AttributeError) as error:
            raise ServiceRefused("query.wikidata.org gave no table of results") from error


def _known(cell: dict[str, str]) -> bool:
    # "Somebody, but nobody knows who" is a blank node, or an address made up for it.
    return cell["type"] != "bnode" and "/.well-known/genid/" not in cell["value"]


def _value(cell: dict[str, str]) -> str:
    return cell["value"].removeprefix(_ENTITY) if cell["type"] == "uri" else cell["value"]
